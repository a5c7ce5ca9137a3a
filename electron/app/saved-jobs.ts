// Saved jobs as everybody sees them: kept, changed, run now, and told to whoever listens.
import type { CheckedJobInput, SavedJob } from "../../shared/job.ts";
import type { Run } from "../../shared/run.ts";
import type { Store } from "../store/store.ts";
import { nextTime } from "./cron-times.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";
import type { RunQueue } from "./run-queue.ts";

export interface SavedJobsOptions {
  readonly store: Store;
  readonly hub: EventHub;
  readonly queue: RunQueue;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class SavedJobs {
  readonly #options: SavedJobsOptions;

  constructor(options: SavedJobsOptions) {
    this.#options = options;
  }

  /** @throws FreightlinerError `usage` for a schedule that cannot be read or a name that is taken; `not-found`. */
  save(input: CheckedJobInput): SavedJob {
    return this.#tell(this.keep(input));
  }

  /** As `save`, where more is to be kept before anybody is told; `changed` tells it then. */
  keep(input: CheckedJobInput): SavedJob {
    const { store, queue } = this.#options;
    // Both sides must be there now; what becomes of them until it runs is told then.
    queue.ends(input.spec);
    return store.jobs.save(input, this.#next(input));
  }

  /** @throws FreightlinerError `not-found`. */
  remove(jobId: string): void {
    this.#options.store.jobs.remove(jobId);
    this.#options.hub.emit("job.removed", { jobId });
  }

  /** @throws FreightlinerError `not-found`; `usage` where its schedule cannot be read (any more). */
  setEnabled(jobId: string, enabled: boolean): SavedJob {
    const { jobs } = this.#options.store;
    const { schedule } = jobs.get(jobId);
    return this.#tell(jobs.setEnabled(jobId, enabled, this.#next({ schedule, enabled })));
  }

  /** Plans and starts it now. @throws FreightlinerError `busy` where a run of it is not over; `not-found`. */
  run(jobId: string): Run {
    const { store, queue } = this.#options;
    const { spec } = store.jobs.get(jobId);
    const run = store.runs.insert({ spec, ...queue.ends(spec), jobId });
    this.begin(run, jobId);
    return run;
  }

  /** Takes a run of the job that was just inserted to its start. */
  begin(run: Run, jobId: string): void {
    const { store, hub, queue } = this.#options;
    // First of all: a run that was inserted and that nobody plans would hold its job up.
    queue.planAndStart(run, (left, why) => this.note(jobId, `The run ${left.id} was not started: ${why}`));
    for (const older of store.runs.list({ states: ["planned"], offset: 0, limit: -1 }).runs)
      if (older.jobId === jobId) this.#dropPlan(older.id);
    for (const runId of store.runs.forgetIdle(jobId)) hub.emit("run.removed", { runId });
    this.#tell(store.jobs.get(jobId));
  }

  /** A plan that nobody started knows less than the new one will. */
  #dropPlan(runId: string): void {
    const { store, hub, log } = this.#options;
    try {
      hub.emit("run.changed", store.runs.transition(runId, "cancelled", null));
    } catch (thrown) {
      // Somebody else took it in the same moment; the new run goes its way all the same.
      log.warn({ runId, err: thrown }, "an older plan of a job could not be cancelled");
    }
  }

  /** Says why a time of the job brought no run, or one that was not started. */
  note(jobId: string, note: string): void {
    const { store, log } = this.#options;
    log.warn({ jobId, note }, "a job did not run");
    store.jobs.setNote(jobId, note);
    const job = store.jobs.list().find(({ id }) => id === jobId);
    // Removed while its run was planned: nobody is left to be told.
    if (job !== undefined) this.#tell(job);
  }

  /** Tells of a job that was changed in the store. */
  changed(jobId: string): void {
    this.#tell(this.#options.store.jobs.get(jobId));
  }

  #next({ schedule, enabled }: Pick<SavedJob, "schedule" | "enabled">): number | null {
    // Read even where it is disabled, so that what is saved can be enabled.
    const next = schedule === null ? null : nextTime(schedule, this.#options.now());
    return enabled ? next : null;
  }

  #tell(job: SavedJob): SavedJob {
    this.#options.hub.emit("job.changed", job);
    return job;
  }
}
