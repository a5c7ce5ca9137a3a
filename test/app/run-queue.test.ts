// The queue at work: room, priorities, changes in mid-run, and what one process asks of another.
import { expect, it, vi } from "vitest";
import { askOwner } from "../../electron/app/ask-owner.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { JobSpec } from "../../shared/run.ts";
import { putImage } from "../engine/images.ts";
import { jobSpec } from "../store/samples.ts";
import { Gate, type Program, soon, type World, world } from "./processes.ts";

function specOf(repository: string, options: Partial<JobSpec["options"]> = {}): JobSpec {
  return {
    ...jobSpec,
    selection: [
      {
        kind: "repositories",
        names: [repository],
        include: [],
        exclude: [],
        tags: { names: [], include: [], exclude: [], sets: [] },
      },
    ],
    options: { ...jobSpec.options, ...options },
  };
}

/** A repository of as many images, each with a layer of its own. */
function putImages(of: World, repository: string, count = 1): void {
  for (let at = 0; at < count; at++)
    putImage(of.source, { repository, tag: `v${at}`, layers: [[`${repository}-${at}`, 2000]] });
}

async function planned(by: Program, spec: JobSpec): Promise<string> {
  const { id } = by.queue.plan(spec);
  await expect.poll(() => by.store.runs.get(id).state, soon).toBe("planned");
  return id;
}

function start(by: Program, id: string): void {
  by.store.runs.start(id, []);
  by.queue.enqueue(id);
}

const state = (by: Program, id: string) => expect.poll(() => by.store.runs.get(id).state, soon);

it("runs as many at once as there is room, and takes up more when the room grows", async () => {
  const w = world();
  const one = w.program("one", { parallelRuns: 1 });
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) {
    putImages(w, name);
    ids.push(await planned(one, specOf(name)));
  }
  const gate = new Gate(w.source, "get-blob");
  for (const id of ids) start(one, id);
  await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
  expect(one.begun).toEqual(ids.slice(0, 1));
  one.room.set(3);
  expect(one.begun).toEqual(ids);
  one.room.set(1);
  expect(one.queue.active).toBe(3);
  gate.open();
  for (const id of ids) await state(one, id).toBe("succeeded");
});

it("tells that nothing runs only when nothing waits either: what quits or updates then must not do so between two runs", async () => {
  const w = world();
  const one = w.program("one", { parallelRuns: 1 });
  const ids: string[] = [];
  for (const name of ["a", "b"]) {
    putImages(w, name);
    ids.push(await planned(one, specOf(name)));
  }
  const told: number[] = [];
  one.queue.onActivity((active) => told.push(active));
  const gate = new Gate(w.source, "get-blob");
  for (const id of ids) start(one, id);
  gate.open();
  for (const id of ids) await state(one, id).toBe("succeeded");
  await expect.poll(() => told.at(-1), soon).toBe(0);
  expect(told.indexOf(0)).toBe(told.length - 1);
});

it("begins what has a higher priority first, and what was moved before others", async () => {
  const w = world();
  const one = w.program("one", { parallelRuns: 1 });
  const ids: Record<string, string> = {};
  for (const name of ["busy", "a", "b", "c"]) {
    putImages(w, name);
    ids[name] = await planned(one, specOf(name));
  }
  const gate = new Gate(w.source, "get-blob");
  for (const id of Object.values(ids)) start(one, id);
  one.queue.adjust(ids.c ?? "", { priority: 2 });
  one.store.runs.move(ids.b ?? "", ids.a ?? "");
  gate.open();
  await state(one, ids.a ?? "").toBe("succeeded");
  expect(one.begun).toEqual([ids.busy, ids.c, ids.b, ids.a]);
});

it("copies more or fewer images at once as soon as a run is adjusted, here or from another process", async () => {
  const w = world();
  putImages(w, "app", 12);
  const one = w.program("one");
  const other = w.program("other", { takesAny: false });
  const id = await planned(one, specOf("app", { parallelImages: 1 }));
  const gate = new Gate(w.source, "get-blob");
  start(one, id);
  const running = () => one.store.runs.images(id, { states: ["running"], offset: 0, limit: 1 }).total;
  await expect.poll(running, soon).toBe(1);
  expect(one.queue.adjust(id, { parallelImages: 3 }).spec.options.parallelImages).toBe(3);
  await expect.poll(running, soon).toBe(3);
  other.queue.adjust(id, { parallelImages: 5 });
  await expect.poll(running, soon).toBe(5);
  gate.open();
  await state(one, id).toBe("succeeded");
  expect(one.store.runs.get(id).spec.options.parallelImages).toBe(5);
});

it("passes a run's own bandwidth on when it begins, when it changes, and when it is over", async () => {
  const w = world();
  putImages(w, "app");
  const one = w.program("one");
  const other = w.program("other", { takesAny: false });
  const limit = vi.spyOn(one.engine.bandwidth, "limitRun");
  const forget = vi.spyOn(one.engine.bandwidth, "forgetRun");
  const id = await planned(one, specOf("app", { bandwidth: 50_000 }));
  const gate = new Gate(w.source, "get-blob");
  start(one, id);
  expect(limit.mock.calls).toEqual([[id, 50_000]]);
  one.queue.adjust(id, { bandwidth: 90_000 });
  expect(limit.mock.lastCall).toEqual([id, 90_000]);
  other.queue.adjust(id, { bandwidth: null });
  await expect.poll(() => limit.mock.lastCall, soon).toEqual([id, null]);
  gate.open();
  await state(one, id).toBe("succeeded");
  expect(forget.mock.calls).toEqual([[id]]);
});

it("R010 pauses, resumes and cancels a run that another process works on", async () => {
  const w = world();
  putImages(w, "app", 3);
  const worker = w.program("worker");
  const id = await planned(worker, specOf("app", { parallelImages: 1 }));
  const gate = new Gate(w.source, "get-blob");
  start(worker, id);
  await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
  const asker = w.program("asker", { takesAny: false });
  expect(await asker.queue.pause(id)).toMatchObject({ state: "paused", stateReason: "user" });
  await expect.poll(() => worker.queue.active, soon).toBe(0);
  expect(worker.events).toContain("run.changed paused");
  expect(asker.events).toContain("run.changed paused");

  // Whoever resumes it runs it; the one that ran it first can be the one that asks.
  asker.store.runs.transition(id, "queued", null);
  asker.queue.enqueue(id);
  expect(asker.begun).toEqual([id]);
  await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
  expect(await worker.queue.cancel(id)).toMatchObject({ state: "cancelled", stateReason: "user" });
  expect(worker.store.runs.images(id, { states: ["cancelled"], offset: 0, limit: 1 }).total).toBe(3);
  gate.open();
});

it("cancels a plan that another process makes, and that process lets go of it", async () => {
  const w = world();
  putImages(w, "app");
  const planner = w.program("planner");
  const asker = w.program("asker", { takesAny: false });
  const gate = new Gate(w.source, "list-tags");
  const { id } = planner.queue.plan(specOf("app"));
  await expect.poll(() => gate.waiting, soon).toBe(1);
  expect(await asker.queue.cancel(id)).toMatchObject({ state: "cancelled", stateReason: "user" });
  await expect.poll(() => gate.waiting, soon).toBe(0);
  expect(planner.store.runs.get(id).state).toBe("cancelled");
});

it("R008 stops a run at once whose process is dead, without waiting for its lease", async () => {
  const w = world();
  putImages(w, "app");
  const dead = w.program("dead");
  const id = await planned(dead, specOf("app"));
  // Claimed and never worked on: its process is gone.
  dead.store.runs.start(id, []);
  dead.store.runs.claim(id);
  const asker = w.program("asker", { takesAny: false });
  expect(asker.store.runs.get(id).state).toBe("running");
  const knowing = w.program("knowing", { takesAny: false, ownerIsGone: (owner) => owner === "dead" });
  expect(await knowing.queue.pause(id)).toMatchObject({ state: "paused", stateReason: "user" });
});

it("says so when another process does not let go, and the wish stays", async () => {
  const wishes: string[] = [];
  const stubborn = { wish: (_: string, wish: string) => wishes.push(wish) > 0 };
  await expect(askOwner(stubborn, "run", "cancel", 150)).rejects.toMatchObject({
    code: "busy",
    operation: "cancel-run",
    message: expect.stringContaining("150 ms"),
  });
  expect(wishes.length).toBeGreaterThan(1);
});

it("R008 takes up the run of a process that lost it, and the loser writes no more", async () => {
  const w = world();
  putImages(w, "app", 4);
  const first = w.program("first");
  const id = await planned(first, specOf("app", { parallelImages: 1 }));
  const gate = new Gate(w.source, "get-blob");
  start(first, id);
  await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
  // The machine slept: the lease is over before its owner can renew it.
  w.clock.time += first.store.leaseMs + 1;
  const second = w.program("second");
  expect(second.begun).toEqual([id]);
  await expect.poll(() => first.queue.active, soon).toBe(0);
  gate.open();
  await state(second, id).toBe("succeeded");
  expect(second.store.runs.get(id).tallies).toMatchObject({ imagesSucceeded: 4, imagesFailed: 0 });
  expect(new Set(w.destination.uploads).size).toBe(w.destination.uploads.length);
});

/** The disk refuses the end of so many runs. */
function refuseEnds(by: Program, times: number): void {
  const { finishRun } = by.store.journal;
  let left = times;
  Object.assign(by.store.journal, {
    finishRun: (...end: Parameters<typeof finishRun>) => {
      if (left-- > 0)
        throw new FreightlinerError({ code: "store", operation: "finish-run", message: "The disk is full." });
      return finishRun(...end);
    },
  });
}

it("R008 ends a run as failed whose end could not be written", async () => {
  const w = world();
  putImages(w, "app");
  const one = w.program("one");
  const id = await planned(one, specOf("app"));
  refuseEnds(one, 1);
  start(one, id);
  await state(one, id).toBe("failed");
  expect(one.store.runs.get(id).error).toMatchObject({ code: "store", message: "The disk is full." });
  await expect.poll(() => one.queue.active, soon).toBe(0);
});

it("R008 keeps no run alive that nobody works on any more: it is taken up when its lease has run out", async () => {
  const w = world();
  putImages(w, "app");
  const one = w.program("one");
  const id = await planned(one, specOf("app"));
  refuseEnds(one, 2);
  start(one, id);
  await expect.poll(() => one.begun.length, soon).toBe(1);
  await expect.poll(() => one.queue.active, soon).toBe(0);
  expect(one.store.runs.get(id).state).toBe("running");
  w.clock.time += one.store.leaseMs + 1;
  // What the queue does at each beat.
  one.store.heartbeat();
  const other = w.program("other");
  expect(other.begun).toEqual([id]);
  await state(other, id).toBe("succeeded");
});

it("R011 brings a blob once that runs of two processes need, and writes a manifest once at a time", async () => {
  const w = world();
  const layers = [["shared", 3000]] as const;
  // One configuration, so one manifest: the same digest under two tags.
  for (const tag of ["v0", "v1"]) putImage(w.source, { repository: "app", tag, layers, config: "same" });
  const programs = [w.program("one", { takesAny: false }), w.program("two", { takesAny: false })];
  const runs: { readonly program: Program; readonly id: string }[] = [];
  for (const [at, program] of programs.entries()) {
    const selection = [{ kind: "image", repository: "app", reference: `v${at}` }] as const;
    runs.push({ program, id: await planned(program, { ...jobSpec, selection: [...selection] }) });
  }
  const gate = new Gate(w.destination, "put-blob");
  for (const { program, id } of runs) start(program, id);
  // The configuration and the layer are on their way, by one run each or by one run both.
  await expect.poll(() => gate.waiting, soon).toBe(2);
  gate.open();
  for (const { program, id } of runs) await state(program, id).toBe("succeeded");
  expect(w.destination.count("put-blob")).toBe(2);
  expect([...w.destination.repository("app").tags.keys()].toSorted()).toEqual(["v0", "v1"]);
  const tallies = runs.map(({ program, id }) => program.store.runs.get(id).tallies);
  expect(tallies.reduce((sum, of) => sum + of.bytesTransferred, 0)).toBe(w.destination.bytesReceived);
});
