// Points 10 to 12 of the conformance suite: manifests of every shape.
import { expect } from "vitest";
import { artifact, descriptor, image, type Made, made, pushAndRead } from "./images.ts";
import {
  accept,
  checkList,
  digestOf,
  emptyType,
  freshBytes,
  ociIndex,
  ociManifest,
  type Session,
} from "./session.ts";

const { checks, check } = checkList();
export const manifestChecks = checks;

const dataSets: Readonly<Record<string, (session: Session) => Promise<Made>>> = {
  "an image": (session) => image(session),
  "a manifest of 3.9 MB": (session) =>
    image(session, { annotations: { "org.example.long": "x".repeat(3_900_000) } }),
  "an index": async (session) => {
    const child = await image(session);
    await session.putManifest(child.descriptor.digest, child.bytes, child.mediaType);
    const platform = { os: "linux", architecture: "amd64" };
    return made({ manifests: [{ ...child.descriptor, platform }] }, ociIndex);
  },
  "a nested index": async (session) => {
    const child = await image(session);
    await session.putManifest(child.descriptor.digest, child.bytes, child.mediaType);
    const inner = made({ manifests: [child.descriptor] }, ociIndex);
    await session.putManifest(inner.descriptor.digest, inner.bytes, inner.mediaType);
    return made({ manifests: [inner.descriptor] }, ociIndex);
  },
  "an empty index": async () => made({ manifests: [] }, ociIndex),
  "an artifact": (session) => artifact(session),
  "an artifact index": async (session) => {
    const child = await artifact(session);
    await session.putManifest(child.descriptor.digest, child.bytes, child.mediaType);
    return made({ artifactType: "application/vnd.example.index", manifests: [child.descriptor] }, ociIndex);
  },
  "a manifest without layers": (session) => image(session, { layers: [] }),
  "a manifest with embedded data": async (session) => {
    const bytes = Buffer.from("{}");
    await session.pushBlob(bytes);
    const config = { ...descriptor(emptyType, bytes), data: bytes.toString("base64") };
    return made({ artifactType: "application/vnd.example.data", config, layers: [config] }, ociManifest);
  },
  "a manifest with fields nobody knows": (session) =>
    image(session, { "org.example": { custom: [1, null] } }),
  "a manifest whose layer must not be distributed": async (session) => {
    const type = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    const layer = { ...descriptor(type, freshBytes()), urls: ["https://store.example.com/layer"] };
    return image(session, { layers: [layer] });
  },
  "a manifest with a subject": async (session) => {
    const subject = await image(session);
    await session.putManifest(subject.descriptor.digest, subject.bytes, subject.mediaType);
    return artifact(session, { subject: subject.descriptor });
  },
  "a manifest whose subject is missing": (session) =>
    artifact(session, { subject: descriptor(ociManifest, freshBytes()) }),
  "an index with a subject": async (session) => {
    const subject = await image(session);
    await session.putManifest(subject.descriptor.digest, subject.bytes, subject.mediaType);
    return made(
      { manifests: [], artifactType: "application/vnd.example.set", subject: subject.descriptor },
      ociIndex,
    );
  },
};
for (const [what, build] of Object.entries(dataSets)) {
  check(`10 takes ${what} and gives its exact bytes`, async (session) => {
    await pushAndRead(session, await build(session));
  });
}
check("10 takes a manifest by its sha512", async (session) => {
  const manifest = await image(session);
  const digest = digestOf(manifest.bytes, "sha512");
  expect((await session.putManifest(digest, manifest.bytes, manifest.mediaType)).status).toBe(201);
  const got = await session.send("GET", `manifests/${digest}`, { headers: accept });
  expect([got.status, got.body.equals(manifest.bytes)]).toEqual([200, true]);
});
check("11 refuses a manifest under a digest that it does not have", async (session) => {
  const manifest = await image(session);
  const wrong = digestOf(freshBytes());
  for (const digest of [wrong, "sha256:baddigeststring"]) {
    expect((await session.putManifest(digest, manifest.bytes, manifest.mediaType)).status).toBe(400);
    expect([400, 404]).toContain((await session.send("GET", `manifests/${digest}`)).status);
  }
});
check("11 does not find missing tags and digests", async (session) => {
  for (const reference of ["nothing", digestOf(freshBytes())]) {
    for (const method of ["GET", "HEAD"]) {
      expect((await session.send(method, `manifests/${reference}`, { headers: accept })).status).toBe(404);
    }
  }
});
check("12 tells the subject of a manifest in OCI-Subject", async (session) => {
  const subject = await image(session);
  await session.putManifest(subject.descriptor.digest, subject.bytes, subject.mediaType);
  const put = await pushAndRead(session, await artifact(session, { subject: subject.descriptor }));
  expect(put.headers["oci-subject"]).toBe(subject.descriptor.digest);
});
