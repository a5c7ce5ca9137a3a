// Pausing and resuming everything, and clearing the history by hand and by age.
import { expect, it, vi } from "vitest";
import { manyRunsMethods } from "../../electron/app/api/many-runs.ts";
import { silentLog } from "../../electron/app/log.ts";
import { RunHistory } from "../../electron/app/run-history.ts";
import type { Services } from "../../electron/app/services.ts";
import { emptyPlanTotals } from "../../shared/run.ts";
import { putImage } from "../engine/images.ts";
import { insertRun, jobSpec, testStore } from "../store/samples.ts";
import { Gate, type Program, soon, world } from "./processes.ts";

function methodsOf(program: Program) {
  const { store, queue } = program;
  return manyRunsMethods({ store, queue } as unknown as Services);
}

const context = { signal: new AbortController().signal };

it("pauses what runs and what waits, so that nothing takes the room, and lets all go on", async () => {
  const w = world();
  const one = w.program("one", { parallelRuns: 1 });
  const gate = new Gate(w.source, "get-blob");
  const ids: string[] = [];
  for (const repository of ["a", "b", "c"]) {
    putImage(w.source, { repository, tag: "v", layers: [[repository, 2000]] });
    const selection = [{ kind: "image" as const, repository, reference: "v" }];
    const { id } = one.queue.plan({ ...jobSpec, selection });
    await expect.poll(() => one.store.runs.get(id).state, soon).toBe("planned");
    one.store.runs.start(id, []);
    one.queue.enqueue(id);
    ids.push(id);
  }
  const idle = one.queue.plan({
    ...jobSpec,
    selection: [{ kind: "image", repository: "a", reference: "v" }],
  });
  await expect.poll(() => one.store.runs.get(idle.id).state, soon).toBe("planned");
  await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
  const methods = methodsOf(one);
  const states = () => ids.map((id) => one.store.runs.get(id).state);
  expect(states()).toEqual(["running", "queued", "queued"]);
  expect(await methods["runs.pauseAll"]({}, context)).toEqual({ runs: 3 });
  expect(states()).toEqual(["paused", "paused", "paused"]);
  expect(one.begun).toEqual(ids.slice(0, 1));
  expect(await methods["runs.pauseAll"]({}, context)).toEqual({ runs: 0 });
  gate.open();
  expect(await methods["runs.resumeAll"]({}, context)).toEqual({ runs: 3 });
  await expect.poll(states, soon).toEqual(["succeeded", "succeeded", "succeeded"]);
  expect(one.store.runs.get(idle.id).state).toBe("planned");
});

it("removes runs that are older than the settings say, at the start and every hour", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { store, clock } = testStore();
  const over = (): string => {
    const { id } = insertRun(store);
    store.journal.finishPlanning(id, emptyPlanTotals, null);
    return store.runs.transition(id, "cancelled", "user").id;
  };
  const old = Array.from({ length: 25 }, over);
  clock.time += 86_400_000;
  const young = over();
  const emit = vi.fn();
  const history = new RunHistory({ store, hub: { emit }, log: silentLog, now: clock.now });
  const gone = () => emit.mock.calls.map(([name, { runId }]) => `${name} ${runId}`).toSorted();
  try {
    history.open();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(store.runs.ids()).toHaveLength(26);
    store.settings.set("historyDays", 1);
    clock.time += 60_000;
    await vi.advanceTimersByTimeAsync(3_600_000);
    await vi.waitFor(() => expect(store.runs.ids()).toEqual([young]));
    expect(gone()).toEqual(old.map((id) => `run.removed ${id}`).toSorted());
  } finally {
    history.close();
    vi.useRealTimers();
  }
});
