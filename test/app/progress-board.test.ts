// What the engine reports becomes speed, time left and a sum; nothing stays of a run that is over.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { EventHub } from "../../electron/app/event-hub.ts";
import { ProgressBoard } from "../../electron/app/progress-board.ts";
import type { ProgressValue } from "../../shared/contract.ts";

describe("the progress board", () => {
  let now = 0;
  let values: Map<string, ProgressValue | null>;
  let board: ProgressBoard;

  beforeEach(() => {
    vi.useFakeTimers();
    now = 0;
    values = new Map();
    const hub = new EventHub();
    vi.spyOn(hub, "progress").mockImplementation((key, value) => void values.set(key, value));
    board = new ProgressBoard({ hub, monotonic: () => now });
  });

  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 100) {
      now += 100;
      vi.advanceTimersByTime(100);
    }
  };
  const runBytes = (runId: string, bytes: number) =>
    board.report({ kind: "run", runId, bytes, total: 1000, over: false });

  it("measures speed from where a resumed run begins, not from zero", () => {
    board.runStarted("A", 500, 1000);
    pass(1000);
    runBytes("A", 600);
    expect(values.get("run:A")?.bytesPerSecond).toBeLessThan(150);
    expect(values.get("run:A")?.bytes).toBe(600);
  });

  it("sums all runs and tells the time left when it can", () => {
    board.runStarted("A", 0, 1000);
    board.runStarted("B", 0, 1000);
    for (let second = 1; second <= 6; second++) {
      pass(1000);
      runBytes("A", second * 50);
      runBytes("B", second * 50);
    }
    pass(500);
    const total = values.get("total");
    expect(total?.bytes).toBe(600);
    expect(total?.total).toBe(2000);
    expect(total?.bytesPerSecond).toBeGreaterThan(50);
    expect(total?.secondsLeft).toBeGreaterThan(8);
  });

  it("keeps the sum in step with the runs, and takes what a run brings along for no speed", () => {
    board.runStarted("A", 0, 1000);
    pass(400);
    runBytes("A", 100);
    expect(values.get("total")).toEqual(values.get("run:A"));
    expect(values.get("total")?.bytesPerSecond).toBeGreaterThan(100);
    board.runStarted("B", 900, 1000);
    expect(values.get("total")).toMatchObject({ bytes: 1000, total: 2000 });
    expect(values.get("total")?.bytesPerSecond).toBe(values.get("run:A")?.bytesPerSecond);
    board.runEnded("A");
    board.runEnded("B");
    expect(values.get("total")).toBeNull();
  });

  it("lets the speed fall in a stall", () => {
    board.runStarted("A", 0, 1000);
    pass(1100);
    runBytes("A", 900);
    const before = values.get("run:A")?.bytesPerSecond ?? 0;
    pass(10_000);
    expect(values.get("run:A")?.bytesPerSecond).toBeLessThan(before / 4);
  });

  it("forgets blobs and images that are over, and everything with the run", () => {
    board.runStarted("A", 0, 1000);
    board.report({ kind: "image", runId: "A", imageId: 3, bytes: 1, total: 10, over: false });
    const blob = {
      kind: "blob",
      runId: "A",
      imageId: 3,
      repository: "r",
      digest: "d",
      bytes: 1,
      total: 10,
    } as const;
    board.report({ ...blob, over: false });
    expect(values.get("blob:A/r@d")?.bytes).toBe(1);
    board.report({ ...blob, over: true });
    expect(values.get("blob:A/r@d")).toBeNull();
    board.runEnded("A");
    expect([values.get("run:A"), values.get("image:A/3")]).toEqual([null, null]);
    board.report({ ...blob, over: false });
    expect(values.get("blob:A/r@d")).toBeNull();
    board.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
