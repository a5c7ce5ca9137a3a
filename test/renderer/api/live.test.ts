// Progress reaches the stores once per drawn frame, and the host's credit is returned only then.
import { describe, expect, it } from "vitest";
import { emitEvent, emitGap, onGap, onLive, onProgress, ProgressFrame } from "../../../renderer/api/live.ts";
import type { ProgressValue } from "../../../shared/contract.ts";

const value = (bytes: number): ProgressValue => ({ bytes, total: 100, bytesPerSecond: 1, secondsLeft: null });

describe("ProgressFrame", () => {
  it("gives the newest value per key in one call and returns one credit per batch", () => {
    const frames: (() => void)[] = [];
    const credits: number[] = [];
    const seen: ReadonlyMap<string, ProgressValue | null>[] = [];
    const stop = onProgress((values) => seen.push(values));
    const frame = new ProgressFrame({
      nextFrame: (draw) => frames.push(draw),
      credit: (batches) => credits.push(batches),
    });
    frame.add([
      ["run:A", value(1)],
      ["run:B", value(5)],
    ]);
    frame.add([
      ["run:A", value(2)],
      ["run:B", null],
    ]);
    expect(frames).toHaveLength(1);
    expect(credits).toEqual([]);
    frames[0]?.();
    expect(credits).toEqual([2]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.get("run:A")?.bytes).toBe(2);
    expect(seen[0]?.get("run:B")).toBeNull();

    frame.add([["run:A", value(3)]]);
    expect(frames).toHaveLength(2);
    stop();
    frames[1]?.();
    expect(seen).toHaveLength(1);
    expect(credits).toEqual([2, 1]);
  });
});

describe("listeners", () => {
  it("hear their own event until they stop", () => {
    const removed: string[] = [];
    const stop = onLive("endpoint.removed", ({ id }) => removed.push(id));
    emitEvent("endpoint.removed", { id: "a" });
    emitEvent("run.removed", { runId: "01ARZ3NDEKTSV4RRFFQ69G5FAV" });
    stop();
    emitEvent("endpoint.removed", { id: "b" });
    expect(removed).toEqual(["a"]);
  });

  it("hear of a gap", () => {
    let gaps = 0;
    const stop = onGap(() => gaps++);
    emitGap();
    stop();
    emitGap();
    expect(gaps).toBe(1);
  });
});
