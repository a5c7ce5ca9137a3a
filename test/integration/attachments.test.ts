// Signatures, SBOMs and attestations between registries with and without the referrers API and layout folders; raw HTTP and skopeo judge.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ImageEndpoint } from "../../electron/engine/ports.ts";
import { OciLayout } from "../../electron/layout/layout.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, type Harness, harness, image } from "../engine/harness.ts";
import { client, type Ends, fixture, planBetween, runBetween } from "../engine/over-http.ts";
import {
  type BuiltImage,
  blobsOf,
  buildArtifact,
  buildImage,
  buildIndex,
  buildMultiPlatform,
  manifestsOf,
  pushImage,
} from "../support/image-builder.ts";
import { getManifest, hasBlob, listTags, type RawTarget, rawRequest, sha256 } from "../support/raw-http.ts";
import { startRealRegistry } from "../support/real-registry.ts";
import { skopeo, skopeoCopy } from "../support/skopeo.ts";
import { testFolder } from "../support/test-folder.ts";

const repository = "team/app";

/** A registry or a folder that images can be copied from and to. */
interface End {
  readonly endpoint: ImageEndpoint;
  readonly api: boolean;
  readonly target: (RawTarget & { readonly host: string }) | undefined;
  readonly path: string;
}

type Kind = "docker-registry" | "api" | "layout";

async function open(kind: Kind): Promise<End> {
  if (kind === "layout") {
    const path = await testFolder("attachments");
    return { endpoint: await OciLayout.open({ path, create: true }), api: true, target: undefined, path };
  }
  const target = kind === "api" ? await fixture() : await startRealRegistry();
  if (kind === "docker-registry") onTestFinished(() => target.stop());
  return { endpoint: client(target.host), api: kind === "api", target, path: "" };
}

function tagOf(subject: BuiltImage, suffix = ""): string {
  return `${subject.digest.replace(":", "-")}${suffix}`;
}

/** An index of two platforms; an SBOM of it, which is signed, an SBOM of a child, and cosign's tags. */
async function estate(seed: string) {
  const index = await buildMultiPlatform({ seed, platforms: 2 });
  const [child] = index.children;
  if (child === undefined) throw new Error("no child");
  const artifact = (name: string, subject: BuiltImage) =>
    buildArtifact({
      seed: `${seed} ${name}`,
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      annotations: { "org.example.name": name },
      artifactType: "application/vnd.example.sbom",
    });
  const sbom = artifact("sbom", index);
  const other = artifact("other", index);
  const ofChild = artifact("of the child", child);
  const ofSbom = artifact("signature of the sbom", sbom);
  const signature = await buildImage({ seed: `${seed} signature`, layers: 2, layerSize: 200 });
  const statement = await buildImage({ seed: `${seed} statement`, layers: 1, layerSize: 200 });
  const referrers = new Map([
    [index, [sbom, other]],
    [child, [ofChild]],
    [sbom, [ofSbom]],
  ]);
  const cosign = new Map([
    [tagOf(index, ".sig"), signature],
    [tagOf(child, ".att"), statement],
  ]);
  return { index, referrers, cosign };
}
type Estate = Awaited<ReturnType<typeof estate>>;

async function fill({ target, api }: End, { index, referrers, cosign }: Estate): Promise<void> {
  if (target === undefined) throw new Error("a layout is filled by a run");
  await pushImage(target, index, repository, "v1");
  for (const [subject, list] of referrers) {
    for (const one of list) await pushImage(target, one, repository);
    // As other tools keep the list where there is no API.
    if (!api) await pushImage(target, buildIndex({ children: list }), repository, tagOf(subject));
  }
  for (const [tag, signature] of cosign) await pushImage(target, signature, repository, tag);
}

async function replicate(h: Harness, ends: Ends, spec = everything()) {
  const planned = await planBetween(h, ends, spec);
  return { planned, done: await runBetween(h, ends, planned) };
}

function everyManifest({ index, referrers, cosign }: Estate): readonly BuiltImage[] {
  return [index, ...[...referrers.values()].flat(), ...cosign.values()];
}

async function judgeRegistry(target: RawTarget & { host: string }, api: boolean, all: Estate): Promise<void> {
  for (const top of everyManifest(all)) {
    for (const one of manifestsOf(top))
      expect((await getManifest(target, repository, one.digest)).bytes.equals(one.bytes)).toBe(true);
    for (const blob of blobsOf(top)) expect(await hasBlob(target, repository, blob.digest)).toBe(true);
  }
  for (const [tag, signature] of all.cosign)
    expect((await getManifest(target, repository, tag)).digest).toBe(signature.digest);
  for (const [subject, list] of all.referrers) {
    const listed = api
      ? await rawRequest(target, `/v2/${repository}/referrers/${subject.digest}`)
      : { body: (await getManifest(target, repository, tagOf(subject))).bytes };
    const { manifests } = JSON.parse(listed.body.toString("utf8")) as { manifests: { digest: string }[] };
    const byDigest = (a: { digest: string }, b: { digest: string }) => (a.digest < b.digest ? -1 : 1);
    expect(manifests.sort(byDigest)).toMatchObject(
      list.map(({ digest, size }) => ({ digest, size, mediaType: mediaTypes.ociManifest })).sort(byDigest),
    );
    if (!api)
      for (const one of manifests)
        expect(one).toMatchObject({
          artifactType: "application/vnd.example.sbom",
          annotations: { "org.example.name": expect.any(String) },
        });
  }
  if (api) expect((await listTags(target, repository)).length).toBe(1 + all.cosign.size);
  // Another program reads image and signature with all that they hold.
  const path = await testFolder("judge");
  for (const reference of ["v1", ...all.cosign.keys()])
    await skopeoCopy(
      { reference: `docker://${target.host}/${repository}:${reference}`, target },
      { reference: `oci:${join(path, reference)}:${reference}` },
    );
}

/** A layout keeps no tag for a referrer; skopeo reads its tags, and index.json names the rest. */
async function judgeLayout(path: string, all: Estate): Promise<void> {
  const json = JSON.parse(await readFile(join(path, "index.json"), "utf8")) as {
    manifests: { digest: string }[];
  };
  const entries = json.manifests.map((entry) => entry.digest);
  for (const one of everyManifest(all)) expect(entries).toContain(one.digest);
  for (const [tag, signature] of all.cosign) {
    const raw = await skopeo(["inspect", "--raw", `oci:${path}:${repository}:${tag}`]);
    expect(sha256(raw)).toBe(signature.digest);
  }
  expect(sha256(await skopeo(["inspect", "--raw", `oci:${path}:${repository}:v1`]))).toBe(all.index.digest);
}

function judge(end: End, all: Estate): Promise<void> {
  return end.target === undefined ? judgeLayout(end.path, all) : judgeRegistry(end.target, end.api, all);
}

describe("attachments", () => {
  it.each<readonly Kind[]>([
    ["docker-registry", "docker-registry"],
    ["docker-registry", "api"],
    ["api", "docker-registry"],
    ["api", "api"],
    ["docker-registry", "layout", "api"],
    ["api", "layout", "docker-registry"],
  ])("travel whole from %s to %s and on", async (...kinds) => {
    const h = harness();
    const ends = await Promise.all(kinds.map(open));
    const [first] = ends;
    if (first === undefined) throw new Error("no end");
    const all = await estate(kinds.join(" "));
    await fill(first, all);
    for (const [at, end] of ends.slice(1).entries()) {
      const between = { source: ends[at]?.endpoint ?? first.endpoint, destination: end.endpoint };
      const { planned, done } = await replicate(h, between);
      expect(planned.plan).toMatchObject({ images: 1, attachments: 6, attachmentsToCopy: 6, warnings: [] });
      expect(done).toMatchObject({ state: "succeeded", tallies: { attachmentsCopied: 6 } });
      await judge(end, all);
      for (const spec of [everything(), { selection: [image(repository, "v1")] }]) {
        const again = await planBetween(h, between, spec);
        expect(again.plan).toMatchObject({ skip: 1, copy: 0, bytesToTransfer: 0, attachmentsToCopy: 0 });
      }
    }
  });

  it("P007 of an unchanged repository cost no counted pull on docker-registry", async () => {
    const h = harness();
    const [from, to] = await Promise.all([startRealRegistry(), startRealRegistry()]);
    onTestFinished(() => Promise.all([from.stop(), to.stop()]).then(() => undefined));
    const all = await estate("unchanged");
    await fill({ endpoint: client(from.host), api: false, target: from, path: "" }, all);
    const ends = { source: client(from.host), destination: client(to.host) };
    for (const options of [{}, { platforms: ["linux/amd64"] }]) {
      await replicate(h, ends, { ...everything(), options });
      await Promise.all([from.clearAccessLog(), to.clearAccessLog()]);
      const again = await planBetween(h, ends, { ...everything(), options });
      expect(again.plan).toMatchObject({ skip: 1, bytesToTransfer: 0, attachmentsToCopy: 0 });
      for (const side of [from, to]) {
        const lines = await side.accessLog();
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.filter((line) => line.method === "GET" && line.path.includes("/manifests/"))).toEqual(
          [],
        );
      }
    }
  });

  it("that skopeo put into a layout folder travel too", async () => {
    const h = harness();
    const [from, to] = await Promise.all([open("docker-registry"), open("api")]);
    if (from.target === undefined || to.target === undefined) throw new Error("no registry");
    const signed = await buildImage({ seed: "signed by others" });
    const signature = await buildImage({ seed: "signature of others", layers: 1, layerSize: 90 });
    await pushImage(from.target, signed, repository, "v1");
    await pushImage(from.target, signature, repository, tagOf(signed, ".sig"));
    const path = await testFolder("skopeo-layout");
    for (const tag of ["v1", tagOf(signed, ".sig")])
      await skopeoCopy(
        { reference: `docker://${from.target.host}/${repository}:${tag}`, target: from.target },
        { reference: `oci:${path}:${tag}` },
      );
    const layout = await OciLayout.open({ path, create: false });
    const { done } = await replicate(h, { source: layout, destination: to.endpoint });
    expect(done.tallies).toMatchObject({ imagesSucceeded: 1, attachmentsCopied: 1 });
    const copied = await getManifest(to.target, layout.defaultRepository, tagOf(signed, ".sig"));
    expect(copied.digest).toBe(signature.digest);
  });
});
