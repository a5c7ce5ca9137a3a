// A search through the history lets others work in between, and ends when nobody waits for it any more.
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { findRuns } from "../../electron/app/find-runs.ts";
import type { Run } from "../../shared/run.ts";
import { insertRun, plannedImage, testStore } from "../store/samples.ts";

const page = { offset: 0, limit: 10 };

describe("findRuns", () => {
  it("gives others their turn between the steps of a long search", async () => {
    const { store } = testStore();
    const step = (): void => {
      const until = performance.now() + 6;
      while (performance.now() < until);
    };
    const search = function* (): Generator<undefined, { runs: Run[]; total: number }> {
      for (let at = 0; at < 30; at++) {
        step();
        yield;
      }
      return { runs: [], total: 7 };
    };
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const slow = { runs: { ...store.runs, search } };
    const found = await findRuns(slow, { ...page, text: "x" }, new AbortController().signal);
    clearInterval(timer);
    expect(found.total).toBe(7);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it("ends in the middle when it is given up", async () => {
    const { store } = testStore();
    const { id } = insertRun(store);
    store.journal.addImages(
      id,
      Array.from({ length: 1000 }, () => plannedImage()),
    );
    const endless = function* (): Generator<undefined, { runs: Run[]; total: number }> {
      for (;;) yield;
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 30);
    const runs = { ...store.runs, search: endless };
    await expect(findRuns({ runs }, { ...page, text: "x" }, stop.signal)).rejects.toThrow("enough");
    const signal = new AbortController().signal;
    expect((await findRuns(store, { ...page, text: "TEAM/app" }, signal)).total).toBe(1);
    expect((await findRuns(store, { ...page, text: "" }, signal)).total).toBe(1);
  });
});
