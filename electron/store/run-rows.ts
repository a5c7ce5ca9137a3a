// Reads runs: row, job and tallies as one Run, parsed; with the statements that find them.
import { z } from "zod";
import {
  type JobSpec,
  jobSpecSchema,
  planTotalsSchema,
  type Run,
  runOptionsSchema,
  runSchema,
} from "../../shared/run.ts";
import type { Database, Row, SqlValue } from "./database.ts";
import type { Parked } from "./parked.ts";
import { jsonColumn, notFound, type Readable, readRow, unreadable } from "./row-values.ts";
import type { RunQuery } from "./store.ts";

const columns = `runs.id, runs.job_id, runs.state, runs.state_reason AS stateReason, runs.options, runs.source,
  runs.destination, runs.plan, runs.error, runs.created_at AS createdAt, runs.started_at AS startedAt,
  runs.finished_at AS finishedAt, jobs.spec, tallies.images_succeeded AS imagesSucceeded,
  tallies.images_skipped AS imagesSkipped, tallies.images_failed AS imagesFailed,
  tallies.images_remaining AS imagesRemaining, tallies.bytes_transferred AS bytesTransferred,
  tallies.bytes_present AS bytesPresent, tallies.bytes_mounted AS bytesMounted, tallies.mounts, tallies.retries,
  tallies.active_ms AS activeMs, tallies.images_deleted AS imagesDeleted,
  tallies.attachments_copied AS attachmentsCopied, tallies.bytes_resumed AS bytesResumed, runs.priority, runs.position,
  runs.saved_job_id AS jobId`;
const tables = `runs JOIN jobs ON jobs.id = runs.job_id
  JOIN run_tallies AS tallies ON tallies.run_id = runs.id`;
/**
 * Parameters: states and parked ids, both as JSON arrays; null where a condition does not count.
 */
const listed = `(:states IS NULL OR runs.state IN (SELECT value FROM json_each(:states)))
  AND runs.id NOT IN (SELECT value FROM json_each(:parked))
  AND (:savedJob IS NULL OR runs.saved_job_id = :savedJob)
  AND (:since IS NULL OR runs.created_at >= :since)
  AND (:until IS NULL OR runs.created_at <= :until)
  AND (:endpoint IS NULL OR runs.job_id IN (SELECT id FROM jobs WHERE :endpoint IN (source_id, destination_id)))`;

const shape = runSchema.shape;
/** Plans of before 0002-full-strength.sql lack these: nothing was deleted, resumed or attached then. */
const planColumn = jsonColumn.pipe(
  planTotalsSchema.extend({
    delete: planTotalsSchema.shape.delete.default(0),
    bytesResumable: planTotalsSchema.shape.bytesResumable.default(0),
    attachments: planTotalsSchema.shape.attachments.default(0),
    attachmentsToCopy: planTotalsSchema.shape.attachmentsToCopy.default(0),
    guard: planTotalsSchema.shape.guard.default(null),
  }),
);
const runRow = z.object({
  id: shape.id,
  state: shape.state,
  stateReason: shape.stateReason,
  options: jsonColumn.pipe(runOptionsSchema),
  source: jsonColumn.pipe(shape.source),
  destination: jsonColumn.pipe(shape.destination),
  plan: planColumn,
  error: jsonColumn.nullable().pipe(shape.error),
  createdAt: shape.createdAt,
  priority: shape.priority,
  position: shape.position,
  jobId: shape.jobId,
  startedAt: shape.startedAt,
  finishedAt: shape.finishedAt,
});
const specColumn = jsonColumn.pipe(jobSpecSchema);

/** Specifications can name 100 000 tags; those parsed last are kept, by job. */
const keptSpecs = 200;

export class RunRows {
  readonly #database: Database;
  readonly #parked: Parked;
  readonly #specs = new Map<unknown, { readonly text: unknown; readonly spec: JobSpec }>();
  readonly #one;
  readonly #page;
  readonly #count;
  readonly #queued;
  readonly #ids;
  readonly #idsOf;
  readonly #open;

  constructor(database: Database, parked: Parked) {
    this.#database = database;
    this.#parked = parked;
    this.#one = database.prepare(`SELECT ${columns} FROM ${tables} WHERE runs.id = ?`);
    this.#page = database.prepare(
      `SELECT ${columns} FROM ${tables} WHERE ${listed} ORDER BY runs.id DESC LIMIT :limit OFFSET :offset`,
    );
    this.#count = database.prepare(`SELECT count(*) AS count FROM runs WHERE ${listed}`);
    this.#idsOf = database.prepare(`SELECT id FROM runs WHERE ${listed} ORDER BY id DESC`);
    this.#ids = database.prepare("SELECT id FROM runs");
    this.#open = database.prepare(
      `SELECT ${columns} FROM ${tables}
       WHERE runs.state IN ('planning', 'planned', 'queued', 'running', 'paused') ORDER BY runs.id`,
    );
    this.#queued = database.prepare(
      `SELECT ${columns} FROM ${tables} WHERE runs.state = 'queued' ORDER BY runs.priority DESC, runs.position, runs.id`,
    );
  }

  get(id: string): Run {
    return this.#database.look("get-run", () => {
      const row = this.#one.get([id]);
      if (row === undefined) throw notFound("run", id);
      const run = this.#parse(row);
      if (run.ok) return run.value;
      throw unreadable("runs", id, run.reason);
    });
  }

  /** The runs of these ids that can be read. */
  getAll(ids: readonly string[]): readonly Run[] {
    return ids
      .map((id) => this.#one.get([id]))
      .map((row) => (row === undefined ? undefined : this.#readable(row)))
      .filter((run) => run !== undefined);
  }

  list(query: RunQuery): { readonly runs: readonly Run[]; readonly total: number } {
    return this.#database.read("list-runs", () => {
      const which = conditionsOf(query);
      // A row that turns out unreadable is left out by reading the page again without it.
      for (;;) {
        const parked = this.#parked.ids("runs");
        const rows = this.#page.all({ ...which, parked, limit: query.limit, offset: query.offset });
        const runs = rows.map((row) => this.#readable(row)).filter((run) => run !== undefined);
        if (runs.length < rows.length) continue;
        return { runs, total: Number(this.#count.get({ ...which, parked })?.count) };
      }
    });
  }

  /** Of the runs that meet the conditions, newest first; pages do not count. */
  idsOf(query: RunQuery): readonly string[] {
    const which = { ...conditionsOf(query), parked: this.#parked.ids("runs") };
    return this.#database.look("list-run-ids", () => this.#idsOf.all(which).map((row) => String(row.id)));
  }

  /** Of all runs, also of those that cannot be read. */
  ids(): readonly string[] {
    return this.#database.look("list-run-ids", () => this.#ids.all().map((row) => String(row.id)));
  }

  /** Runs that are not over. */
  open(): readonly Run[] {
    return this.#database.read("list-open-runs", () =>
      this.#open
        .all()
        .map((row) => this.#readable(row))
        .filter((run) => run !== undefined),
    );
  }

  queued(): readonly Run[] {
    return this.#database.read("list-queued-runs", () =>
      this.#queued
        .all()
        .map((row) => this.#readable(row))
        .filter((run) => run !== undefined),
    );
  }

  #readable(row: Row): Run | undefined {
    const run = this.#parse(row);
    if (run.ok) return run.value;
    this.#parked.add("runs", String(row.id), run.reason);
    return undefined;
  }

  #parse(row: Row): Readable<Run> {
    const run = readRow(runRow, row);
    if (!run.ok) return run;
    const tallies = readRow(shape.tallies, row);
    if (!tallies.ok) return tallies;
    const spec = this.#parseSpec(row.job_id, row.spec);
    if (!spec.ok) return spec;
    const { options, ...rest } = run.value;
    return { ok: true, value: { ...rest, spec: { ...spec.value, options }, tallies: tallies.value } };
  }

  #parseSpec(jobId: unknown, text: unknown): Readable<JobSpec> {
    const kept = this.#specs.get(jobId);
    if (kept?.text === text && kept !== undefined) return { ok: true, value: kept.spec };
    const spec = readRow(specColumn, text);
    if (!spec.ok) return spec;
    if (this.#specs.size >= keptSpecs) this.#specs.clear();
    this.#specs.set(jobId, { text, spec: spec.value });
    return spec;
  }
}

function conditionsOf(query: RunQuery): Readonly<Record<string, SqlValue>> {
  const { states, jobId, endpointId, since, until } = query;
  return {
    states: states === undefined ? null : JSON.stringify(states),
    savedJob: jobId ?? null,
    endpoint: endpointId ?? null,
    since: since ?? null,
    until: until ?? null,
  };
}
