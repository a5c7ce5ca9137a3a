// Runs saved jobs when their time has come: each time once, whatever number of processes looks, and never two runs of a job.
import { FreightlinerError } from "../../shared/errors.ts";
import type { SavedJob } from "../../shared/job.ts";
import type { FiredRun, SkippedTime, Store } from "../store/store.ts";
import { nextTime } from "./cron-times.ts";
import type { Log } from "./log.ts";
import type { RunQueue } from "./run-queue.ts";
import type { SavedJobs } from "./saved-jobs.ts";

/** How often it is looked for due jobs, in milliseconds. */
const interval = 5000;
/** Later than that and nobody was there when the time came, in milliseconds: a busy process is not so late. */
const missedAfter = 90_000;
/** A run that seems to begin that much later than now was begun while the clock was wrong, in milliseconds. */
const wrongBy = 24 * 3_600_000;

export interface SchedulesOptions {
  readonly store: Store;
  readonly jobs: SavedJobs;
  readonly queue: RunQueue;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Schedules {
  readonly #options: SchedulesOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastLook = Number.POSITIVE_INFINITY;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  open(): void {
    this.#timer = setInterval(() => this.#look(() => this.tick()), interval);
    this.#timer.unref();
    this.#look(() => this.#goOn());
    this.#look(() => this.tick());
  }

  /** Nobody catches what a timer throws; what is due stays due, and the next look tries again. */
  #look(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#options.log.error({ err: thrown }, "looking for due jobs failed");
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Runs what is due now. @throws FreightlinerError `store`. */
  tick(): void {
    const now = this.#options.now();
    const setBack = now < this.#lastLook;
    this.#lastLook = now;
    // At the first look, too: nobody knows what the clock showed before.
    if (setBack) for (const job of this.#options.store.jobs.list()) this.#look(() => this.#bringForward(job));
    const due = this.#options.store.jobs.due();
    if (due.length > 0) this.#goOn();
    for (const job of due) this.#fire(job);
  }

  /** What was reckoned from a later time would come too late. */
  #bringForward(job: SavedJob): void {
    const now = this.#options.now();
    const { schedule, nextRunAt, lastRunAt } = job;
    if (schedule === null || nextRunAt === null || nextRunAt <= now) return;
    const ranAhead = lastRunAt !== null && lastRunAt > now && lastRunAt - now < wrongBy;
    // The time that a clock shows twice was taken the first time.
    const next = nextTime(schedule, ranAhead ? lastRunAt : now);
    if (next !== null && next < nextRunAt)
      this.#take(job, next, { kind: "skip", note: "The clock was set back; the next run is reckoned anew." });
  }

  /** Nobody sits in front of a scheduled job: what the end of a program paused goes on by itself, or would hold it up for ever. */
  #goOn(): void {
    const { store, queue, log } = this.#options;
    const paused = store.runs.list({ states: ["paused"], offset: 0, limit: -1 }).runs;
    const left = paused.filter((run) => run.jobId !== null && run.stateReason === "shutdown");
    if (left.length === 0) return;
    const scheduled = new Set(store.jobs.list().flatMap((job) => (job.nextRunAt === null ? [] : [job.id])));
    for (const run of left) {
      if (run.jobId === null || !scheduled.has(run.jobId)) continue;
      log.info(
        { jobId: run.jobId, runId: run.id },
        "a scheduled run goes on that a program's end had paused",
      );
      this.#look(() => queue.resume(run.id));
    }
  }

  #fire(job: SavedJob): void {
    const { now, queue } = this.#options;
    const due = job.nextRunAt ?? now();
    const time = new Date(due).toISOString();
    let next: number | null = null;
    try {
      next = job.schedule === null ? null : nextTime(job.schedule, now());
      const late = now() - due > missedAfter;
      if (late && job.schedule?.missed === "skip")
        this.#take(job, next, { kind: "skip", note: `The run of ${time} was missed: no program was there.` });
      else this.#take(job, next, { kind: "run", ends: (spec) => queue.ends(spec) });
    } catch (thrown) {
      if (!(thrown instanceof FreightlinerError) || thrown.code === "store") throw thrown;
      // The time is over all the same: a job that cannot run now would hold up every look.
      this.#take(job, next, { kind: "skip", note: `The run of ${time} was left out: ${thrown.message}` });
    }
  }

  #take(job: SavedJob, next: number | null, what: FiredRun | SkippedTime): void {
    const { jobs, log, store } = this.#options;
    const result = store.jobs.fire(job, next, what);
    switch (result.kind) {
      case "taken":
        return;
      case "skipped":
        log.warn({ jobId: job.id, note: result.note }, "a job did not run");
        jobs.changed(job.id);
        return;
      case "run":
        log.info({ jobId: job.id, runId: result.run.id }, "a job runs by its schedule");
        jobs.begin(result.run, job.id);
        return;
    }
  }
}
