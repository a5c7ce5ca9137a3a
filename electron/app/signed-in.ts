// Runs that wait for a sign-in go on by themselves when there is one.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Services } from "./services.ts";

/**
 * Takes up every run that was paused because one of its sides did not let us in any more.
 * @param endpointId of the endpoint that has a new sign-in; undefined = any, as when a vault was unlocked.
 */
export function resumeSignedIn({ store, queue, log }: Services, endpointId?: string): void {
  for (const { id, state, stateReason, spec } of store.runs.open()) {
    if (state !== "paused" || stateReason !== "sign-in-needed") continue;
    if (endpointId !== undefined && spec.sourceId !== endpointId && spec.destinationId !== endpointId)
      continue;
    try {
      queue.resume(id);
    } catch (thrown) {
      // Another process, or a person, was faster.
      if (!(thrown instanceof FreightlinerError) || thrown.code !== "illegal-transition") throw thrown;
      log.debug({ runId: id }, "a run that waited for a sign-in was taken up elsewhere");
    }
  }
}
