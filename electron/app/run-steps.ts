// The two steps of a run as this process takes them: planned and replicated, over endpoints that can fail to open.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import type { EngineContext } from "../engine/context.ts";
import { planRun } from "../engine/plan.ts";
import { type RunRequest, Stopped } from "../engine/ports.ts";
import { replicateRun } from "../engine/replicate.ts";
import type { Store } from "../store/store.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { LiveRunControl } from "./run-control.ts";
import { openRequest } from "./run-request.ts";

export interface RunStepsOptions {
  readonly store: Store;
  readonly pool: EndpointPool;
  readonly engine: EngineContext;
}

/** planning → planned, failed, or cancelled by the signal. @throws the signal's reason where the lease was lost; `store`. */
export async function planStep(
  { store, pool, engine }: RunStepsOptions,
  run: Run,
  signal: AbortSignal,
): Promise<Run> {
  try {
    return await planRun(await openRequest(pool, store.namedRepositories, run), engine, signal);
  } catch (thrown) {
    if (thrown instanceof Stopped && thrown.reason === "lease-lost") throw thrown;
    if (signal.aborted) return store.runs.transition(run.id, "cancelled", "user");
    return store.journal.finishPlanning(run.id, run.plan, toFreightlinerError(thrown, "plan"));
  }
}

/**
 * running → its end. An endpoint that cannot even be opened pauses nothing: the run fails with that error and can be retried.
 * @throws as `replicateRun`.
 */
export async function replicateStep(
  { store, pool, engine }: RunStepsOptions,
  run: Run,
  control: LiveRunControl,
  signal: AbortSignal,
): Promise<Run> {
  let request: RunRequest;
  try {
    request = await openRequest(pool, store.namedRepositories, run, control);
  } catch (thrown) {
    return store.journal.finishRun(run.id, "failed", null, toFreightlinerError(thrown, "open-endpoint"), 0);
  }
  return replicateRun(request, engine, signal);
}
