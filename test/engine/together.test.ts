// Many at once: shared layers are sent once, readers never see half an image, slots hold, memory stays.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { bytesOf, type ImageShape, putBlob, putImage, putIndex, putJson, reachable } from "./images.ts";
import { chunked } from "./memory-endpoint.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function uniqueBytes(h: Harness): number {
  const all = new Map<string, number>();
  for (const repository of h.source.repositories.values())
    for (const [digest, bytes] of repository.blobs) all.set(digest, bytes.length);
  return [...all.values()].reduce((sum, size) => sum + size, 0);
}

describe("images with the same layers", () => {
  it("in many repositories send each byte once and mount the rest", async () => {
    const h = harness();
    h.destination.latency = 1;
    for (let at = 0; at < 20; at++)
      putImage(h.source, {
        repository: `team/app${at}`,
        tag: "v1",
        layers: [
          ["base", 300_000],
          ["shared", 150_000],
        ],
        config: "same",
      });
    const done = await h.planAndRun({ ...everything(), options: { parallelImages: 20 } });
    expect(done.state).toBe("succeeded");
    expect(h.destination.uploads.length).toBe(3);
    expect(h.destination.bytesReceived).toBe(uniqueBytes(h));
    expect(h.destination.races).toEqual([]);
    expect(done.tallies).toMatchObject({
      bytesTransferred: done.plan.bytesToTransfer,
      bytesMounted: done.plan.bytesMountable,
      mounts: 57,
    });
  });

  it("never race in one repository where the destination does not mount", async () => {
    const h = harness();
    h.destination.mounts = false;
    h.destination.latency = 1;
    for (let at = 0; at < 10; at++)
      putImage(h.source, {
        repository: `app${at % 2}`,
        tag: `v${at}`,
        layers: [["base", 200_000]],
        config: "same",
      });
    const done = await h.planAndRun({ ...everything(), options: { parallelImages: 10 } });
    expect(done.state).toBe("succeeded");
    expect(h.destination.races).toEqual([]);
    expect(h.destination.uploads.length).toBe(4);
    expect(done.plan.bytesMountable).toBe(0);
  });

  it("are sent where a mount is refused, and the host is soon left alone", async () => {
    const h = harness();
    for (let at = 0; at < 12; at++)
      putImage(h.source, { repository: `app${at}`, tag: "v1", layers: [["base", 1000]], config: `${at}` });
    const planned = await h.plan(everything());
    h.destination.mountBlob = async () => {
      h.destination.calls.push("mount-blob - -");
      return false;
    };
    const done = await h.run(planned);
    expect(done.state).toBe("succeeded");
    expect(h.destination.count("mount-blob")).toBeLessThan(8);
    expect(h.destination.uploads.length).toBe(24);
    expect(
      (await h.plan({ selection: everything().selection, options: { overwrite: "always" } })).state,
    ).toBe("planned");
  });

  it("of two runs at once are still sent once", async () => {
    const h = harness();
    h.destination.latency = 1;
    for (let at = 0; at < 6; at++)
      putImage(h.source, { repository: `app${at}`, tag: "v1", layers: [["base", 300_000]], config: "same" });
    const [first, second] = [await h.plan(everything()), await h.plan(everything())];
    const ended = await Promise.all([h.run(first), h.run(second)]);
    expect(ended.map((run) => run.state)).toEqual(["succeeded", "succeeded"]);
    expect(h.destination.bytesReceived).toBe(uniqueBytes(h));
    expect(h.destination.races).toEqual([]);
  });
});

describe("tags that point at one digest", () => {
  it("are each read back before the same manifest is written again", async () => {
    const h = harness();
    for (let at = 0; at < 8; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: [["base", 1000]], config: "same" });
    let writing = 0;
    let disturbed = 0;
    const { putManifest, getManifest } = h.destination;
    h.destination.putManifest = async (...args) => {
      writing++;
      for (let at = 0; at < 5; at++) await turn();
      const result = await putManifest.apply(h.destination, args);
      writing--;
      return result;
    };
    h.destination.getManifest = async (...args) => {
      if (writing > 0) disturbed++;
      for (let at = 0; at < 5; at++) await turn();
      return getManifest.apply(h.destination, args);
    };
    const done = await h.planAndRun({ ...everything(), options: { parallelImages: 8 } });
    expect(done.tallies.imagesSucceeded).toBe(8);
    expect(disturbed).toBe(0);
  });
});

describe("a reader during the run", () => {
  it("never sees a tag with a missing part, nor a child of an index that lacks one", async () => {
    const h = harness();
    h.destination.latency = 1;
    h.destination.chunkSize = 5000;
    for (let at = 0; at < 6; at++)
      putIndex(h.source, {
        repository: "app",
        tag: `v${at}`,
        children: ["amd64", "arm64"].map((architecture) => ({
          architecture,
          layers: [
            ["base", 20_000],
            [`${architecture}${at}`, 20_000],
          ] as const,
        })),
      });
    let over = false;
    let seen = 0;
    const reading = (async () => {
      while (!over) {
        const repository = h.destination.repositories.get("app");
        for (const digest of repository?.manifests.keys() ?? []) {
          reachable(h.destination, "app", digest);
          seen++;
        }
        await turn();
      }
    })();
    const done = await h.planAndRun(everything());
    over = true;
    await reading;
    expect(done.state).toBe("succeeded");
    expect(seen).toBeGreaterThan(50);
  });
});

describe("slots", () => {
  it("bound what runs at once on both hosts, over all images", async () => {
    const h = harness({ slots: 4 });
    h.source.latency = 1;
    h.destination.latency = 1;
    for (let at = 0; at < 20; at++)
      putImage(h.source, {
        repository: `app${at}`,
        tag: "v1",
        layers: [
          [`${at}`, 100_000],
          [`x${at}`, 50_000],
        ],
      });
    const done = await h.planAndRun({ ...everything(), options: { parallelImages: 16 } });
    expect(done.state).toBe("succeeded");
    expect(h.destination.bulk.most).toBeLessThanOrEqual(3);
    expect(h.destination.bulk.most).toBeGreaterThan(1);
    expect(h.destination.small.most).toBeLessThanOrEqual(4);
    expect(h.context.hosts.inUse(h.destination.host)).toEqual({ bulk: 0, small: 0 });
  });
});

describe("any registry", () => {
  const layer = fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.constantFrom(0, 1, 1000, 70_000));
  const shape: fc.Arbitrary<ImageShape & { tag: string; indexed: boolean }> = fc.record({
    repository: fc.constantFrom("x", "y", "z/deep"),
    tag: fc.constantFrom("v1", "v2", "v3"),
    layers: fc.uniqueArray(layer, { maxLength: 4, selector: (one) => one.join() }),
    indexed: fc.boolean(),
  });

  it("is copied as planned, and then there is nothing left to do", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(shape, { minLength: 1, maxLength: 8 }),
        fc.array(shape, { maxLength: 3 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        async (images, there, parallelImages, mounts) => {
          const h = harness({ slots: 3 });
          h.destination.mounts = mounts;
          for (const [endpoint, shapes] of [
            [h.source, images],
            [h.destination, there],
          ] as const)
            for (const one of shapes) {
              if (!one.indexed) putImage(endpoint, one);
              else putIndex(endpoint, { ...one, children: [{ architecture: "amd64", layers: one.layers }] });
            }
          const spec = { ...everything(), options: { parallelImages } };
          const planned = await h.plan(spec);
          h.destination.forget();
          const done = await h.run(planned);
          expect(done.state).toBe("succeeded");
          expect(h.destination.bytesReceived).toBe(planned.plan.bytesToTransfer);
          expect(done.tallies.bytesTransferred).toBe(planned.plan.bytesToTransfer);
          expect(h.destination.races).toEqual([]);
          for (const [name, repository] of h.source.repositories)
            for (const [tag, digest] of repository.tags) {
              expect(h.destination.repository(name).tags.get(tag)).toBe(digest);
              expect(reachable(h.destination, name, digest)).toEqual(reachable(h.source, name, digest));
            }
          const again = await h.plan(spec);
          expect(again.plan).toMatchObject({ copy: 0, overwrite: 0, bytesToTransfer: 0, blobsToTransfer: 0 });
          expect(again.plan.skip).toBe(again.plan.images);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe("memory", () => {
  it("does not hold what passes through", async () => {
    const h = harness();
    const size = 64 * 1024 * 1024;
    const piece = new Uint8Array(64 * 1024).fill(7);
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256");
    for (let at = 0; at < size; at += piece.length) hash.update(piece);
    const big = {
      ...putBlob(h.source, "app", bytesOf("x", 1)),
      digest: `sha256:${hash.digest("hex")}`,
      size,
    };
    putJson(h.source, "app", { mediaType: mediaTypes.ociManifest, layers: [big] }, "v1");
    h.source.repository("app").blobs.set(big.digest, new Uint8Array(0));
    h.source.body = () => endless(piece, size);
    let waiting = 0;
    let most = 0;
    h.destination.hasBlob = async () => false;
    h.destination.putBlob = async (name, blob, body) => {
      for await (const part of body as AsyncIterable<Uint8Array>) {
        waiting = body.readableLength + part.length;
        most = Math.max(most, waiting);
        await turn();
      }
      h.destination.repository(name).blobs.set(blob.digest, new Uint8Array(0));
    };
    expect((await h.planAndRun(everything())).state).toBe("succeeded");
    expect(most).toBeLessThan(2 * 1024 * 1024);
  });

  it("is not used up by a plan of many images: rows are read in pages", async () => {
    const h = harness();
    for (let at = 0; at < 150; at++)
      putImage(h.source, { repository: "app", tag: `v${at}`, layers: [["l", 10]], config: "c" });
    const planned = await h.plan(everything());
    h.store.runs.start(planned.id, []);
    const claimed = h.store.runs.claim(planned.id);
    if (claimed === undefined) throw new Error("not claimed");
    const pages: number[] = [];
    const { nextImages } = h.context.journal;
    const journal = {
      ...h.context.journal,
      nextImages: (...args: Parameters<typeof nextImages>) => {
        const page = nextImages(...args);
        pages.push(page.length);
        return page;
      },
    };
    const done = await replicateRun(h.request(claimed), { ...h.context, journal }, h.never);
    expect(done.state).toBe("succeeded");
    expect(pages).toEqual([64, 64, 22, 0]);
    expect(h.images.filter((row) => row.state === "succeeded").length).toBe(150);
  });
});

function endless(piece: Uint8Array, size: number) {
  let left = size;
  const body = chunked(new Uint8Array(0), 1);
  body._read = () => {
    if (left <= 0) body.push(null);
    else {
      left -= piece.length;
      body.push(piece);
    }
  };
  return body;
}
