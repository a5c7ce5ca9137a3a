// What a destination means that refuses a part or a session: the blob, parts as such, or only this upload.
import { FreightlinerError } from "../../shared/errors.ts";

/** Answers to a first part that say that the destination takes blobs whole only. */
const refusals: ReadonlySet<string> = new Set([
  "unsupported",
  "refused-by-registry",
  "too-large",
  "protocol",
  "registry-failure",
]);

/** A 401 is cured by a new token; a session that was never there in the first place is not cured by asking for it. */
export function refusesParts({ code, status = 0 }: FreightlinerError): boolean {
  return refusals.has(code) || (code === "upload-lost" && status >= 400 && status !== 401);
}

/**
 * The session is of no use where it is refused without any progress: gone on with, it would be refused again and again. A
 * missing right is cured elsewhere, and what may be over in a moment is no refusal.
 */
export function refusesSession({ status = 0, side }: FreightlinerError): boolean {
  return side !== "source" && status >= 400 && status < 500 && ![401, 403, 408, 413, 429].includes(status);
}

/** A new session may fare better, so that another try is worth it. */
export function refusedSession(cause: FreightlinerError): FreightlinerError {
  const { status, operation, message } = cause;
  return new FreightlinerError({
    ...{ code: "upload-lost", operation, cause },
    ...(status === undefined ? {} : { status }),
    message: `The upload cannot go on as it was begun: ${message}`,
  });
}

/** Perhaps only a bad moment: it says nothing of the next blob. */
export const passing = "registry-failure";
