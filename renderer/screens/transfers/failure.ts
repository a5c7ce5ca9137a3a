// Why a run or an image does not go on, in plain words, and what can be done about it right there.
import type { WireError } from "../../../shared/errors.ts";
import type { Run, RunImage } from "../../../shared/run.ts";
import { type Explanation, explainError } from "../../text/errors.ts";
import { transfersText } from "../../text/transfers.ts";

export interface Failure extends Explanation {
  /** The endpoint that it is about, where it is one of the two. */
  readonly endpoint: Run["source"] | undefined;
}

function explained(run: Run, error: WireError): Failure {
  const names = { source: run.source.name, destination: run.destination.name };
  const endpoint =
    error.side === "source" ? run.source : error.side === "destination" ? run.destination : undefined;
  return { ...explainError(error, names), endpoint };
}

/** A whole run's failure: it could not be planned, or waits for a sign-in. */
export function runFailure(run: Run): Failure | undefined {
  if (run.error !== null && (run.state === "failed" || run.state === "paused"))
    return explained(run, run.error);
  if (run.state !== "paused" || run.stateReason !== "sign-in-needed") return undefined;
  return {
    sentence: transfersText.signInNeeded,
    detail: transfersText.signInNeeded,
    action: "sign-in",
    advice: "",
    endpoint: run.destination,
  };
}

/** What a run is waiting for to come right, in a sentence. */
export function troubleText(run: Run, error: WireError): string {
  return explained(run, error).sentence;
}

export function imageFailure(run: Run, image: RunImage): Failure | undefined {
  return image.state === "failed" && image.error !== null ? explained(run, image.error) : undefined;
}
