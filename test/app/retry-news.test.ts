// What is tried again is told at most once a second and run, with the newest reason.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetryNews } from "../../electron/app/retry-news.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { emptyRunTallies, type Run } from "../../shared/run.ts";

const away = (message: string) =>
  new FreightlinerError({ code: "unreachable", side: "destination", operation: "put-blob", message });

function news(state: Run["state"] = "running") {
  const told: Run[] = [];
  const runs = new Map(["one", "two"].map((id) => [id, { id, state, tallies: emptyRunTallies } as Run]));
  const board = new RetryNews({
    get: (id) => {
      const run = runs.get(id);
      if (run === undefined) throw new Error("removed");
      return run;
    },
    publish: (run) => told.push(run),
    now: () => 42,
  });
  return { told, runs, board };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the news of a retry", () => {
  it("is told once a second and run, with the newest reason", () => {
    const { told, board } = news();
    for (let at = 0; at < 50; at++) board.retried("one", away(`try ${at}`));
    board.retried("two", away("other"));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(told.map((run) => [run.id, run.lastRetry?.at, run.lastRetry?.error.message])).toEqual([
      ["one", 42, "try 49"],
      ["two", 42, "other"],
    ]);
    board.retried("one", away("again"));
    vi.advanceTimersByTime(1000);
    expect(told[2]?.lastRetry?.error).toMatchObject({ code: "unreachable", side: "destination" });
    vi.advanceTimersByTime(10_000);
    expect(told).toHaveLength(3);
  });

  it("is left out where the run is over, removed, or nobody is left to hear it", () => {
    const over = news("succeeded");
    over.board.retried("one", away("late"));
    over.runs.delete("two");
    over.board.retried("two", away("gone"));
    const closed = news();
    closed.board.retried("one", away("closed"));
    closed.board.close();
    vi.advanceTimersByTime(5000);
    expect([...over.told, ...closed.told]).toEqual([]);
  });
});
