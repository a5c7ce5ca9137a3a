// Progress adds up, is thinned, and always tells the last.
import { describe, expect, it } from "vitest";
import type { TransferProgress } from "../../electron/engine/context.ts";
import { RunProgress } from "../../electron/engine/progress.ts";
import type { RunImage } from "../../shared/run.ts";
import { everything, harness } from "./harness.ts";
import { bytesOf, putImage } from "./images.ts";
import { sha256 } from "./memory-endpoint.ts";

function meter(total: number, bytes = 0) {
  let now = 0;
  const told: TransferProgress[] = [];
  const progress = new RunProgress({
    runId: "r",
    listener: { imageChanged: () => undefined, progress: (one) => told.push(one) },
    clock: { now: () => now, monotonic: () => now, random: () => 0, sleep: async () => undefined },
    bytes,
    total,
  });
  const last = (kind: TransferProgress["kind"]) => told.filter((one) => one.kind === kind).at(-1);
  const image = (id: number, bytesToTransfer: number) =>
    progress.imageStarted({ id, bytesToTransfer } as RunImage);
  const blob = (id: number, name: string, size: number) =>
    progress.blob(id, "app", { mediaType: "x", digest: sha256(bytesOf(name, 1)), size });
  return { progress, told, last, image, blob, pass: (ms: number) => (now += ms) };
}

describe("progress", () => {
  it("adds blobs up to images and the run, on top of earlier attempts", () => {
    const m = meter(1000, 300);
    m.image(1, 700);
    const a = m.blob(1, "a", 400);
    const b = m.blob(1, "b", 300);
    a.moved(100);
    m.pass(100);
    b.moved(50);
    expect(m.last("image")).toMatchObject({ imageId: 1, bytes: 150, total: 700, over: false });
    expect(m.last("run")).toMatchObject({ runId: "r", bytes: 450, total: 1000, over: false });
    a.moved(400);
    a.ended(true);
    b.ended(false);
    expect(m.last("blob")).toMatchObject({ bytes: 0, total: 300, over: true });
    m.progress.imageEnded(1);
    expect(m.last("image")).toMatchObject({ bytes: 400, total: 700, over: true });
    m.progress.runEnded(true);
    expect(m.last("run")).toMatchObject({ bytes: 700, total: 700, over: true });
  });

  it("is thinned to ten reports a second for each key", () => {
    const m = meter(1_000_000);
    m.image(1, 1_000_000);
    const a = m.blob(1, "a", 1_000_000);
    for (let at = 1; at <= 1000; at++) {
      a.moved(at * 1000);
      m.pass(1);
    }
    expect(m.told.filter((one) => one.kind === "blob").length).toBe(10);
    expect(m.told.filter((one) => one.kind === "run").length).toBe(10);
  });

  it("falls back when a blob is started again, and grows its total when more is needed than planned", () => {
    const m = meter(0);
    m.image(1, 0);
    const a = m.blob(1, "a", 500);
    a.moved(400);
    a.moved(0);
    m.pass(100);
    a.moved(500);
    a.ended(true);
    expect(m.last("run")).toMatchObject({ bytes: 500, total: 500 });
    m.progress.imageEnded(1);
    m.progress.imageEnded(1);
    m.progress.runEnded(true);
    expect(m.last("run")).toMatchObject({ bytes: 500, total: 500, over: true });
  });

  it("keeps the total of what goes on another time", () => {
    const m = meter(500);
    m.image(1, 500);
    m.blob(1, "a", 500).moved(200);
    m.progress.imageEnded(1);
    m.progress.runEnded(false);
    expect(m.last("run")).toMatchObject({ bytes: 200, total: 500, over: true });
  });

  it("of a run keeps its total while images bring each other's blobs", () => {
    const m = meter(1000);
    // The plan counts the shared blob with image 1; image 2 happens to be faster.
    m.image(1, 1000);
    m.image(2, 0);
    const shared = m.blob(2, "shared", 900);
    shared.moved(900);
    shared.ended(true);
    m.progress.imageEnded(2);
    expect(m.last("run")).toMatchObject({ bytes: 900, total: 1000 });
    m.pass(100);
    m.blob(1, "own", 100).moved(50);
    expect(m.last("run")).toMatchObject({ bytes: 950, total: 1000 });
    m.progress.imageEnded(1);
    expect(new Set(m.told.filter((one) => one.kind === "run").map((one) => one.total))).toEqual(
      new Set([1000]),
    );
  });

  it("of a whole run ends with what was moved", async () => {
    const h = harness();
    putImage(h.source, {
      repository: "app",
      tag: "v1",
      layers: [
        ["a", 500_000],
        ["b", 100],
      ],
    });
    putImage(h.source, {
      repository: "app",
      tag: "v2",
      layers: [
        ["a", 500_000],
        ["c", 100],
      ],
    });
    const done = await h.planAndRun(everything());
    const total = done.plan.bytesToTransfer;
    const last = h.progress.filter((one) => one.kind === "run").at(-1);
    expect(last).toMatchObject({ runId: done.id, bytes: total, total, over: true });
    const blobs = h.progress.filter((one) => one.kind === "blob" && one.over);
    expect(blobs.length).toBe(done.plan.blobsToTransfer);
    const images = h.progress.filter((one) => one.kind === "image" && one.over);
    expect(images.reduce((sum, one) => sum + one.bytes, 0)).toBe(total);
    for (const one of h.progress) expect(one.bytes).toBeLessThanOrEqual(one.total);
  });

  it("of a run does not wait for what was left out of it, but for a blob that what is left shares with it", async () => {
    const h = harness();
    for (const [tag, own] of [
      ["v1", 700],
      ["v2", 900],
    ] as const)
      putImage(h.source, {
        repository: "app",
        tag,
        layers: [
          ["shared", 50_000],
          [`own of ${tag}`, own],
        ],
      });
    const planned = await h.plan(everything());
    const [first, second] = h.rows(planned);
    const started = h.store.runs.start(planned.id, [first?.id ?? 0]);
    expect(started.plan.bytesToTransfer).toBe(second?.bytesTotal);
    const done = await h.run(started);
    expect(done.tallies.bytesTransferred).toBe(started.plan.bytesToTransfer);
    expect(done.plan.blobsToTransfer).toBe(3);
  });
});
