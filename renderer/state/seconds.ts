// Seconds until a moment, counted down once a second by one timer for everybody.
import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function onSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** @param at milliseconds since 1970; without it nothing is counted and the answer is undefined. */
export function useSecondsUntil(at: number | null | undefined): number | undefined {
  const counts = at !== null && at !== undefined;
  const subscribe = useCallback(
    (listener: () => void) => (counts ? onSecond(listener) : () => undefined),
    [counts],
  );
  return useSyncExternalStore(subscribe, () =>
    counts ? Math.max(0, Math.ceil((at - Date.now()) / 1000)) : undefined,
  );
}
