// Retry-After in both forms, and the Unix time of Docker Hub's web API: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
import { maxRetryAfterMs } from "./limits.ts";

const httpDate = /^[A-Z][a-z]{2,8},? /;
/** A plain number as large as this is a time since 1970 in seconds. */
const unixTime = 1e9;

/**
 * Milliseconds to wait, at most ten minutes; undefined where the header is missing, nonsense or in the past,
 * so that the ordinary backoff counts.
 * @param now milliseconds since 1970.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^[0-9]{1,12}$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  if (!httpDate.test(text)) return undefined;
  return until(Date.parse(text), now);
}

/** `X-Retry-After` of Docker Hub's web API is a Unix time (protocol.md 5.3); elsewhere it may be seconds. */
export function parseXRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^[0-9]{10,12}$/.test(text) && Number(text) >= unixTime) return until(Number(text) * 1000, now);
  return parseRetryAfter(text, now);
}

function until(at: number, now: number): number | undefined {
  if (Number.isNaN(at) || at <= now) return undefined;
  return Math.min(at - now, maxRetryAfterMs);
}
