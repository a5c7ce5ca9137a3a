// What processes tell each other through the database of a run that one of them works on: wishes and changed options.
import { z } from "zod";
import { runOptionsSchema } from "../../shared/run.ts";
import { jsonColumn, readRow } from "./row-values.ts";
import type { RunParts } from "./run-parts.ts";
import type { HeldRun, RunRecords } from "./store.ts";

export const wishSchema = z.enum(["pause", "cancel"]);
const heldRow = z.object({
  id: z.string(),
  wish: wishSchema.nullable(),
  options: jsonColumn.pipe(runOptionsSchema),
});

export function runWishes({ database, leases }: RunParts): Pick<RunRecords, "wish" | "held"> {
  const set = database.prepare("UPDATE runs SET wish = ? WHERE id = ? AND state = 'running'");
  const held = database.prepare("SELECT id, wish, options FROM runs WHERE lease_owner = ?");
  return {
    wish: (runId, wish) => database.write("wish-run", () => set.run([wish, runId]) > 0),
    held: () =>
      database.read("held-runs", () => {
        const runs: HeldRun[] = [];
        for (const row of held.all([leases.owner])) {
          const run = readRow(heldRow, row);
          // Options that became unreadable change nothing of what is under way; the run's row is told elsewhere.
          runs.push(run.ok ? run.value : { id: String(row.id), wish: null, options: undefined });
        }
        return runs;
      }),
  };
}
