// Retry-After in both forms: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
import { maxRetryAfterMs } from "./limits.ts";

const httpDate = /^[A-Z][a-z]{2,8},? /;

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
  const at = Date.parse(text);
  if (Number.isNaN(at) || at <= now) return undefined;
  return Math.min(at - now, maxRetryAfterMs);
}
