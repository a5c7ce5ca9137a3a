// Inserts runs; of a saved job never a second one while one is not over.
import { emptyPlanTotals } from "../../shared/run.ts";
import { notFound } from "./row-values.ts";
import { createRunIds } from "./run-id.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunRecords } from "./store.ts";

/** The new run is leased by this owner. */
export function inserter(parts: RunParts): RunRecords["insert"] {
  const { database, leases, rows, now } = parts;
  const takeJob = jobTaker(parts);
  const nextId = createRunIds(now);
  const insertJob = database.prepare(
    "INSERT INTO jobs (spec, source_id, destination_id, created_at) VALUES (?, ?, ?, ?)",
  );
  const insertRun = database.prepare(
    `INSERT INTO runs (id, job_id, state, options, source, destination, plan, created_at, lease_owner, lease_expires,
       saved_job_id)
     VALUES (:id, :job, 'planning', :options, :source, :destination, :plan, :now, :owner, :expires, :savedJob)`,
  );
  const insertTallies = database.prepare("INSERT INTO run_tallies (run_id) VALUES (?)");
  return ({ spec, source, destination, jobId }) => {
    const id = nextId();
    const run = database.write("add-run", () => {
      if (jobId !== undefined) takeJob(jobId, id);
      const job = insertJob.insert([JSON.stringify(spec), spec.sourceId, spec.destinationId, now()]);
      insertRun.run({
        id,
        job,
        options: JSON.stringify(spec.options),
        source: JSON.stringify(source),
        destination: JSON.stringify(destination),
        plan: JSON.stringify(emptyPlanTotals),
        now: now(),
        owner: leases.owner,
        expires: leases.expiry(),
        savedJob: jobId ?? null,
      });
      insertTallies.run([id]);
      return rows.get(id);
    });
    leases.taken(id);
    return run;
  };
}

/** Makes the new run the job's last one. */
function jobTaker({ database, changes, now }: RunParts): (jobId: string, runId: string) => void {
  const note = database.prepare(
    "UPDATE saved_jobs SET last_run_at = ?, last_run_id = ?, note = NULL WHERE id = ?",
  );
  return (jobId, runId) => {
    changes.assertSoleRun(runId, jobId);
    if (note.run([now(), runId, jobId]) === 0) throw notFound("job", jobId);
  };
}
