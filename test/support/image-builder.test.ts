// The images that tests are fed with: accepted by a real registry, read by skopeo, the same for the same seed.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mediaTypes } from "../../shared/media-types.ts";
import {
  blobBytesOf,
  blobsOf,
  buildArtifact,
  buildImage,
  buildIndex,
  buildLargeImage,
  buildLayer,
  buildMultiPlatform,
  manifestsOf,
  pushImage,
} from "./image-builder.ts";
import { getManifest, listTags } from "./raw-http.ts";
import { type RealRegistry, startRealRegistry } from "./real-registry.ts";
import { storedBytes } from "./registry-files.ts";
import { digestOf, dockerReference, inspect, skopeoCopy, skopeoTags } from "./skopeo.ts";
import { tempFolder } from "./temp.ts";

let registry: RealRegistry;
beforeAll(async () => {
  registry = await startRealRegistry();
});
afterAll(() => registry.stop());

describe("built images", () => {
  it("are the same for the same seed and differ for another", async () => {
    const [one, again, other] = [
      await buildMultiPlatform({ seed: "a", platforms: 3 }),
      await buildMultiPlatform({ seed: "a", platforms: 3 }),
      await buildMultiPlatform({ seed: "b", platforms: 3 }),
    ];
    expect(again.digest).toBe(one.digest);
    expect(other.digest).not.toBe(one.digest);
    expect(manifestsOf(one)).toHaveLength(4);
    expect(blobsOf(one)).toHaveLength(9);
  });

  it.each(["oci", "docker"] as const)(
    "of format %s are taken by a real registry and read by skopeo",
    async (format) => {
      const base = await buildLayer({ seed: "base", size: 50_000, format });
      const image = await buildMultiPlatform({
        seed: format,
        format,
        baseLayers: [base],
        sharedLayerSize: 5_000,
      });
      await pushImage(registry, image, `fmt/${format}`, "v1");
      expect(await digestOf(registry, `fmt/${format}`, "v1")).toBe(image.digest);
      expect(await skopeoTags(registry, `fmt/${format}`)).toEqual(["v1"]);
      const seen = await inspect(registry, `fmt/${format}`, "v1", { overrideArch: "arm64" });
      expect(seen).toMatchObject({ Architecture: "arm64", Os: "linux", Created: "2026-01-15T08:00:00Z" });
      const folder = await tempFolder();
      // A copy into a folder reads every byte and checks diff_ids on the way of a store; digests are checked here.
      await skopeoCopy(
        { reference: dockerReference(registry, `fmt/${format}`, "v1"), target: registry },
        { reference: `dir:${folder.path}` },
      );
      await folder.remove();
    },
  );

  it("of every odd shape are taken by a real registry", async () => {
    const image = await buildImage({ seed: "subject" });
    const artifact = buildArtifact({ seed: "sbom", subject: image.descriptor });
    const nested = buildIndex({ children: [buildIndex({ children: [image] }), artifact] });
    await pushImage(registry, nested, "odd", "nested");
    expect((await getManifest(registry, "odd", "nested")).bytes).toEqual(nested.bytes);
    expect((await getManifest(registry, "odd", artifact.digest)).mediaType).toBe(mediaTypes.ociManifest);
    expect(await listTags(registry, "odd")).toEqual(["nested"]);
  });

  it("of a large size stream from end to end", async () => {
    const before = await storedBytes(registry);
    const image = await buildLargeImage({ seed: "large", totalSize: 40_000_000, layers: 2 });
    expect(blobBytesOf(image)).toBeGreaterThan(40_000_000);
    expect(blobBytesOf(image)).toBeLessThan(40_010_000);
    await pushImage(registry, image, "large", "v1");
    expect((await storedBytes(registry)) - before).toBe(blobBytesOf(image) + image.size);
  });
});
