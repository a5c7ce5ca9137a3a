// Manifests as a hostile registry may send them: wrong shapes are refused, unknown fields and types are carried.
import { describe, expect, it } from "vitest";
import { parseManifest, platformText } from "../../shared/descriptor.ts";
import { digestAlgorithm, digestHex, isDigest, parseDigest, shortDigest } from "../../shared/digest.ts";
import { isForeignLayerType, isIndexType, mediaTypes } from "../../shared/media-types.ts";

const digest = (c: string) => `sha256:${c.repeat(64)}`;
const layer = { mediaType: "application/x-anything", digest: digest("b"), size: 7 };
const config = { mediaType: mediaTypes.ociConfig, digest: digest("a"), size: 5 };

describe("manifests", () => {
  it("reads an image with unknown layer types and fields", () => {
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config,
      layers: [layer],
      future: { x: 1 },
    });
    const parsed = parseManifest(text, mediaTypes.ociManifest, "r:t");
    expect(parsed).toMatchObject({ kind: "image", config, layers: [layer] });
  });
  it("reads an index, also an empty one and one with a subject", () => {
    const child = {
      ...layer,
      mediaType: mediaTypes.ociManifest,
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
    };
    const index = parseManifest(
      JSON.stringify({ manifests: [child], subject: layer }),
      mediaTypes.ociIndex,
      "r:t",
    );
    expect(index.kind === "index" && index.manifests[0]?.platform?.architecture).toBe("arm64");
    expect(index.kind === "index" && index.subject?.digest).toBe(layer.digest);
    expect(parseManifest(JSON.stringify({ manifests: null }), mediaTypes.dockerList, "r:t")).toMatchObject({
      manifests: [],
    });
    expect(platformText(child.platform)).toBe("linux/arm64/v8");
    expect(platformText(undefined)).toBeUndefined();
  });
  it("reads the withdrawn artifact manifest and does not look into unknown types", () => {
    const artifact = JSON.stringify({
      mediaType: mediaTypes.ociArtifact,
      artifactType: "x/y",
      blobs: [layer],
    });
    expect(parseManifest(artifact, mediaTypes.ociArtifact, "r:t")).toMatchObject({
      kind: "image",
      layers: [layer],
      artifactType: "x/y",
    });
    expect(parseManifest("not json", "application/vnd.other+json", "r:t")).toEqual({
      kind: "unknown",
      mediaType: "application/vnd.other+json",
    });
  });
  it.each([
    ["not JSON", "{", mediaTypes.ociManifest, "is not JSON"],
    ["an array", "[]", mediaTypes.ociManifest, "unexpected shape"],
    [
      "another type than served",
      JSON.stringify({ mediaType: mediaTypes.ociIndex }),
      mediaTypes.ociManifest,
      "was served as",
    ],
    [
      "an index and an image at once",
      JSON.stringify({ config, manifests: [layer] }),
      mediaTypes.ociManifest,
      "at once",
    ],
    ["layers in an index", JSON.stringify({ config }), mediaTypes.ociIndex, "holds layers"],
    [
      "manifests in an image",
      JSON.stringify({ manifests: [layer] }),
      mediaTypes.ociManifest,
      "holds manifests",
    ],
    [
      "a negative size",
      JSON.stringify({ layers: [{ ...layer, size: -1 }] }),
      mediaTypes.ociManifest,
      "unexpected shape",
    ],
    [
      "a size beyond safe integers",
      '{"layers":[{"mediaType":"x","digest":"sha256:x","size":9007199254740993}]}',
      mediaTypes.ociManifest,
      "unexpected shape",
    ],
    [
      "a digest that is a path",
      JSON.stringify({ layers: [{ ...layer, digest: "sha256:../../etc/passwd" }] }),
      mediaTypes.ociManifest,
      "not a digest",
    ],
    [
      "an unverifiable digest",
      JSON.stringify({ layers: [{ ...layer, digest: "blake3:abcd" }] }),
      mediaTypes.ociManifest,
      "cannot be verified",
    ],
    ["schema 1", "{}", mediaTypes.dockerSchema1Signed, "schema 1"],
  ])("refuses %s", (_name, text, type, reason) => {
    expect(() => parseManifest(text, type, "r:t")).toThrow(reason);
  });
});

describe("digests", () => {
  it("knows sha256 and sha512 and nothing that only looks like them", () => {
    expect(isDigest(digest("a"))).toBe(true);
    expect(isDigest(`sha512:${"a".repeat(128)}`)).toBe(true);
    expect(isDigest(digest("A"))).toBe(false);
    expect(isDigest(`sha256:${"a".repeat(63)}`)).toBe(false);
    const parsed = parseDigest(digest("c"), "it");
    expect([digestAlgorithm(parsed), digestHex(parsed), shortDigest(parsed)]).toEqual([
      "sha256",
      "c".repeat(64),
      "sha256:cccccccccccc",
    ]);
    expect(digestAlgorithm(parseDigest(`sha512:${"a".repeat(128)}`, "it"))).toBe("sha512");
  });
  it("knows index and foreign types", () => {
    expect(isIndexType(mediaTypes.dockerList)).toBe(true);
    expect(isIndexType(mediaTypes.ociManifest)).toBe(false);
    expect(isForeignLayerType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")).toBe(true);
    expect(isForeignLayerType("application/vnd.oci.image.layer.v1.tar")).toBe(false);
  });
});
