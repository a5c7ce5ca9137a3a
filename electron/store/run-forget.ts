// Forgets runs of saved jobs that found nothing to do: a schedule would fill the database with them.
import type { RunParts } from "./run-parts.ts";
import type { RunRecords } from "./store.ts";

/** Kept for each job, the newest ones. */
export const keptIdleRuns = 20;

export function forgetter({ database }: RunParts): RunRecords["forgetIdle"] {
  const idle = database.prepare(
    `SELECT runs.id FROM runs JOIN run_tallies AS tallies ON tallies.run_id = runs.id
     WHERE saved_job_id = ? AND state = 'succeeded' AND images_succeeded = 0 AND images_deleted = 0
       AND images_failed = 0 AND attachments_copied = 0 AND bytes_transferred = 0
     ORDER BY runs.id DESC LIMIT -1 OFFSET ${keptIdleRuns}`,
  );
  const remove = database.prepare("DELETE FROM runs WHERE id = ?");
  const removeSpecs = database.prepare(
    "DELETE FROM jobs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.job_id = jobs.id)",
  );
  return (jobId) =>
    database.write("forget-idle-runs", () => {
      const ids = idle.all([jobId]).map((row) => String(row.id));
      for (const id of ids) remove.run([id]);
      if (ids.length > 0) removeSpecs.run();
      return ids;
    });
}
