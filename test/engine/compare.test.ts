// Comparing: tags of two repositories, and two images by their manifests.
import { describe, expect, it } from "vitest";
import { compareImage } from "../../electron/engine/compare-image.ts";
import { compareTags } from "../../electron/engine/compare-tags.ts";
import type { ComparedImage } from "../../shared/compare.ts";
import { type TagRule, tagRuleSchema } from "../../shared/selection.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { putImage, putIndex, putJson } from "./images.ts";
import { failure } from "./memory-endpoint.ts";

function tags(h: Harness, rule: Partial<TagRule> = {}) {
  const { hosts, clock, journal } = h.context;
  return compareTags(
    {
      source: h.source,
      sourceRepository: "app",
      destination: h.destination,
      destinationRepository: "copy",
      rule: tagRuleSchema.parse(rule),
      ...{ hosts, clock, journal },
    },
    h.never,
  );
}

function images(h: Harness, reference = "v1"): Promise<ComparedImage> {
  const { hosts, clock, journal } = h.context;
  const at = { repository: "app", reference };
  return compareImage(
    {
      source: { ...at, endpoint: h.source },
      destination: { ...at, endpoint: h.destination },
      ...{ hosts, clock, journal },
    },
    h.never,
  );
}

describe("tags of two repositories", () => {
  it("are missing, different, extra or the same, and cost no pull", async () => {
    const h = harness();
    const put = (to: typeof h.source, repository: string, tag: string, config: string) =>
      putImage(to, { repository, tag, config, layers: [] }).digest;
    put(h.source, "app", "same", "1");
    put(h.destination, "copy", "same", "1");
    const newer = put(h.source, "app", "moved", "2");
    const older = put(h.destination, "copy", "moved", "1");
    const missing = put(h.source, "app", "missing", "3");
    const extra = put(h.destination, "copy", "extra", "4");
    put(h.destination, "copy", `sha256-${"a".repeat(64)}.sig`, "5");
    put(h.source, "app", `sha256-${"b".repeat(64)}.sig`, "5");
    expect(await tags(h)).toEqual({
      missing: [{ tag: "missing", sourceDigest: missing }],
      different: [{ tag: "moved", sourceDigest: newer, destinationDigest: older }],
      extra: [{ tag: "extra", destinationDigest: extra }],
      same: 1,
    });
    expect(h.source.count("get-manifest") + h.destination.count("get-manifest")).toBe(0);
  });

  it("are compared as far as the rule takes them; what is at the source is not extra", async () => {
    const h = harness();
    for (const tag of ["1.0.0", "1.1.0", "main"]) {
      putImage(h.source, { repository: "app", tag, layers: [] });
      putImage(h.destination, { repository: "copy", tag, layers: [["x", 1]] });
    }
    putImage(h.destination, { repository: "copy", tag: "0.9.0", layers: [] });
    const found = await tags(
      h,
      tagRuleSchema.parse({ sets: [{ semver: "*", latest: { count: 1, by: "semver" } }] }),
    );
    expect(found).toMatchObject({
      missing: [],
      different: [{ tag: "1.1.0" }],
      extra: [{ tag: "0.9.0" }],
      same: 0,
    });
  });

  it("are all missing where the destination has no such repository; neither side is an error", async () => {
    const h = harness();
    await expect(tags(h)).rejects.toMatchObject({ code: "repository-unknown", side: "source" });
    putImage(h.source, { repository: "app", tag: "v1", layers: [] });
    expect(await tags(h)).toMatchObject({ missing: [{ tag: "v1" }], extra: [], same: 0 });
  });

  it("are not reported at all where a side cannot be read", async () => {
    const h = harness();
    putImage(h.source, { repository: "app", tag: "v1", layers: [] });
    h.destination.fault = ({ operation }) => {
      if (operation === "list-tags") throw failure("forbidden", "list-tags");
    };
    await expect(tags(h)).rejects.toMatchObject({ code: "forbidden", side: "destination" });
  });
});

describe("two images", () => {
  const platform = (architecture: string, seed: string) => ({ architecture, layers: [[seed, 20]] as const });

  it("are equal after a copy, part by part, and no layer is read", async () => {
    const h = harness();
    putIndex(h.source, {
      repository: "app",
      tag: "v1",
      children: [platform("amd64", "a"), platform("arm64", "b")],
    });
    await h.planAndRun(everything());
    h.source.forget();
    h.destination.forget();
    const found = await images(h);
    expect(found.equal).toBe(true);
    expect(found.parts.map(({ what, platform, at }) => [what, platform, at])).toEqual([
      ["manifest", null, "both"],
      ["manifest", "linux/amd64", "both"],
      ["config", "linux/amd64", "both"],
      ["layer", "linux/amd64", "both"],
      ["manifest", "linux/arm64", "both"],
      ["config", "linux/arm64", "both"],
      ["layer", "linux/arm64", "both"],
    ]);
    expect(h.source.count("get-blob") + h.destination.count("get-blob")).toBe(0);
  });

  it("show what is on one side only, a missing child too", async () => {
    const h = harness();
    putIndex(h.source, {
      repository: "app",
      tag: "v1",
      children: [platform("amd64", "a"), platform("arm64", "b")],
    });
    putIndex(h.destination, {
      repository: "app",
      tag: "v1",
      children: [platform("amd64", "a"), platform("s390x", "c")],
    });
    const found = await images(h);
    expect(found.equal).toBe(false);
    const at = (side: string) => found.parts.filter((part) => part.at === side).map((part) => part.platform);
    expect(at("both")).toEqual(["linux/amd64", "linux/amd64", "linux/amd64"]);
    expect(at("source")).toEqual([null, "linux/arm64", "linux/arm64", "linux/arm64"]);
    expect(at("destination")).toEqual([null, "linux/s390x", "linux/s390x", "linux/s390x"]);

    const lost = found.parts.find((part) => part.platform === "linux/arm64" && part.what === "manifest");
    h.source.repository("app").manifests.delete(lost?.digest ?? "");
    expect((await images(h)).parts.some((part) => part.platform === "linux/arm64")).toBe(false);
  });

  it("differ in an attachment that one side lacks", async () => {
    const h = harness();
    const { digest } = putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 5]] });
    await h.planAndRun(everything());
    const tag = `${digest.replace(":", "-")}.sig`;
    const signature = putImage(h.source, { repository: "app", tag, layers: [["signature", 5]] });
    expect(await images(h)).toMatchObject({ equal: false, sourceDigest: digest, destinationDigest: digest });
    expect((await images(h)).parts.find((part) => part.what === "attachment")).toMatchObject({
      digest: signature.digest,
      at: "source",
    });
  });

  it("are all at the source where the destination has none; where neither has one it is an error", async () => {
    const h = harness();
    await expect(images(h)).rejects.toMatchObject({ code: "repository-unknown", side: "source" });
    putImage(h.source, { repository: "app", tag: "v1", layers: [] });
    const found = await images(h);
    expect(found).toMatchObject({ equal: false, destinationDigest: null });
    expect(new Set(found.parts.map((part) => part.at))).toEqual(new Set(["source"]));
  });

  it("are refused where an index nests without end", async () => {
    const h = harness();
    let inner = putImage(h.source, { repository: "app", layers: [] });
    for (let depth = 0; depth < 12; depth++)
      inner = putJson(
        h.source,
        "app",
        { mediaType: "application/vnd.oci.image.index.v1+json", manifests: [inner] },
        "v1",
      );
    await expect(images(h)).rejects.toMatchObject({ code: "too-large" });
  });
});
