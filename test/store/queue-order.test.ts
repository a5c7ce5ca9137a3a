// The order of waiting runs: priority, place, age; moved by hand, changed while they run.
import { describe, expect, it } from "vitest";
import type { Store } from "../../electron/store/store.ts";
import { emptyPlanTotals } from "../../shared/run.ts";
import { insertRun, plannedImage, queuedRun, runningRun, testStore } from "./samples.ts";

const illegal = expect.objectContaining({ code: "illegal-transition" });

function queue(store: Store, names: ReadonlyMap<string, string>): string {
  return store.runs
    .queued()
    .map((run) => names.get(run.id) ?? "?")
    .join("");
}

/** Queued runs a, b, c, … in that order. */
function lettered(
  store: Store,
  letters: string,
): { ids: Record<string, string>; names: Map<string, string> } {
  const ids: Record<string, string> = {};
  const names = new Map<string, string>();
  for (const letter of letters) {
    const { id } = queuedRun(store);
    ids[letter] = id;
    names.set(id, letter);
  }
  return { ids, names };
}

describe("the queue", () => {
  it("is worked through by age, and higher priorities first", () => {
    const { store } = testStore();
    const { ids, names } = lettered(store, "abcd");
    expect(queue(store, names)).toBe("abcd");
    expect(store.runs.adjust(ids.c ?? "", { priority: 3 })).toMatchObject({ priority: 3 });
    store.runs.adjust(ids.b ?? "", { priority: -1 });
    expect(queue(store, names)).toBe("cadb");
  });

  it("can be put in any order by hand, again and again", () => {
    const { store } = testStore();
    const { ids, names } = lettered(store, "abcd");
    const move = (run: string, before: string | null) =>
      store.runs.move(ids[run] ?? "", before === null ? null : (ids[before] ?? ""));
    move("d", "a");
    expect(queue(store, names)).toBe("dabc");
    move("a", null);
    expect(queue(store, names)).toBe("dbca");
    move("b", "b");
    expect(queue(store, names)).toBe("dbca");
  });

  it("makes room between two places when halving it comes to an end, and tells of all that moved", () => {
    const { store } = testStore();
    const { ids, names } = lettered(store, "abcd");
    let told = 0;
    for (let round = 0; round < 60; round++) {
      const [run, before] = round % 2 === 0 ? ["c", "b"] : ["b", "c"];
      told = Math.max(told, store.runs.move(ids[run ?? ""] ?? "", ids[before ?? ""] ?? "").length);
      expect(queue(store, names)).toBe(round % 2 === 0 ? "acbd" : "abcd");
    }
    expect(told).toBe(4);
  });

  it("gives a moved run the priority of where it goes", () => {
    const { store } = testStore();
    const { ids, names } = lettered(store, "abc");
    store.runs.adjust(ids.a ?? "", { priority: 5 });
    expect(store.runs.move(ids.c ?? "", ids.a ?? "")).toMatchObject([{ priority: 5 }]);
    expect(queue(store, names)).toBe("cab");
    expect(store.runs.move(ids.c ?? "", null)).toMatchObject([{ priority: 0 }]);
    expect(queue(store, names)).toBe("abc");
  });

  it("has no place for what does not wait", () => {
    const { store } = testStore();
    const { id } = queuedRun(store);
    const running = runningRun(store);
    expect(() => store.runs.move(running.id, null)).toThrow(illegal);
    expect(() => store.runs.move(id, running.id)).toThrow(illegal);
    expect(() => store.runs.move("0".repeat(26), id)).toThrow(expect.objectContaining({ code: "not-found" }));
    expect(store.runs.move(id, null)).toMatchObject([{ id }]);
  });

  it("puts what is started or tried again behind, and leaves a resumed run its place", () => {
    const { store } = testStore();
    const { ids, names } = lettered(store, "abc");
    store.runs.transition(ids.a ?? "", "paused", "user");
    store.runs.transition(ids.b ?? "", "cancelled", "user");
    store.runs.retryFailed(ids.b ?? "");
    store.runs.transition(ids.a ?? "", "queued", null);
    expect(queue(store, names)).toBe("acb");
  });
});

describe("adjusting", () => {
  it("keeps what it changes in the run's options, in every state that is not over", () => {
    const { store } = testStore();
    const run = runningRun(store);
    const adjusted = store.runs.adjust(run.id, { parallelImages: 9, bandwidth: 4096 });
    expect(adjusted.spec.options).toEqual({ ...run.spec.options, parallelImages: 9, bandwidth: 4096 });
    expect(store.runs.adjust(run.id, { bandwidth: null }).spec.options).toMatchObject({
      parallelImages: 9,
      bandwidth: null,
    });
    store.journal.finishRun(run.id, "cancelled", "user", null, 1);
    expect(() => store.runs.adjust(run.id, { priority: 1 })).toThrow(illegal);
    store.runs.retryFailed(run.id);
    expect(store.runs.get(run.id).spec.options.parallelImages).toBe(9);
  });
});

describe("a plan with a guard", () => {
  it("cannot be started, and says why", () => {
    const { store } = testStore();
    const { id } = insertRun(store);
    store.journal.addImages(id, [plannedImage()]);
    const guard = "It would delete 500 of 510 tags; expected at most 100.";
    store.journal.finishPlanning(id, { ...emptyPlanTotals, guard }, null);
    expect(() => store.runs.start(id, [])).toThrow(
      expect.objectContaining({ code: "usage", message: guard }),
    );
    expect(store.runs.get(id).state).toBe("planned");
  });
});

describe("a wish", () => {
  it("reaches the process that runs the run, and is gone with its state", () => {
    const { store, other } = testStore();
    const second = other("second");
    const { id } = runningRun(store);
    expect(store.runs.held()).toMatchObject([{ id, wish: null }]);
    expect(second.runs.held()).toEqual([]);
    expect(second.runs.wish(id, "pause")).toBe(true);
    expect(store.runs.held()).toMatchObject([{ id, wish: "pause" }]);
    store.journal.finishRun(id, "paused", "user", null, 1);
    expect(second.runs.wish(id, "cancel")).toBe(false);
    second.runs.transition(id, "queued", null);
    store.runs.claim(id);
    expect(store.runs.held()).toMatchObject([{ id, wish: null }]);
  });

  it("tells of changed options", () => {
    const { store, other } = testStore();
    const { id } = runningRun(store);
    other("second").runs.adjust(id, { parallelImages: 7 });
    expect(store.runs.held()).toMatchObject([{ id, options: { parallelImages: 7 } }]);
  });

  it.each([
    ["pause", "paused"],
    ["cancel", "cancelled"],
  ] as const)("R008 to %s is obeyed where the process that was asked has died", (wish, state) => {
    const { store, other, clock } = testStore();
    const second = other("second");
    const { id } = runningRun(store);
    second.runs.wish(id, wish);
    clock.time += store.leaseMs + 1;
    expect(second.runs.recover()).toMatchObject([{ id, state, stateReason: "user" }]);
    expect(second.runs.queued()).toEqual([]);
  });
});
