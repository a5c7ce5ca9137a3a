// Runs that wait for a sign-in go on by themselves when there is one.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import type { Services } from "./services.ts";

const waitsForSignIn: ReadonlySet<Run["stateReason"]> = new Set(["sign-in-needed", "secrets-locked"]);

/** Takes up every run that was paused because the endpoint did not let us in any more, or its password could not be read. */
export function resumeSignedIn({ store, queue, log }: Services, endpointId: string): void {
  for (const { id, state, stateReason, spec } of store.runs.open()) {
    if (state !== "paused" || !waitsForSignIn.has(stateReason)) continue;
    if (spec.sourceId !== endpointId && spec.destinationId !== endpointId) continue;
    try {
      queue.resume(id);
    } catch (thrown) {
      // Another process, or a person, was faster.
      if (!(thrown instanceof FreightlinerError) || thrown.code !== "illegal-transition") throw thrown;
      log.debug({ runId: id }, "a run that waited for a sign-in was taken up elsewhere");
    }
  }
}
