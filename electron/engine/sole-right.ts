// Work that one run at a time may do, over all processes of one database: the others wait and then look what is left to do.
import type { RunScope } from "./run-scope.ts";

/** Milliseconds between two looks whether another run is done. */
const pause = 200;

/**
 * Runs `work` when no other run has the right to it; `waited` says that one had. Within one process whoever uses the same
 * key for the same run has to be kept apart by other means. Rejects with the signal's reason while it waits.
 */
export async function withSoleRight<T>(
  { journal, context }: Pick<RunScope, "journal" | "context">,
  key: string,
  signal: AbortSignal,
  work: (waited: boolean) => Promise<T>,
): Promise<T> {
  let waited = false;
  while (!journal.claim(key)) {
    waited = true;
    signal.throwIfAborted();
    await context.clock.sleep(pause, signal);
  }
  try {
    return await work(waited);
  } finally {
    journal.unclaim(key);
  }
}
