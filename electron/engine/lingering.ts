// A signal that hears a stop a moment later, so that what is nearly done can be brought to its end.
import { type Clock, Stopped } from "./ports.ts";

/** Milliseconds: what is nearly done is waited for so long, and what moves on well at most so long. */
const patience = 700;
const mostPatience = 7_000;

/** Somebody else may have taken the work over, or nobody wants it any more: nothing is finished then. */
function isFinal(reason: unknown): boolean {
  return reason instanceof Stopped && (reason.reason === "user-cancel" || reason.reason === "lease-lost");
}

export interface Lingering {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the signal that is followed. */
  end(): void;
}

export interface LingeringWork {
  /** Told how long a stop is put off, in milliseconds. */
  lingers(ms: number): void;
  readonly context: { readonly clock: Pick<Clock, "sleep"> };
}

/**
 * @param finishes asked when the stop comes: the milliseconds that what is under way is likely to take yet (Infinity where
 * it does not move), or undefined where finishing it saves nothing.
 */
export function lingering(
  signal: AbortSignal,
  work: LingeringWork,
  finishes: () => number | undefined,
): Lingering {
  const delayed = new AbortController();
  const over = new AbortController();
  const stop = (): void => {
    const { reason } = signal;
    const left = isFinal(reason) ? undefined : finishes();
    if (left === undefined) {
      delayed.abort(reason);
      return;
    }
    // An estimate may be off by half; one beyond all patience would only make the stop late.
    const wanted = patience + left * 1.5;
    const wait = wanted <= mostPatience ? wanted : patience;
    work.lingers(wait);
    work.context.clock.sleep(wait, over.signal).then(
      () => delayed.abort(reason),
      () => undefined,
    );
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    signal: delayed.signal,
    end: () => {
      signal.removeEventListener("abort", stop);
      over.abort(new Stopped("caller"));
    },
  };
}
