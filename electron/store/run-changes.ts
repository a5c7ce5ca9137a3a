// The ways a run's row goes from one state to another, and what that means for its images and blobs.
import { FreightlinerError, toWire } from "../../shared/errors.ts";
import {
  assertImageTransition,
  assertRunTransition,
  type ImageState,
  isFinished,
  type Run,
  type RunState,
  runStateSchema,
} from "../../shared/run.ts";
import type { Database } from "./database.ts";
import type { Leases } from "./leases.ts";
import { notFound } from "./row-values.ts";

export interface RunChange {
  readonly from: RunState;
  readonly to: RunState;
  readonly reason?: Run["stateReason"];
  readonly error?: FreightlinerError | null;
}

/** To be used inside a write transaction. */
export class RunChanges {
  readonly #leases: Leases;
  readonly #now: () => number;
  readonly #find;
  readonly #move;
  readonly #images;
  readonly #retryImage;
  readonly #blobs;
  readonly #unfinished;
  readonly #dropClaims;
  readonly #otherRun;

  constructor(database: Database, leases: Leases, now: () => number) {
    this.#leases = leases;
    this.#now = now;
    this.#find = database.prepare("SELECT state, planned_at, saved_job_id FROM runs WHERE id = ?");
    this.#move = database.prepare(
      `UPDATE runs SET state = :to, state_reason = :reason, error = :error, wish = NULL,
         lease_owner = :owner, lease_expires = :expires,
         planned_at = iif(:to = 'planned', :now, planned_at),
         started_at = iif(:to = 'running', coalesce(started_at, :now), started_at),
         finished_at = iif(:finished, :now, NULL)
       WHERE id = :id AND state = :from`,
    );
    this.#otherRun = database.prepare(
      `SELECT id, state FROM runs WHERE saved_job_id = ? AND id <> ? AND state IN ('planning', 'queued', 'running', 'paused')
       LIMIT 1`,
    );
    this.#dropClaims = database.prepare("DELETE FROM claims WHERE run_id = ?");
    this.#images = database.prepare(
      "UPDATE images SET state = :to WHERE run_id = :id AND state = :from AND selected = 1",
    );
    this.#retryImage = database.prepare(
      "UPDATE images SET state = 'planned' WHERE run_id = ? AND id = ? AND state = 'failed' AND selected = 1",
    );
    this.#blobs = database.prepare("UPDATE blobs SET state = 'waiting' WHERE run_id = ? AND state = ?");
    this.#unfinished = database.prepare(
      `SELECT count(*) AS count FROM images WHERE run_id = ? AND selected = 1 AND state IN ('planned', 'running')`,
    );
  }

  /** @throws `not-found`. */
  state(runId: string): {
    readonly state: RunState;
    readonly planned: boolean;
    readonly jobId: string | null;
  } {
    const row = this.#find.get([runId]);
    if (row === undefined) throw notFound("run", runId);
    return {
      state: runStateSchema.parse(row.state),
      planned: row.planned_at !== null,
      jobId: row.saved_job_id === null ? null : String(row.saved_job_id),
    };
  }

  /** A saved job has one run at a time; a plan that nobody started is none. @throws `busy`. */
  assertSoleRun(runId: string, jobId: string | null): void {
    const other = jobId === null ? undefined : this.#otherRun.get([jobId, runId]);
    if (other === undefined) return;
    throw new FreightlinerError({
      code: "busy",
      operation: "run-job",
      message: `The run ${other.id} of the same job is ${other.state}; a job has one run at a time.`,
    });
  }

  /** Only `running` holds a lease afterwards: this owner's. What the run claimed is free. @throws `illegal-transition`. */
  move(runId: string, change: RunChange): void {
    assertRunTransition(change.from, change.to);
    const leased = change.to === "running";
    this.#move.run({
      id: runId,
      from: change.from,
      to: change.to,
      reason: change.reason ?? null,
      error: change.error ? JSON.stringify(toWire(change.error)) : null,
      owner: leased ? this.#leases.owner : null,
      expires: leased ? this.#leases.expiry() : null,
      finished: isFinished(change.to) ? 1 : 0,
      now: this.#now(),
    });
    this.#dropClaims.run([runId]);
  }

  /** Takes back what was under way: images that can go on wait again, those of a cancelled run are cancelled. */
  settle(runId: string, change: RunChange): void {
    const givenUp = change.to === "cancelled" || (change.from === "planning" && change.to === "failed");
    this.moveImages(runId, "running", givenUp ? "cancelled" : "planned");
    if (givenUp) this.moveImages(runId, "planned", "cancelled");
    this.#blobs.run([runId, "transferring"]);
  }

  moveImages(runId: string, from: ImageState, to: ImageState): void {
    assertImageTransition(from, to);
    this.#images.run({ id: runId, from, to });
  }

  /** @throws `illegal-transition` where it did not fail. */
  retryImage(runId: string, imageId: number): void {
    if (this.#retryImage.run([runId, imageId]) > 0) return;
    throw new FreightlinerError({
      code: "illegal-transition",
      operation: "retry-run",
      message: `The image ${imageId} of the run ${runId} did not fail; there is nothing to try again.`,
    });
  }

  /** Blobs that failed may be tried again. */
  waitFailedBlobs(runId: string): void {
    this.#blobs.run([runId, "failed"]);
  }

  /** Selected images that have not come to an end. */
  unfinishedImages(runId: string): number {
    return Number(this.#unfinished.get([runId])?.count);
  }
}
