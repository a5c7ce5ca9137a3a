// The table of saved jobs: kept by name, and their due times taken by one process alone.
import { FreightlinerError } from "../../shared/errors.ts";
import { type CheckedJobInput, type SavedJob, savedJobSchema } from "../../shared/job.ts";
import type { Row } from "./database.ts";
import type { Parked } from "./parked.ts";
import { flagColumn, jsonColumn, notFound, readRow, unreadable } from "./row-values.ts";
import { createRunIds } from "./run-id.ts";
import type { RunParts } from "./run-parts.ts";
import type { JobRecords, RunRecords } from "./store.ts";

const columns = `id, name, spec, schedule, enabled, created_at AS createdAt, next_run_at AS nextRunAt,
  last_run_at AS lastRunAt, last_run_id AS lastRunId, note`;

const jobRow = savedJobSchema.extend({
  spec: jsonColumn.pipe(savedJobSchema.shape.spec),
  schedule: jsonColumn.nullable().pipe(savedJobSchema.shape.schedule),
  enabled: flagColumn,
});

interface JobParts extends RunParts {
  readonly parked: Parked;
  readonly insertRun: RunRecords["insert"];
}

export function jobRecords(parts: JobParts): JobRecords {
  const { database, parked } = parts;
  const all = database.prepare(`SELECT ${columns} FROM saved_jobs ORDER BY name`);
  const one = database.prepare(`SELECT ${columns} FROM saved_jobs WHERE id = ?`);
  const due = database.prepare(
    `SELECT ${columns} FROM saved_jobs WHERE enabled = 1 AND next_run_at <= ? ORDER BY next_run_at, id`,
  );

  function readable(row: Row): SavedJob | undefined {
    const job = readRow(jobRow, row);
    if (job.ok) return job.value;
    parked.add("saved_jobs", String(row.id), job.reason);
    return undefined;
  }

  function get(id: string): SavedJob {
    return database.read("get-job", () => {
      const row = one.get([id]);
      if (row === undefined) throw notFound("job", id);
      const job = readRow(jobRow, row);
      if (job.ok) return job.value;
      throw unreadable("saved_jobs", id, job.reason);
    });
  }

  const readAll = (operation: string, read: () => readonly Row[]): readonly SavedJob[] =>
    database.read(operation, () =>
      read()
        .map(readable)
        .filter((job) => job !== undefined),
    );

  return {
    ...changes(parts, get),
    ...times(parts, get),
    get,
    list: () => readAll("list-jobs", () => all.all()),
    due: () => readAll("due-jobs", () => due.all([parts.now()])),
  };
}

function changes(
  { database, now }: JobParts,
  get: JobRecords["get"],
): Pick<JobRecords, "save" | "remove" | "setEnabled" | "setNote"> {
  const nextId = createRunIds(now);
  const namesake = database.prepare("SELECT 1 FROM saved_jobs WHERE name = ? AND id <> ?");
  const insert = database.prepare(
    `INSERT INTO saved_jobs (id, name, spec, schedule, enabled, created_at, next_run_at)
     VALUES (:id, :name, :spec, :schedule, :enabled, :now, :next)`,
  );
  const replace = database.prepare(
    `UPDATE saved_jobs SET name = :name, spec = :spec, schedule = :schedule, enabled = :enabled, next_run_at = :next,
       note = NULL WHERE id = :id`,
  );
  const remove = database.prepare("DELETE FROM saved_jobs WHERE id = ?");
  const enable = database.prepare("UPDATE saved_jobs SET enabled = ?, next_run_at = ? WHERE id = ?");
  const note = database.prepare("UPDATE saved_jobs SET note = ? WHERE id = ?");

  function assertNameIsFree(name: string, id: string): void {
    if (namesake.get([name, id]) === undefined) return;
    throw new FreightlinerError({
      code: "usage",
      operation: "save-job",
      message: `There is another job named "${name}"; expected a name that no other job has.`,
    });
  }
  function write(job: CheckedJobInput, nextRunAt: number | null): string {
    const id = job.id ?? nextId();
    assertNameIsFree(job.name, id);
    const row = {
      id,
      name: job.name,
      spec: JSON.stringify(job.spec),
      schedule: job.schedule === null ? null : JSON.stringify(job.schedule),
      enabled: job.enabled ? 1 : 0,
      next: nextRunAt,
    };
    if (job.id === undefined) insert.run({ ...row, now: now() });
    else if (replace.run(row) === 0) throw notFound("job", id);
    return id;
  }

  return {
    save: (job, nextRunAt) => database.write("save-job", () => get(write(job, nextRunAt))),
    remove: (id) =>
      database.write("remove-job", () => {
        if (remove.run([id]) === 0) throw notFound("job", id);
      }),
    setEnabled: (id, enabled, nextRunAt) =>
      database.write("enable-job", () => {
        if (enable.run([enabled ? 1 : 0, nextRunAt, id]) === 0) throw notFound("job", id);
        return get(id);
      }),
    setNote: (id, text) =>
      database.write("note-job", () => {
        note.run([text, id]);
      }),
  };
}

function times({ database, insertRun }: JobParts, get: JobRecords["get"]): Pick<JobRecords, "fire"> {
  // Whoever changes the row first has the time; the others find another one in it.
  const take = database.prepare(
    "UPDATE saved_jobs SET next_run_at = :next, note = :note WHERE id = :id AND enabled = 1 AND next_run_at = :due",
  );
  return {
    fire: (job, nextRunAt, what) =>
      database.write("fire-job", () => {
        const note = what.kind === "skip" ? what.note : null;
        const taken = take.run({ id: job.id, due: job.nextRunAt, next: nextRunAt, note }) > 0;
        if (!taken) return { kind: "taken" };
        if (what.kind === "skip") return { kind: "skipped", note: what.note };
        const { spec } = get(job.id);
        return { kind: "run", run: insertRun({ spec, ...what.ends(spec), jobId: job.id }) };
      }),
  };
}
