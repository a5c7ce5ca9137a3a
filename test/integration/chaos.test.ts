// kill -9 at random moments, several times in one run: all digests equal, nothing sent twice, no half image ever readable.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildBundles } from "../support/build.ts";
import { type ChaosImage, chaosRound, pushChaosImages } from "../support/chaos.ts";
import { type RealRegistry, startRealRegistry } from "../support/real-registry.ts";

describe("kill -9 at random moments", () => {
  let source: RealRegistry;
  let images: readonly ChaosImage[];

  beforeAll(async () => {
    await buildBundles("cli");
    source = await startRealRegistry();
    images = await pushChaosImages(source);
  });
  afterAll(() => source.stop());

  it.each([1, 2, 3, 4, 5])("D002, D003, R012: round %i ends well", async () => {
    const { wrong, sentTwice, halfSeen, looks } = await chaosRound({
      source,
      images,
      kills: 4,
      random: Math.random,
    });
    expect({ wrong, sentTwice, halfSeen }).toEqual({ wrong: [], sentTwice: [], halfSeen: [] });
    expect(looks).toBeGreaterThan(0);
  });
});
