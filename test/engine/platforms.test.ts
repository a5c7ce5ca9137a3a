// Only some platforms of an image: what is written instead of the whole index, and that it is the same each time.
import { describe, expect, it } from "vitest";
import { choosePlatforms } from "../../electron/engine/platform-subset.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { putReferrer } from "./attached.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { bytesOf, putBlob, putImage, putJson, reachable } from "./images.ts";
import { type MemoryEndpoint, sha256 } from "./memory-endpoint.ts";

interface Child {
  readonly os?: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** An index with an image and its BuildKit attestation for each platform. */
function putAttested(
  endpoint: MemoryEndpoint,
  children: readonly Child[],
  listType: string = mediaTypes.ociIndex,
) {
  const manifests = children.flatMap(({ os = "linux", ...platform }) => {
    const name = `${os} ${platform.architecture} ${platform.variant}`;
    const own = { repository: "app", layers: [[name, 300]] as const, config: name };
    const child = { ...putImage(endpoint, own), platform: { os, ...platform } };
    const statement = {
      ...putImage(endpoint, { repository: "app", layers: [[`about ${name}`, 50]], config: `about ${name}` }),
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": child.digest,
      },
      platform: { os: "unknown", architecture: "unknown" },
    };
    return [child, statement];
  });
  const body = {
    mediaType: listType,
    manifests,
    annotations: { "org.example": "kept" },
    "x-unknown": [1, { a: 2 }],
  };
  return { index: putJson(endpoint, "app", body, "v1"), manifests };
}

const three: readonly Child[] = [
  { architecture: "amd64" },
  { architecture: "arm64", variant: "v8" },
  { architecture: "arm", variant: "v7" },
];

function only(...platforms: string[]) {
  return { ...everything(), options: { platforms } };
}

function tagged(h: Harness): string | undefined {
  return h.destination.repository("app").tags.get("v1");
}

/** A later plan that finds nothing to do and reads nothing but heads. */
async function expectNothingLeft(h: Harness, spec: ReturnType<typeof only>): Promise<void> {
  h.source.forget();
  h.destination.forget();
  const again = await h.plan(spec);
  expect(h.rows(again).map((row) => row.action)).toEqual(["skip"]);
  expect(again.plan).toMatchObject({ bytesToTransfer: 0, attachmentsToCopy: 0 });
  expect(h.source.count("get-manifest") + h.destination.count("get-manifest")).toBe(0);
}

describe("a platform subset", () => {
  it("of one platform is that platform's plain manifest", async () => {
    const h = harness();
    const { index, manifests } = putAttested(h.source, three);
    const planned = await h.plan(only("linux/arm64"));
    const [row] = h.rows(planned);
    expect(row).toMatchObject({ digest: index.digest, writesDigest: manifests[2]?.digest });
    expect(row?.platforms).toEqual(["linux/arm64/v8"]);
    expect(planned.plan.warnings).toMatchObject([{ code: "digest-changes" }]);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect(tagged(h)).toBe(manifests[2]?.digest);
    expect(h.destination.repository("app").manifests.size).toBe(1);
    await expectNothingLeft(h, only("linux/arm64"));
  });

  it.each([mediaTypes.ociIndex, mediaTypes.dockerList])(
    "of several is a new %s with their children and attestations, every other field kept",
    async (listType) => {
      const h = harness();
      const { index, manifests } = putAttested(h.source, three, listType);
      const spec = only("linux/amd64", "linux/arm");
      const planned = await h.plan(spec);
      const done = await h.run(planned);
      expect(done.state).toBe("succeeded");
      const written = tagged(h) ?? "";
      expect(h.rows(planned)).toMatchObject([{ writesDigest: written, digest: index.digest }]);
      const source = h.source.repository("app").manifests.get(index.digest);
      const there = h.destination.repository("app").manifests.get(written);
      const text = Buffer.from(source?.bytes ?? []).toString();
      const kept = manifests.filter((_, at) => at !== 2 && at !== 3);
      const whole = JSON.parse(text) as { manifests: Descriptor[] };
      expect(Buffer.from(there?.bytes ?? []).toString()).toBe(
        JSON.stringify({ ...whole, manifests: whole.manifests.filter((_, at) => at !== 2 && at !== 3) }),
      );
      expect(there?.mediaType).toBe(listType);
      expect(reachable(h.destination, "app", written).size).toBe(1 + 3 * kept.length);
      await expectNothingLeft(h, spec);
    },
  );

  it("of all platforms is the index itself", async () => {
    const h = harness();
    const { index } = putAttested(h.source, three);
    const planned = await h.plan(only("linux/arm", "linux/amd64", "linux/arm64/v8"));
    expect(planned.plan.warnings).toEqual([]);
    await h.run(planned);
    expect(tagged(h)).toBe(index.digest);
  });

  it("says which platforms there are not, and leaves an image that has none", async () => {
    const h = harness();
    putAttested(h.source, three);
    const some = await h.plan(only("linux/amd64", "linux/s390x"));
    expect(some.plan.warnings.map((warning) => warning.code)).toEqual(["platform-missing", "digest-changes"]);
    const none = await h.plan(only("linux/s390x"));
    expect(h.rows(none)).toMatchObject([{ action: "skip", state: "skipped", writesDigest: null }]);
    expect(h.rows(none)[0]?.reason).toContain("linux/s390x");
    expect(none.plan.warnings).toMatchObject([{ code: "platform-missing" }]);
    await expectNothingLeft(h, only("linux/s390x"));
  });

  it("carries what refers to the children, but not what refers to the index that is not there", async () => {
    const h = harness();
    h.source.referrers = true;
    const { index, manifests } = putAttested(h.source, three);
    const [amd64] = manifests;
    if (amd64 === undefined) throw new Error("no child");
    putReferrer(h.source, { repository: "app", seed: "of the index", subject: index });
    const sbom = putReferrer(h.source, { repository: "app", seed: "of amd64", subject: amd64 });
    const spec = only("linux/amd64", "linux/arm64");
    const planned = await h.plan(spec);
    expect(planned.plan).toMatchObject({ attachments: 1, attachmentsToCopy: 1 });
    await h.run(planned);
    expect(h.destination.repository("app").manifests.has(sbom.digest)).toBe(true);
    await expectNothingLeft(h, spec);
  });

  it("of an image without an index is decided by its configuration", async () => {
    const h = harness();
    const put = (tag: string, platform: object) => {
      const bytes = new TextEncoder().encode(JSON.stringify(platform));
      const config = putBlob(h.source, "app", bytes, mediaTypes.ociConfig);
      const layers = [putBlob(h.source, "app", bytesOf(tag, 20))];
      putJson(h.source, "app", { mediaType: mediaTypes.ociManifest, config, layers }, tag);
    };
    put("amd64", { os: "linux", architecture: "amd64" });
    put("arm64", { os: "linux", architecture: "arm64", variant: "v8" });
    put("broken", {});
    const chart = putBlob(h.source, "app", bytesOf("chart", 9), "application/vnd.cncf.helm.config.v1+json");
    putJson(h.source, "app", { mediaType: mediaTypes.ociManifest, config: chart, layers: [] }, "chart");
    const planned = await h.plan(only("linux/arm64"));
    expect(
      h.rows(planned).map((row) => [row.sourceReference, row.action, row.platforms, row.error?.code]),
    ).toEqual([
      ["amd64", "skip", [], undefined],
      ["arm64", "copy", ["linux/arm64/v8"], undefined],
      ["broken", "copy", [], "protocol"],
      ["chart", "copy", [], undefined],
    ]);
    await h.run(planned);
    expect([...h.destination.repository("app").tags.keys()]).toEqual(["arm64", "chart"]);
  });

  it("named by digest lands under the digest that is written", async () => {
    const h = harness();
    const { index, manifests } = putAttested(h.source, three);
    const spec = {
      selection: [{ kind: "image" as const, repository: "app", reference: index.digest as string }],
      options: { platforms: ["linux/amd64"] },
    };
    const planned = await h.plan(spec);
    expect(h.rows(planned)).toMatchObject([{ destinationReference: manifests[0]?.digest }]);
    expect((await h.run(planned)).state).toBe("succeeded");
    expect([...h.destination.repository("app").manifests.keys()]).toEqual([manifests[0]?.digest]);
    expect(h.rows(await h.plan(spec))).toMatchObject([{ action: "skip" }]);
  });
});

describe("choosing platforms", () => {
  const manifest = (entries: readonly object[]) => {
    const bytes = new TextEncoder().encode(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: entries }),
    );
    return { bytes, digest: sha256(bytes), size: bytes.length, mediaType: mediaTypes.ociIndex };
  };
  const entry = (seed: string, platform?: object, annotations?: object) => ({
    ...{
      mediaType: mediaTypes.ociManifest,
      digest: sha256(bytesOf(seed, 9)),
      size: 9,
      platform,
      annotations,
    },
  });

  it("keeps every variant where none is named, so one platform may be several manifests", () => {
    const index = manifest([
      entry("6", { os: "linux", architecture: "arm", variant: "v6" }),
      entry("7", { os: "linux", architecture: "arm", variant: "v7" }),
      entry("x", { os: "linux", architecture: "amd64" }),
    ]);
    expect(choosePlatforms(index, ["linux/arm"], "test").kind).toBe("index");
    expect(choosePlatforms(index, ["linux/arm/v6"], "test")).toMatchObject({
      kind: "child",
      child: { digest: sha256(bytesOf("6", 9)) },
    });
  });

  it("leaves entries without a platform and attestations of others", () => {
    const index = manifest([
      entry("a", { os: "linux", architecture: "amd64" }),
      entry("none"),
      entry("b", { os: "linux", architecture: "arm64" }),
      entry(
        "of b",
        { os: "unknown", architecture: "unknown" },
        { "vnd.docker.reference.digest": sha256(bytesOf("b", 9)) },
      ),
      entry("c", { os: "windows", architecture: "amd64" }),
    ]);
    const choice = choosePlatforms(index, ["linux/amd64", "linux/arm64"], "test");
    if (choice.kind !== "index") throw new Error(`it is ${choice.kind}`);
    const { manifests } = JSON.parse(new TextDecoder().decode(choice.root.bytes)) as {
      manifests: Descriptor[];
    };
    expect(manifests.map((one) => one.digest)).toEqual(
      ["a", "b", "of b"].map((seed) => sha256(bytesOf(seed, 9))),
    );
    expect(choice.root.digest).toBe(sha256(choice.root.bytes));
  });
});
