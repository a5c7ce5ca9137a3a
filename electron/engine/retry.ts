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
/** Tries that count for nothing (the host asked for a pause, or is being waited for) end at last after so many milliseconds. */
const longestPatience = 12 * 60 * 60_000;

/**
 * What a failure means for the tries: `counts` uses one up and waits; `free` uses none up and goes back to the host's door,
 * which holds it as long as is right; `stop` ends them.
 */
export type Ruling = "counts" | "free" | "stop";

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where it happened, for errors that do not say it themselves. */
  readonly side: Side;
  /** In the protocol's words, for errors that are not ours. */
  readonly operation: string;
  /** Told before each further try, with the number of the try that failed; may refuse it by returning false. */
  readonly onRetry?: (error: FreightlinerError, attempt: number) => boolean;
  /** Asked about errors that another try may cure; without it all count. */
  readonly rule?: (error: FreightlinerError) => Ruling;
}

/**
 * Runs `work` up to six times, eight where the host cannot be reached. Content that does not match its digest is read again once, from scratch: another node may
 * serve it right; then it is permanent. `work` gets the number of the try, from 1, and makes its body anew each time.
 * @throws the last error, said of its side; the signal's reason when stopped.
 */
export async function retrying<T>(options: RetryOptions, work: (attempt: number) => Promise<T>): Promise<T> {
  const { clock, signal } = options;
  const began = clock.monotonic();
  let mismatches = 0;
  let counted = 0;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work(attempt);
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toFreightlinerError(thrown, options.operation).at(options.side);
      if (isMismatch(error)) mismatches++;
      const ruling = error.retryable ? (options.rule?.(error) ?? "counts") : "stop";
      if (ruling === "counts") counted++;
      const again = ruling !== "stop" && counted < triesOf(error) && mismatches < 2;
      const patient = ruling === "counts" || clock.monotonic() - began < longestPatience;
      if (!again || !patient || options.onRetry?.(error, attempt) === false) throw error;
      if (ruling === "counts") await clock.sleep(delayBefore(counted, error, clock), signal);
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
