// Saved jobs and their schedules, with a clock that is turned by hand.
import { describe, expect, it, onTestFinished } from "vitest";
import { keptIdleRuns } from "../../electron/store/run-forget.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { type SavedJob, savedJobInputSchema } from "../../shared/job.ts";
import { emptyPlanTotals, isFinished } from "../../shared/run.ts";
import { putImage } from "../engine/images.ts";
import { failure } from "../engine/memory-endpoint.ts";
import { insertRun, jobSpec, runningRun } from "../store/samples.ts";
import { Gate, type Program, soon, type World, world } from "./processes.ts";

const minute = 60_000;
const hour = 60 * minute;

interface Wanted {
  readonly name?: string;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly missed?: "run-once" | "skip";
  readonly enabled?: boolean;
}

function save(by: Program, { name = "nightly", enabled = true, ...schedule }: Wanted = {}): SavedJob {
  const input = {
    name,
    spec: jobSpec,
    enabled,
    schedule: { cron: "0 2 * * *", timeZone: "UTC", ...schedule },
  };
  return by.jobs.save(savedJobInputSchema.parse(input));
}

function stage(): { readonly w: World; readonly one: Program } {
  const w = world();
  putImage(w.source, { repository: "team/app", tag: "v1", layers: [["layer", 1000]] });
  return { w, one: w.program("one") };
}

function at(w: World, time: string): void {
  w.clock.time = Date.parse(time);
}

const runsOf = (by: Program) => by.store.runs.list({ offset: 0, limit: 1000 }).runs;
const job = (by: Program, { id }: SavedJob) => by.store.jobs.get(id);

async function allOver(by: Program): Promise<void> {
  await expect.poll(() => runsOf(by).every((run) => isFinished(run.state)), soon).toBe(true);
}

describe("a due job", () => {
  it("is planned, started and finished by itself, and tells when it comes next", async () => {
    const { w, one } = stage();
    const saved = save(one);
    expect(saved.nextRunAt).toBe(Date.UTC(2026, 0, 1, 2));
    at(w, "2026-01-01T01:59:59Z");
    one.schedules.tick();
    expect(runsOf(one)).toEqual([]);
    at(w, "2026-01-01T02:00:01Z");
    one.schedules.tick();
    one.schedules.tick();
    expect(runsOf(one)).toMatchObject([{ state: "planning", jobId: saved.id }]);
    await allOver(one);
    expect(runsOf(one)).toMatchObject([{ state: "succeeded", tallies: { imagesSucceeded: 1 } }]);
    expect(job(one, saved)).toMatchObject({
      nextRunAt: Date.UTC(2026, 0, 2, 2),
      lastRunAt: w.clock.time,
      lastRunId: runsOf(one)[0]?.id,
      note: null,
    });
    expect(one.events.filter((event) => event.startsWith("job."))).toHaveLength(2);
  });

  it("R011 runs once, however many processes look for it, also where one read the job before", async () => {
    const { w, one } = stage();
    const others = [w.program("two"), w.program("three")];
    save(one);
    at(w, "2026-01-01T02:00:10Z");
    const stale = others[0]?.store.jobs.due()[0];
    for (const program of [one, ...others]) program.schedules.tick();
    await allOver(one);
    expect(runsOf(one)).toHaveLength(1);
    const what = { kind: "skip", note: "never" } as const;
    if (stale === undefined) throw new Error("the job was not due");
    expect(others[0]?.store.jobs.fire(stale, w.clock.time + hour, what)).toEqual({ kind: "taken" });
    expect(one.store.jobs.get(stale.id)).toMatchObject({ nextRunAt: Date.UTC(2026, 0, 2, 2), note: null });
  });

  it("is left out, and says so, while a run of it is not over", async () => {
    const { w, one } = stage();
    const saved = save(one, { cron: "*/10 * * * *" });
    const gate = new Gate(w.source, "get-blob");
    at(w, "2026-01-01T00:10:00Z");
    one.schedules.tick();
    await expect.poll(() => gate.waiting, soon).toBeGreaterThan(0);
    const first = runsOf(one)[0]?.id ?? "";
    for (const state of ["running", "paused"]) {
      if (state === "paused") await one.queue.pause(first);
      w.clock.time += 10 * minute;
      one.schedules.tick();
      const time = new Date(w.clock.time).toISOString();
      expect(job(one, saved).note).toBe(
        `The run of ${time} was left out: The run ${first} of the same job is ${state}; a job has one run at a time.`,
      );
    }
    expect(() => one.jobs.run(saved.id)).toThrow(expect.objectContaining({ code: "busy" }));
    expect(runsOf(one)).toHaveLength(1);
    gate.open();
    one.store.runs.transition(first, "queued", null);
    one.queue.enqueue(first);
    await allOver(one);
    w.clock.time += 10 * minute;
    one.schedules.tick();
    await allOver(one);
    expect(runsOf(one)).toMatchObject([{ state: "succeeded" }, { state: "succeeded" }]);
    expect(job(one, saved)).toMatchObject({ note: null, lastRunId: runsOf(one)[0]?.id });
  });

  it("comes once a day over the nights when the clocks change", async () => {
    const { w, one } = stage();
    for (const [from, runs] of [
      ["2026-03-28T00:00:00Z", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]],
      ["2026-10-24T00:00:00Z", ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"]],
    ] as const) {
      at(w, from);
      const saved = save(one, { name: from, cron: "30 2 * * *", timeZone: "Europe/Vienna" });
      const fired: string[] = [];
      for (let turn = 0; turn < 3 * 24 * 12; turn++) {
        w.clock.time += 5 * minute;
        const before = runsOf(one).length;
        one.schedules.tick();
        if (runsOf(one).length === before) continue;
        fired.push(new Date(w.clock.time).toISOString().slice(0, 16));
        await allOver(one);
      }
      expect(fired).toEqual(runs);
      one.jobs.setEnabled(saved.id, false);
    }
  });
});

describe("a run that the end of its program paused", () => {
  it("goes on by itself where its job has a schedule, and the others wait for a person", async () => {
    const { w, one } = stage();
    const saved = save(one);
    const gate = new Gate(w.source, "get-blob");
    const byHand = one.jobs.save(savedJobInputSchema.parse({ name: "by hand", spec: jobSpec }));
    at(w, "2026-01-01T02:00:00Z");
    one.schedules.tick();
    const runs = [one.jobs.run(byHand.id), ...runsOf(one).filter((run) => run.jobId === saved.id)];
    await expect.poll(() => one.queue.active, soon).toBe(2);
    await one.queue.close();
    expect(runsOf(one).map((run) => run.stateReason)).toEqual(["shutdown", "shutdown"]);
    gate.open();

    const two = w.program("two");
    two.schedules.open();
    onTestFinished(() => two.schedules.close());
    await expect.poll(() => two.store.runs.get(runs[1]?.id ?? "").state, soon).toBe("succeeded");
    expect(two.store.runs.get(runs[0]?.id ?? "")).toMatchObject({ state: "paused", stateReason: "shutdown" });
  });

  it("R008 keeps no other job from its time where another process is faster", async () => {
    const { w, one } = stage();
    save(one);
    const later = save(one, { name: "later", cron: "0 3 * * *" });
    const gate = new Gate(w.source, "get-blob");
    at(w, "2026-01-01T02:00:00Z");
    one.schedules.tick();
    await expect.poll(() => one.queue.active, soon).toBe(1);
    await one.queue.close();
    gate.open();
    const two = w.program("two");
    two.queue.resume = () => {
      throw new FreightlinerError({ code: "busy", operation: "change-run-state", message: "It runs." });
    };
    at(w, "2026-01-01T03:00:01Z");
    two.schedules.tick();
    expect(runsOf(two).map((run) => run.jobId)).toContain(later.id);
    await expect.poll(() => job(two, later).lastRunId, soon).not.toBeNull();
  });
});

describe("a clock that is set back", () => {
  it("R011 brings the next time forward again, and takes none twice", async () => {
    const { w, one } = stage();
    const saved = save(one);
    at(w, "2026-01-01T02:00:01Z");
    one.schedules.tick();
    await allOver(one);
    at(w, "2026-01-01T01:59:50Z");
    one.schedules.tick();
    at(w, "2026-01-01T02:00:05Z");
    one.schedules.tick();
    expect(runsOf(one)).toHaveLength(1);
    expect(job(one, saved).nextRunAt).toBe(Date.UTC(2026, 0, 2, 2));

    at(w, "2030-06-01T02:00:00Z");
    one.schedules.tick();
    await allOver(one);
    expect(job(one, saved).nextRunAt).toBe(Date.UTC(2030, 5, 2, 2));
    at(w, "2026-01-01T12:00:00Z");
    one.schedules.tick();
    expect(job(one, saved)).toMatchObject({
      nextRunAt: Date.UTC(2026, 0, 2, 2),
      note: "The clock was set back; the next run is reckoned anew.",
    });
    expect(runsOf(one)).toHaveLength(2);
  });

  it("is seen at the first look, too", () => {
    const { w, one } = stage();
    const now = w.clock.time;
    at(w, "2030-06-01T12:00:00Z");
    const saved = save(one);
    w.clock.time = now;
    const two = w.program("two");
    two.schedules.tick();
    expect(job(two, saved).nextRunAt).toBe(Date.UTC(2026, 0, 1, 2));
  });
});

describe("a time that passed while no program was there", () => {
  it("is made up for once", async () => {
    const { w, one } = stage();
    const saved = save(one, { cron: "0 * * * *", missed: "run-once" });
    w.clock.time += 30 * hour + minute;
    one.schedules.tick();
    await allOver(one);
    one.schedules.tick();
    expect(runsOf(one)).toHaveLength(1);
    expect(job(one, saved).nextRunAt).toBe(Date.UTC(2026, 0, 2, 7));
  });

  it("is left where the job says so, with a word about it", () => {
    const { w, one } = stage();
    const saved = save(one, { cron: "0 * * * *", missed: "skip" });
    w.clock.time += 30 * hour + 2 * minute;
    one.schedules.tick();
    expect(runsOf(one)).toEqual([]);
    expect(job(one, saved)).toMatchObject({
      nextRunAt: Date.UTC(2026, 0, 2, 7),
      note: "The run of 2026-01-01T01:00:00.000Z was missed: no program was there.",
      lastRunId: null,
    });
    expect(one.events.at(-1)).toBe(`job.changed ${saved.id}`);
  });

  it("is none where a busy program is only a little late", async () => {
    const { w, one } = stage();
    save(one, { cron: "0 * * * *", missed: "skip" });
    w.clock.time += hour + 80_000;
    one.schedules.tick();
    await allOver(one);
    expect(runsOf(one)).toHaveLength(1);
  });
});

describe("a job that does not run", () => {
  it("is silent while it is disabled, and goes on from now when it is enabled", () => {
    const { w, one } = stage();
    const saved = save(one, { enabled: false });
    expect(saved.nextRunAt).toBeNull();
    w.clock.time += 100 * hour;
    one.schedules.tick();
    expect(runsOf(one)).toEqual([]);
    expect(one.jobs.setEnabled(saved.id, true).nextRunAt).toBe(Date.UTC(2026, 0, 6, 2));
    expect(one.jobs.setEnabled(saved.id, false)).toMatchObject({ enabled: false, nextRunAt: null });
    one.jobs.remove(saved.id);
    expect(one.events.at(-1)).toContain("job.removed");
    expect(() => one.jobs.setEnabled(saved.id, true)).toThrow(expect.objectContaining({ code: "not-found" }));
  });

  it("says that one of its sides is gone, and is tried again at its next time", () => {
    const { w, one } = stage();
    const saved = save(one);
    one.store.endpoints.remove("destination");
    at(w, "2026-01-01T02:00:01Z");
    one.schedules.tick();
    expect(runsOf(one)).toEqual([]);
    expect(job(one, saved)).toMatchObject({
      nextRunAt: Date.UTC(2026, 0, 2, 2),
      note: expect.stringContaining('There is no endpoint "destination"'),
    });
  });

  it("says why its plan failed", async () => {
    const { w, one } = stage();
    const all = [{ kind: "repositories", tags: {} }];
    const input = { name: "all", spec: { ...jobSpec, selection: all }, schedule: { cron: "0 2 * * *" } };
    const saved = one.jobs.save(savedJobInputSchema.parse(input));
    w.source.fault = () => {
      throw failure("forbidden", "list-repositories", { message: "Nobody may list here." });
    };
    w.clock.time = saved.nextRunAt ?? 0;
    one.schedules.tick();
    await expect.poll(() => job(one, saved).note, soon).not.toBeNull();
    const [run] = runsOf(one);
    expect(run).toMatchObject({ state: "failed", error: { code: "forbidden" } });
    expect(job(one, saved)).toMatchObject({
      lastRunId: run?.id,
      note: `The run ${run?.id} was not started: Nobody may list here.`,
    });
  });

  it("keeps a plan with a guard for a person to look at, until the next time makes a new one", async () => {
    const { w, one } = stage();
    const saved = save(one);
    const guard = "It would delete 500 tags; expected at most 100.";
    const finish = one.store.journal.finishPlanning;
    const guarded = { ...one.engine.journal, finishPlanning: plan(guard) };
    Object.assign(one.engine, { journal: guarded });
    at(w, "2026-01-01T02:00:01Z");
    one.schedules.tick();
    await expect.poll(() => job(one, saved).note, soon).toContain(guard);
    const first = runsOf(one)[0];
    expect(first).toMatchObject({ state: "planned", plan: { guard } });
    Object.assign(one.engine, { journal: { ...guarded, finishPlanning: finish } });
    at(w, "2026-01-02T02:00:01Z");
    one.schedules.tick();
    await allOver(one);
    expect(one.store.runs.get(first?.id ?? "")).toMatchObject({ state: "cancelled" });
    expect(runsOf(one)[0]).toMatchObject({ state: "succeeded", jobId: saved.id });
    expect(job(one, saved).note).toBeNull();

    function plan(text: string): typeof finish {
      return (runId, totals, error) => finish(runId, { ...emptyPlanTotals, ...totals, guard: text }, error);
    }
  });
});

describe("runs of a job that found nothing to do", () => {
  /** One every night, of which the first copies and the others find the image there. */
  async function nights(by: Program, w: World, first: number, last: number): Promise<void> {
    for (let night = first; night <= last; night++) {
      w.clock.time = Date.UTC(2026, 0, night, 2, 0, 1);
      by.schedules.tick();
      await allOver(by);
    }
  }

  it("R002 are forgotten but for the newest, with their images; what did something stays", async () => {
    const { w, one } = stage();
    save(one);
    await nights(one, w, 2, 2);
    const [first] = runsOf(one);
    await nights(one, w, 3, 2 + keptIdleRuns + 4);
    const runs = runsOf(one);
    expect(runs.at(-1)).toMatchObject({ id: first?.id, tallies: { imagesSucceeded: 1 } });
    // Those that are kept, and the one that was still to come when the job was last cleaned.
    expect(runs.length).toBe(1 + keptIdleRuns + 1);
    expect(one.events.filter((event) => event.startsWith("run.removed")).length).toBe(3);
  }, 30_000);
});

describe("an older plan of the job that cannot be cancelled", () => {
  it("R008 does not keep the new run from its turn", async () => {
    const { w, one } = stage();
    const saved = save(one);
    const older = one.store.runs.insert({ spec: jobSpec, ...one.queue.ends(jobSpec), jobId: saved.id });
    one.store.journal.finishPlanning(older.id, emptyPlanTotals, null);
    // Another process takes it in the same moment.
    Object.assign(one.store.runs, {
      transition: () => {
        throw new FreightlinerError({ code: "busy", operation: "change-run-state", message: "It runs." });
      },
    });
    at(w, "2026-01-01T02:00:01Z");
    one.schedules.tick();
    const newer = runsOf(one)[0];
    expect(newer?.id).not.toBe(older.id);
    await expect.poll(() => one.store.runs.get(newer?.id ?? "").state, soon).toBe("succeeded");
  });
});

describe("saving", () => {
  it("refuses a schedule, a name or a side that cannot be, and changes nothing", () => {
    const { one } = stage();
    const saved = save(one);
    const usage = (words: string) =>
      expect.objectContaining({ code: "usage", message: expect.stringContaining(words) });
    expect(() => save(one, { name: "b", cron: "0 25 * * *" })).toThrow(usage('"0 25 * * *"'));
    expect(() => save(one, { name: "b", timeZone: "Vienna" })).toThrow(usage('"Vienna"'));
    expect(() => save(one, { name: "b", cron: "0 25 * * *", enabled: false })).toThrow(usage("0 25"));
    expect(() => save(one)).toThrow(usage('another job named "nightly"'));
    const elsewhere = savedJobInputSchema.parse({ name: "b", spec: { ...jobSpec, sourceId: "nowhere" } });
    expect(() => one.jobs.save(elsewhere)).toThrow(expect.objectContaining({ code: "not-found" }));
    expect(() => one.jobs.save({ ...elsewhere, spec: jobSpec, id: "0".repeat(26) })).toThrow(
      expect.objectContaining({ code: "not-found" }),
    );
    expect(one.store.jobs.list()).toEqual([saved]);
  });

  it("replaces a job under its id, with the next time of its new schedule", () => {
    const { one } = stage();
    const saved = save(one);
    const input = {
      id: saved.id,
      name: "weekly",
      spec: jobSpec,
      schedule: { cron: "0 3 * * sun", timeZone: "UTC" },
    };
    expect(one.jobs.save(savedJobInputSchema.parse(input))).toMatchObject({
      id: saved.id,
      name: "weekly",
      createdAt: saved.createdAt,
      nextRunAt: Date.UTC(2026, 0, 4, 3),
    });
    expect(
      one.jobs.save(savedJobInputSchema.parse({ id: saved.id, name: "by hand", spec: jobSpec })),
    ).toMatchObject({
      schedule: null,
      nextRunAt: null,
    });
    expect(one.store.jobs.list()).toHaveLength(1);
  });
});

describe("running a job by hand", () => {
  it("plans and starts it, without a schedule too, and not twice at once", async () => {
    const { one } = stage();
    const { id } = one.jobs.save(savedJobInputSchema.parse({ name: "by hand", spec: jobSpec }));
    const run = one.jobs.run(id);
    expect(run).toMatchObject({ state: "planning", jobId: id });
    expect(() => one.jobs.run(id)).toThrow(expect.objectContaining({ code: "busy" }));
    await allOver(one);
    expect(one.store.runs.get(run.id).state).toBe("succeeded");
    expect(one.jobs.run(id).jobId).toBe(id);
    await allOver(one);
  });

  it("leaves runs alone that have nothing to do with it", async () => {
    const { one } = stage();
    const { id } = one.jobs.save(savedJobInputSchema.parse({ name: "by hand", spec: jobSpec }));
    const other = insertRun(one.store);
    runningRun(one.store, []);
    one.store.journal.finishPlanning(other.id, emptyPlanTotals, null);
    const run = one.jobs.run(id);
    await expect.poll(() => one.store.runs.get(run.id).state, soon).toBe("succeeded");
    expect(one.store.runs.get(other.id).state).toBe("planned");
  });

  it("cannot be got round: an older plan or a failed run of the job waits for the one that is under way", async () => {
    const { w, one } = stage();
    const { id } = one.jobs.save(savedJobInputSchema.parse({ name: "by hand", spec: jobSpec }));
    w.destination.fault = (call) => {
      if (call.operation === "put-manifest") throw new Error("no");
    };
    const failed = one.jobs.run(id);
    await expect.poll(() => one.store.runs.get(failed.id).state, soon).toBe("failed");
    const gate = new Gate(w.destination, "put-manifest");
    const next = one.jobs.run(id);
    await expect.poll(() => gate.waiting, soon).toBe(1);
    expect(() => one.store.runs.retryFailed(failed.id)).toThrow(expect.objectContaining({ code: "busy" }));
    gate.open();
    await expect.poll(() => one.store.runs.get(next.id).state, soon).toBe("succeeded");
    expect(one.store.runs.retryFailed(failed.id).state).toBe("queued");
  });
});
