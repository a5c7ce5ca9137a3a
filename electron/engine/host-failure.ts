// What a host failed with: which kind of answer that was to its breaker, and in a few words for who looks on.
import type { FreightlinerError } from "../../shared/errors.ts";
import type { FailedAnswer } from "./breaker.ts";

/** What a front answers that cannot reach the host behind it: https://www.rfc-editor.org/rfc/rfc9110#section-15.6 */
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

export function failedAnswerOf(status: number | undefined): FailedAnswer {
  if (status === undefined) return "none";
  return gatewayStatuses.has(status) ? "gateway" : "refusal";
}

/** Names of the operating system's errors, as every system error carries them in its message. */
const words: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, "connection refused"],
  [/ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET/, "the connection broke"],
  [/ENOTFOUND|EAI_AGAIN|EAI_NODATA/, "the host name could not be resolved"],
  [/EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL/, "no way to the host"],
];

/** `connection refused`, `it answers 503`: without a capital or a full stop, to stand behind a colon. */
export function failureWords({ code, status, message }: FreightlinerError): string {
  if (status !== undefined) return `it answers ${status}`;
  if (code === "timeout") return "no answer in time";
  const known = words.find(([name]) => name.test(message));
  return known?.[1] ?? message.replace(/\.$/, "");
}
