// The look of the chaos rounds finds every kind of thing that can be missing, and the random moments can be had again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildChaosImages, type ChaosImage, missingParts, pushChaosImages } from "./chaos-images.ts";
import { type FixtureRegistry, startFixtureRegistry } from "./fixture-registry.ts";
import { blobsOf, pushImage } from "./image-builder.ts";
import { seededRandom } from "./seeded-random.ts";

describe("the look at an image and what belongs to it", () => {
  let registry: FixtureRegistry;
  let attached: ChaosImage;
  let signed: ChaosImage;
  beforeAll(async () => {
    registry = await startFixtureRegistry();
    const images = await buildChaosImages();
    const small = images.filter((one) => one.image.children.length > 0);
    const found = {
      attached: small.find((one) => one.attachments.length === 3),
      signed: small.find((one) => one.signature !== undefined),
    };
    if (found.attached === undefined || found.signed === undefined) throw new Error("expected both kinds");
    attached = found.attached;
    signed = found.signed;
  });
  afterAll(() => registry.stop());

  it("names what is missing, and nothing where all is there", async () => {
    await pushImage(registry, attached.image, attached.repository, attached.tag);
    await pushImage(registry, signed.image, signed.repository, signed.tag);
    const lacked = (await missingParts(registry, attached)).join("\n");
    expect(lacked.match(/lacks the referrer .* in a list/g)).toHaveLength(3);
    expect(lacked.match(/lacks the manifest/g)).toHaveLength(3);
    expect((await missingParts(registry, signed)).join("\n")).toMatch(/lacks the signature .* under its tag/);
    await pushChaosImages(registry, [attached, signed]);
    expect(await missingParts(registry, attached)).toEqual([]);
    expect(await missingParts(registry, signed)).toEqual([]);
    const [blob] = blobsOf(attached.image).slice(-1);
    if (blob === undefined) throw new Error("expected a layer");
    await registry.store.deleteBlob(attached.repository, blob.digest);
    expect(await missingParts(registry, attached)).toEqual([
      `${attached.repository}:${attached.tag} lacks the blob ${blob.digest}`,
    ]);
    const [child] = signed.image.children;
    if (child === undefined) throw new Error("expected a child");
    await registry.store.deleteManifest(signed.repository, child.digest);
    expect(await missingParts(registry, signed)).toEqual([
      `${signed.repository}:${signed.tag} lacks the manifest ${child.digest}`,
    ]);
  });

  it("is the same where the registry serves no referrers", async () => {
    registry.fault({ do: "no-referrers" });
    const [child = attached.image] = attached.image.children;
    await pushImage(registry, child, attached.repository);
    await pushChaosImages(registry, [attached]);
    expect(await missingParts(registry, attached)).toEqual([]);
    expect(registry.count({ method: "PUT", path: /manifests\/sha256-[0-9a-f]{64}$/ })).toBe(3);
  });
});

describe("seeded random numbers", () => {
  it("come again with their seed, and lie where they should", () => {
    const draw = (seed: number): readonly number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 200 }, () => random.between(3, 7));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(new Set(draw(5))).toEqual(new Set([3, 4, 5, 6, 7]));
    expect(seededRandom(9).next()).toBeLessThan(1);
  });
});
