// A signal that hears a stop a moment later, so that what is nearly done can be brought to its end.
import { type Clock, Stopped } from "./ports.ts";

/** Milliseconds; a run that is stopped is paused within a second. */
const patience = 700;

/** Somebody else may have taken the work over, or nobody wants it any more: nothing is finished then. */
function isFinal(reason: unknown): boolean {
  return reason instanceof Stopped && (reason.reason === "user-cancel" || reason.reason === "lease-lost");
}

export interface Lingering {
  readonly signal: AbortSignal;
  /** Lets go of the timer and of the signal that is followed. */
  end(): void;
}

/** @param finishes asked when the stop comes: true where finishing what is under way saves something. */
export function lingering(
  signal: AbortSignal,
  clock: Pick<Clock, "sleep">,
  finishes: () => boolean,
): Lingering {
  const delayed = new AbortController();
  const over = new AbortController();
  const stop = (): void => {
    const { reason } = signal;
    if (isFinal(reason) || !finishes()) {
      delayed.abort(reason);
      return;
    }
    clock.sleep(patience, over.signal).then(
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
