// Forgets runs: those of saved jobs that found nothing to do, which a schedule would fill the database with, and ended ones.
import type { RunParts } from "./run-parts.ts";
import type { RunRecords } from "./store.ts";

/** Kept for each job, the newest ones. */
export const keptIdleRuns = 20;

const removeSpecsText = "DELETE FROM jobs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.job_id = jobs.id)";

export function endRemover({ database }: RunParts): RunRecords["removeEnded"] {
  const ended = database.prepare(
    `SELECT id FROM runs WHERE finished_at IS NOT NULL AND state IN ('succeeded', 'failed', 'cancelled')
       AND (:before IS NULL OR finished_at < :before)
       AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
     ORDER BY finished_at LIMIT :limit`,
  );
  const remove = database.prepare("DELETE FROM runs WHERE id = ?");
  const removeSpecs = database.prepare(`${removeSpecsText}`);
  return ({ before, states }, limit) =>
    database.write("remove-ended-runs", () => {
      const which = { before: before ?? null, states: states === undefined ? null : JSON.stringify(states) };
      const ids = ended.all({ ...which, limit }).map((row) => String(row.id));
      for (const id of ids) remove.run([id]);
      if (ids.length > 0) removeSpecs.run();
      return ids;
    });
}

export function forgetter({ database }: RunParts): RunRecords["forgetIdle"] {
  const idle = database.prepare(
    `SELECT runs.id FROM runs JOIN run_tallies AS tallies ON tallies.run_id = runs.id
     WHERE saved_job_id = ? AND state = 'succeeded' AND images_succeeded = 0 AND images_deleted = 0
       AND images_failed = 0 AND attachments_copied = 0 AND bytes_transferred = 0
     ORDER BY runs.id DESC LIMIT -1 OFFSET ${keptIdleRuns}`,
  );
  const remove = database.prepare("DELETE FROM runs WHERE id = ?");
  const removeSpecs = database.prepare(`${removeSpecsText}`);
  return (jobId) =>
    database.write("forget-idle-runs", () => {
      const ids = idle.all([jobId]).map((row) => String(row.id));
      for (const id of ids) remove.run([id]);
      if (ids.length > 0) removeSpecs.run();
      return ids;
    });
}
