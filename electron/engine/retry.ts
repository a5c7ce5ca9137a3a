// What may be tried again, how often and how long after (facts: protocol.md 5.2, 5.3).
import { type FreightlinerError, type Side, toFreightlinerError } from "../../shared/errors.ts";
import type { Clock } from "./ports.ts";

const defaultTries = 6;
/** Milliseconds. */
const baseDelay = 500;
const longestDelay = 60_000;
/** The longest wait that a registry's Retry-After is granted. */
const longestAskedDelay = 10 * 60_000;

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where it happened, for errors that do not say it themselves. */
  readonly side: Side;
  /** In the protocol's words, for errors that are not ours. */
  readonly operation: string;
  /** Told before each further try; may refuse it by returning false. */
  readonly onRetry?: (error: FreightlinerError, attempt: number) => boolean;
}

/**
 * Runs `work` up to six times. Content that does not match its digest is read again once, from scratch: another node may
 * serve it right; then it is permanent. `work` gets the number of the try, from 1, and makes its body anew each time.
 * @throws the last error, said of its side; the signal's reason when stopped.
 */
export async function retrying<T>(options: RetryOptions, work: (attempt: number) => Promise<T>): Promise<T> {
  let mismatches = 0;
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await work(attempt);
    } catch (thrown) {
      options.signal.throwIfAborted();
      const error = toFreightlinerError(thrown, options.operation).at(options.side);
      if (isMismatch(error)) mismatches++;
      const again = error.retryable && attempt < defaultTries && mismatches < 2;
      if (!again || options.onRetry?.(error, attempt) === false) throw error;
      await options.clock.sleep(delayBefore(attempt, error, options.clock), options.signal);
    }
  }
}

function isMismatch(error: FreightlinerError): boolean {
  return error.code === "digest-mismatch" || error.code === "size-mismatch";
}

/** Full jitter, so that many that failed together do not come back together. */
function delayBefore(attempt: number, error: FreightlinerError, clock: Clock): number {
  if (error.retryAfterMs !== undefined && error.retryAfterMs > 0)
    return Math.min(error.retryAfterMs, longestAskedDelay);
  return clock.random() * Math.min(longestDelay, baseDelay * 2 ** (attempt - 1));
}
