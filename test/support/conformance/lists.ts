// Points 13 to 15 of the conformance suite: lists of tags and referrers, and deletion.
import { expect } from "vitest";
import { artifact, type Descriptor, image, pushAndRead } from "./images.ts";
import { accept, checkList, ociConfig, ociIndex, type Session } from "./session.ts";

const { checks, check } = checkList();
export const listChecks = checks;

/** Pushes six tags; the list of them is `a1` to `a6`. */
async function sixTags(session: Session): Promise<readonly string[]> {
  const manifest = await image(session);
  const tags = ["a3", "a1", "a6", "a2", "a5", "a4"];
  for (const tag of tags) await session.putManifest(tag, manifest.bytes, manifest.mediaType);
  return [...tags].sort();
}
check("13 lists all tags in order", async (session) => {
  const tags = await sixTags(session);
  expect((await session.json("tags/list")).value).toEqual({ name: session.repository, tags });
});
check("13 lists as many tags as asked for, those after the last one, and none", async (session) => {
  const tags = await sixTags(session);
  const page = await session.json("tags/list?n=2");
  expect(page.value.tags).toEqual(tags.slice(0, 2));
  expect(page.answer.headers.link).toMatch(/^<[^>]+>; ?rel="next"/);
  expect((await session.json(`tags/list?n=3&last=${tags[1] ?? ""}`)).value.tags).toEqual(tags.slice(2, 5));
  expect((await session.json("tags/list?n=0")).value.tags).toEqual([]);
});
check("13 gives every tag once where its links are followed", async (session) => {
  const tags = await sixTags(session);
  const found: unknown[] = [];
  let path: string | undefined = "tags/list?n=4";
  for (let page = 0; path !== undefined && page < 10; page += 1) {
    const { answer, value }: Awaited<ReturnType<Session["json"]>> = await session.json(path);
    found.push(...(value.tags as unknown[]));
    path = /<([^>]+)>/.exec(String(answer.headers.link ?? ""))?.[1];
  }
  expect(found.toSorted()).toEqual(tags);
});
check("14 lists referrers with their type, size and annotations, and filters them", async (session) => {
  const subject = await image(session);
  await session.putManifest("v1", subject.bytes, subject.mediaType);
  const annotations = { "org.example.kind": "signature" };
  const types = ["application/vnd.example.a", "application/vnd.example.b"];
  const pushed: Descriptor[] = [];
  for (const artifactType of types) {
    const one = await artifact(session, { subject: subject.descriptor, artifactType, annotations });
    await session.putManifest(one.descriptor.digest, one.bytes, one.mediaType);
    pushed.push({ ...one.descriptor, artifactType, annotations });
  }
  const byConfig = await image(session, { subject: subject.descriptor });
  await session.putManifest(byConfig.descriptor.digest, byConfig.bytes, byConfig.mediaType);
  pushed.push({ ...byConfig.descriptor, artifactType: ociConfig });
  const path = `referrers/${subject.descriptor.digest}`;
  const all = await session.json(path);
  expect(all.answer.headers["content-type"]).toBe(ociIndex);
  const byDigest = (list: unknown): unknown[] =>
    (list as Descriptor[]).toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  expect(byDigest(all.value.manifests)).toEqual(byDigest(pushed));
  const some = await session.json(`${path}?artifactType=${encodeURIComponent(types[0] ?? "")}`);
  if (some.answer.headers["oci-filters-applied"] === undefined) return;
  expect(some.answer.headers["oci-filters-applied"]).toBe("artifactType");
  expect(some.value.manifests).toEqual([pushed[0]]);
});

check("15 deletes a tag and keeps its manifest", async (session) => {
  const manifest = await image(session);
  await pushAndRead(session, manifest, "gone");
  expect((await session.send("DELETE", "manifests/gone")).status).toBe(202);
  expect((await session.send("HEAD", "manifests/gone", { headers: accept })).status).toBe(404);
  const { status } = await session.send("HEAD", `manifests/${manifest.descriptor.digest}`, {
    headers: accept,
  });
  expect(status).toBe(200);
});
check("15 deletes a manifest with its tags", async (session) => {
  const manifest = await image(session);
  await pushAndRead(session, manifest, "one");
  await pushAndRead(session, manifest, "two");
  expect((await session.send("DELETE", `manifests/${manifest.descriptor.digest}`)).status).toBe(202);
  for (const reference of ["one", "two", manifest.descriptor.digest]) {
    expect((await session.send("HEAD", `manifests/${reference}`, { headers: accept })).status).toBe(404);
  }
});
check("15 takes a deleted manifest out of the referrers", async (session) => {
  const subject = await image(session);
  await session.putManifest("v1", subject.bytes, subject.mediaType);
  const one = await artifact(session, { subject: subject.descriptor });
  await session.putManifest(one.descriptor.digest, one.bytes, one.mediaType);
  expect((await session.send("DELETE", `manifests/${one.descriptor.digest}`)).status).toBe(202);
  expect((await session.json(`referrers/${subject.descriptor.digest}`)).value.manifests).toEqual([]);
});
