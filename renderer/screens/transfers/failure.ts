// Why a run or an image does not go on, in plain words, and what can be done about it right there.
import type { WireError } from "../../../shared/errors.ts";
import type { Run, RunImage } from "../../../shared/run.ts";
import { type Explanation, explainError } from "../../text/errors.ts";
import { transfersText } from "../../text/transfers.ts";

const names = transfersText.detailNames;

export interface Failure extends Explanation {
  /** The endpoint that it is about, where it is one of the two. */
  readonly endpoint: Run["source"] | undefined;
  /** The error itself; none where a run only waits for a sign-in. */
  readonly error: WireError | undefined;
  /** By which the log can be searched. */
  readonly runId: string;
  readonly imageId: number | undefined;
}

function explained(run: Run, error: WireError, imageId?: number): Failure {
  const names = { source: run.source.name, destination: run.destination.name };
  const endpoint =
    error.side === "source" ? run.source : error.side === "destination" ? run.destination : undefined;
  return { ...explainError(error, names), endpoint, error, runId: run.id, imageId };
}

/** A whole run's failure: it could not be planned, or waits for a sign-in. */
export function runFailure(run: Run): Failure | undefined {
  if (run.error !== null && (run.state === "failed" || run.state === "paused"))
    return explained(run, run.error);
  if (run.state === "paused" && run.stateReason === "secrets-locked") return { ...waiting(run), ...locked };
  if (run.state !== "paused" || run.stateReason !== "sign-in-needed") return undefined;
  return {
    ...waiting(run),
    sentence: transfersText.signInNeeded,
    detail: transfersText.signInNeeded,
    action: "sign-in",
    advice: "",
  };
}

const locked = {
  sentence: transfersText.secretsLocked,
  detail: transfersText.secretsLocked,
  action: "unlock",
  advice: "",
} as const;

function waiting(run: Run): Pick<Failure, "endpoint" | "error" | "runId" | "imageId"> {
  return { endpoint: run.destination, error: undefined, runId: run.id, imageId: undefined };
}

/** What a run is waiting for to come right, in a sentence. */
export function troubleText(run: Run, error: WireError): string {
  return explained(run, error).sentence;
}

export function imageFailure(run: Run, image: RunImage): Failure | undefined {
  return image.state === "failed" && image.error !== null ? explained(run, image.error, image.id) : undefined;
}

/** Everything that is known of it, as names and values: for the dialog, and to be copied into a bug report. */
export function failureDetails({ error, runId, imageId }: Failure): readonly (readonly [string, string])[] {
  const details: (readonly [string, string])[] = [];
  if (error !== undefined) {
    details.push([names.code, error.code], [names.side, transfersText.sideNames[error.side]]);
    details.push([names.operation, error.operation]);
    if (error.status !== undefined) details.push([names.status, String(error.status)]);
    for (const cause of error.causes) details.push([names.cause, cause]);
  }
  details.push([names.run, runId]);
  if (imageId !== undefined) details.push([names.image, String(imageId)]);
  return details;
}

export function failureText(failure: Failure): string {
  const lines = failureDetails(failure).map(([name, value]) => `${name}: ${value}`);
  return [failure.sentence, failure.detail, ...lines].join("\n");
}
