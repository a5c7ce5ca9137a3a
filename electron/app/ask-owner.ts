// Asks the process that works on a run to let go of it, through the database that both have open.
import { setTimeout as wait } from "node:timers/promises";
import { FreightlinerError } from "../../shared/errors.ts";
import type { RunRecords, RunWish } from "../store/store.ts";

/**
 * How long the other process is given, in milliseconds: it looks twice a second and stops within one, or at the end of a
 * part that is on its way (engine/lingering.ts).
 */
const patience = 9000;
const interval = 100;

/**
 * Returns once nobody works on the run, however it ended.
 * @throws FreightlinerError `busy` where its process does not let go in time; the wish stays with the run.
 */
export async function askOwner(
  runs: Pick<RunRecords, "wish">,
  runId: string,
  wish: RunWish,
  patienceMs = patience,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (runs.wish(runId, wish)) {
    if (performance.now() > deadline)
      throw new FreightlinerError({
        code: "busy",
        operation: `${wish}-run`,
        message: `Another process works on the run ${runId} and did not stop it within ${patienceMs} ms; it is still asked to.`,
      });
    await wait(interval);
  }
}
