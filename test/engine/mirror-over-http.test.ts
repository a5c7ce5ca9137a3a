// Deletes through the real client: registries that delete tags, digests only, or nothing.
import { describe, expect, it } from "vitest";
import type { FixtureRegistry } from "../support/fixture-registry.ts";
import { buildImage, pushImage } from "../support/image-builder.ts";
import { getManifest, listTags } from "../support/raw-http.ts";
import { everything, harness } from "./harness.ts";
import { putImage } from "./images.ts";
import { client, fixture, planBetween, runBetween } from "./over-http.ts";

const mirror = { ...everything(), options: { mirror: { maxDelete: 100, maxShare: 1 } } };

/** `old` and `older` are one image, `kept-…` are what nobody selected. */
async function destination(): Promise<FixtureRegistry> {
  const registry = await fixture();
  const image = await buildImage({ seed: "old", layerSize: 200 });
  for (const tag of ["old", "older"]) await pushImage(registry, image, "app", tag);
  await pushImage(registry, await buildImage({ seed: "other", layerSize: 200 }), "app", "other");
  return registry;
}

function source() {
  const h = harness();
  putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 200]] });
  return h;
}

async function run(registry: FixtureRegistry) {
  const h = source();
  const ends = { destination: client(registry.host) };
  const planned = await planBetween(h, ends, mirror);
  expect(planned.plan).toMatchObject({ copy: 1, delete: 3, guard: null });
  return { h, done: await runBetween(h, ends, planned) };
}

describe("a mirror over HTTP", () => {
  it("deletes tag by tag where the registry can", async () => {
    const registry = await destination();
    const { digest } = await getManifest(registry, "app", "old");
    const { done } = await run(registry);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
    expect(await listTags(registry, "app")).toEqual(["v1"]);
    const deleted = registry.requests.filter((request) => request.method === "DELETE");
    expect(deleted.map((request) => request.path.split("/").at(-1)).toSorted()).toEqual([
      "old",
      "older",
      "other",
    ]);
    // Only the tags went: the manifest is the registry's to collect.
    expect((await getManifest(registry, "app", digest)).digest).toBe(digest);
  });

  it("deletes by digest where it cannot, each digest once", async () => {
    const registry = await destination();
    registry.fault({ do: "deletes", only: "digests" });
    const { done } = await run(registry);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
    expect(await listTags(registry, "app")).toEqual(["v1"]);
    const byDigest = registry.requests.filter(
      ({ method, path }) => method === "DELETE" && path.includes("sha256:"),
    );
    expect(byDigest).toHaveLength(2);
  });

  it("says so where the registry deletes nothing", async () => {
    const registry = await destination();
    registry.fault({ do: "deletes", only: "nothing" });
    const { h, done } = await run(registry);
    expect(done).toMatchObject({ state: "failed", tallies: { imagesDeleted: 0, imagesFailed: 3 } });
    for (const row of h.rows(done).filter((one) => one.action === "delete"))
      expect(row.error).toMatchObject({
        code: "unsupported",
        side: "destination",
        message: expect.stringContaining("deletion is switched off there"),
      });
    expect(await listTags(registry, "app")).toHaveLength(4);
    // One tag each at once, and one digest: then it is known.
    const asked = registry.requests.filter(
      ({ method, path }) => method === "DELETE" && path.includes("sha256:"),
    );
    expect(asked).toHaveLength(1);
  });

  it("takes a lost answer for what it was", async () => {
    const registry = await destination();
    registry.fault({ do: "lose-reply" }, { method: "DELETE", times: 2 });
    const { done } = await run(registry);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
    expect(await listTags(registry, "app")).toEqual(["v1"]);
  });

  it("waits where the registry asks for it", async () => {
    const registry = await destination();
    registry.fault({ do: "throttle", retryAfter: "1" }, { method: "DELETE", times: 2 });
    const { done } = await run(registry);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesDeleted: 3 } });
  });
});
