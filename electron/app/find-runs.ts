// The runs of a list or of a search; a search through a large history lets the rest of the engine work in between.
import { setImmediate } from "node:timers/promises";
import type { Run } from "../../shared/run.ts";
import type { RunQuery, Store } from "../store/store.ts";

/** Milliseconds of a search until others have their turn. */
const turnMs = 15;

/** @throws the signal's reason where it aborts in the middle of a search. */
export async function findRuns(
  { runs }: Pick<Store, "runs">,
  query: RunQuery & { readonly text?: string | undefined },
  signal: AbortSignal,
): Promise<{ readonly runs: readonly Run[]; readonly total: number }> {
  const { text } = query;
  if (text === undefined || text === "") return runs.list(query);
  const search = runs.search({ ...query, text });
  let turnEnds = performance.now() + turnMs;
  for (let step = search.next(); ; step = search.next()) {
    if (step.done === true) return step.value;
    if (performance.now() < turnEnds) continue;
    await setImmediate();
    signal.throwIfAborted();
    turnEnds = performance.now() + turnMs;
  }
}
