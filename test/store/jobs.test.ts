// Saved jobs in the store: by name, parked when unreadable, and each due time taken by one process alone.
import SqliteDriver from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../../electron/store/store.ts";
import { type SavedJob, savedJobInputSchema } from "../../shared/job.ts";
import { insertRun, jobSpec, testStore } from "./samples.ts";

const usage = expect.objectContaining({ code: "usage" });
const notFound = expect.objectContaining({ code: "not-found" });
const end = { id: "source", name: "Source", address: "localhost:5000" };
const run = {
  kind: "run",
  ends: () => ({ source: end, destination: { ...end, id: "destination" } }),
} as const;

function save(
  store: Store,
  name: string,
  nextRunAt: number | null,
  more: { id?: string; enabled?: boolean } = {},
) {
  const schedule = { cron: "0 2 * * *", timeZone: "UTC" };
  return store.jobs.save(savedJobInputSchema.parse({ name, spec: jobSpec, schedule, ...more }), nextRunAt);
}

describe("saved jobs", () => {
  it("are listed by name, replaced by id, and have names of their own", () => {
    const { store, other, clock } = testStore();
    const weekly = save(store, "weekly", 200);
    const daily = save(store, "daily", 100);
    expect(weekly).toMatchObject({
      createdAt: clock.time,
      nextRunAt: 200,
      lastRunAt: null,
      enabled: true,
      note: null,
    });
    expect(other("second").jobs.list()).toEqual([daily, weekly]);
    expect(() => save(store, "daily", 1)).toThrow(usage);
    expect(() => save(store, "daily", 1, { id: weekly.id })).toThrow(usage);
    expect(save(store, "daily", 300, { id: daily.id })).toEqual({ ...daily, nextRunAt: 300 });
    expect(() => save(store, "new", 1, { id: "0".repeat(26) })).toThrow(notFound);
    store.jobs.remove(weekly.id);
    expect(store.jobs.list()).toHaveLength(1);
    for (const gone of [
      () => store.jobs.get(weekly.id),
      () => store.jobs.remove(weekly.id),
      () => store.jobs.setEnabled(weekly.id, true, 1),
      () => insertRun(store, jobSpec, weekly.id),
    ])
      expect(gone).toThrow(notFound);
    expect(store.runs.list({ offset: 0, limit: 1 }).total).toBe(0);
  });

  it("R012 that cannot be read stay in their table, and are told", () => {
    const { store, file, clock } = testStore();
    const bad = save(store, "bad", clock.time);
    save(store, "good", clock.time);
    const driver = new SqliteDriver(file);
    driver.prepare("UPDATE saved_jobs SET schedule = '{\"cron\":7}' WHERE id = ?").run(bad.id);
    driver.close();
    expect(store.jobs.list().map((job) => job.name)).toEqual(["good"]);
    expect(store.jobs.due().map((job) => job.name)).toEqual(["good"]);
    expect(() => store.jobs.get(bad.id)).toThrow(expect.objectContaining({ code: "store" }));
    expect(store.parked()).toMatchObject([{ table: "saved_jobs", id: bad.id }]);
    store.jobs.remove(bad.id);
    expect(store.parked()).toEqual([]);
  });

  it("keep their runs apart: no second one while one is not over, plans that wait left aside", () => {
    const { store, clock } = testStore();
    const job = save(store, "nightly", null);
    const first = insertRun(store, jobSpec, job.id);
    expect(store.jobs.get(job.id)).toMatchObject({ lastRunId: first.id, lastRunAt: clock.time });
    const busy = expect.objectContaining({ code: "busy", message: expect.stringContaining(first.id) });
    expect(() => insertRun(store, jobSpec, job.id)).toThrow(busy);
    store.journal.finishPlanning(first.id, first.plan, null);
    const second = insertRun(store, jobSpec, job.id);
    expect(() => store.runs.start(first.id, [])).toThrow(expect.objectContaining({ code: "busy" }));
    expect(store.runs.get(first.id).state).toBe("planned");
    store.runs.transition(second.id, "cancelled", "user");
    expect(store.runs.start(first.id, []).state).toBe("queued");
    insertRun(store);
  });
});

const step = fc.record({
  what: fc.constantFrom("look", "fire", "fire", "pass", "pass", "end", "skip", "toggle"),
  second: fc.boolean(),
  kept: fc.nat({ max: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Two processes that look, and take times by what they have just read or read long ago. */
class TwoLookers {
  readonly #one = testStore();
  readonly #second = this.#one.other("second");
  readonly #id = save(this.#one.store, "nightly", this.#one.clock.time + 5).id;
  readonly #seen: SavedJob[] = [];
  readonly taken: number[] = [];
  fired = 0;

  play({ what, second, kept }: Step): void {
    const actor = second ? this.#second : this.#one.store;
    const { clock } = this.#one;
    switch (what) {
      case "look":
        this.#seen.push(...actor.jobs.due());
        return;
      case "pass":
        clock.time += 6;
        return;
      case "toggle":
        actor.jobs.setEnabled(this.#id, kept > 0, kept > 0 ? clock.time + 5 : null);
        return;
      case "end":
        endRuns(actor);
        return;
      case "fire":
      case "skip":
        this.#take(actor, kept > 1 ? actor.jobs.due()[0] : this.#seen.at(-1 - kept), what);
    }
  }

  #take(actor: Store, job: SavedJob | undefined, what: "fire" | "skip"): void {
    if (job === undefined) return;
    this.#seen.push(job);
    const { store, clock } = this.#one;
    const before = open(store);
    try {
      const result = actor.jobs.fire(job, clock.time + 5, what === "skip" ? { kind: "skip", note: "" } : run);
      if (result.kind === "taken") return;
      this.taken.push(job.nextRunAt ?? 0);
      if (result.kind === "run") this.fired++;
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "busy" });
      expect(before).toBe(1);
      // The time was not taken: whoever looks next finds it.
      expect(store.jobs.get(this.#id).nextRunAt).toBe(job.nextRunAt);
    }
    expect(open(store)).toBeLessThanOrEqual(1);
  }
}

describe("a due time", () => {
  it("R011 is taken once, in whatever order processes look, and never runs a job twice at once", () => {
    let fired = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 30, maxLength: 60 }), (steps) => {
        const lookers = new TwoLookers();
        for (const each of steps) lookers.play(each);
        expect(new Set(lookers.taken).size).toBe(lookers.taken.length);
        fired += lookers.fired;
      }),
      { numRuns: 20, interruptAfterTimeLimit: 30_000 },
    );
    // The property says something only where times were taken.
    expect(fired).toBeGreaterThan(10);
  }, 60_000);
});

function open(store: Store): number {
  return store.runs.list({ states: ["planning", "queued", "running", "paused"], offset: 0, limit: 1 }).total;
}

function endRuns(store: Store): void {
  for (const { id } of store.runs.list({ states: ["planning"], offset: 0, limit: 10 }).runs)
    store.runs.transition(id, "cancelled", "user");
}
