// What may be tried again, how often and how long after (facts: protocol.md 5.2, 5.3).
import { type FreightlinerError, type Side, toFreightlinerError } from "../../shared/errors.ts";
import type { Clock } from "./ports.ts";

const defaultTries = 6;
/** A registry that is restarted is away for half a minute; these tries last at least that long. */
const triesOfUnreachable = 8;
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
 * Runs `work` up to six times, eight where the host cannot be reached. Content that does not match its digest is read again once, from scratch: another node may
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
      const again = error.retryable && attempt < triesOf(error) && mismatches < 2;
      if (!again || options.onRetry?.(error, attempt) === false) throw error;
      await options.clock.sleep(delayBefore(attempt, error, options.clock), options.signal);
    }
  }
}

function triesOf(error: FreightlinerError): number {
  return error.code === "unreachable" ? triesOfUnreachable : defaultTries;
}

function isMismatch(error: FreightlinerError): boolean {
  return error.code === "digest-mismatch" || error.code === "size-mismatch";
}

/**
 * Jitter, so that many that failed together do not come back together; over half of the wait only, as a run of short
 * waits would use up all tries before a host is back.
 */
function delayBefore(attempt: number, error: FreightlinerError, clock: Clock): number {
  if (error.retryAfterMs !== undefined && error.retryAfterMs > 0)
    return Math.min(error.retryAfterMs, longestAskedDelay);
  return ((1 + clock.random()) / 2) * Math.min(longestDelay, baseDelay * 2 ** (attempt - 1));
}
