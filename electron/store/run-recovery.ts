// Takes up what dead processes left behind.
import { FreightlinerError } from "../../shared/errors.ts";
import type { RunChange } from "./run-changes.ts";
import type { RunParts } from "./run-parts.ts";
import { wishSchema } from "./run-wishes.ts";
import type { RunRecords } from "./store.ts";

/** What dead processes left: their runs and their claims. */
export function recovery({ database, leases, changes, rows, now }: RunParts): RunRecords["recover"] {
  const leased = database.prepare(
    `SELECT id, state, lease_owner AS owner, lease_expires AS expires, wish FROM runs
     WHERE state IN ('planning', 'running') ORDER BY id`,
  );
  const dropClaims = database.prepare("DELETE FROM claims WHERE expires <= ? AND owner <> ?");
  return () =>
    database.write("recover-runs", () => {
      const found = leased.all([]).filter((row) => leases.isAbandoned(row));
      const ids = found.map((row) => String(row.id));
      for (const row of found) {
        const id = String(row.id);
        const change = row.state === "planning" ? planningEnded(id) : runLeft(row.wish);
        changes.move(id, change);
        changes.settle(id, change);
      }
      dropClaims.run([now(), leases.owner]);
      return rows.getAll(ids);
    });
}

function planningEnded(runId: string): RunChange {
  const error = new FreightlinerError({
    code: "cancelled",
    operation: "plan",
    message: `The planning of run ${runId} was interrupted when the program ended; plan it again.`,
  });
  return { from: "planning", to: "failed", error };
}

/** It goes on, unless somebody asked its dead process to stop it. */
function runLeft(wished: unknown): RunChange {
  const wish = wishSchema.safeParse(wished).data;
  if (wish === "cancel") return { from: "running", to: "cancelled", reason: "user" };
  if (wish === "pause") return { from: "running", to: "paused", reason: "user" };
  return { from: "running", to: "queued", reason: "lease-lost" };
}
