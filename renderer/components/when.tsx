// A point in time in words that stay true ("4 min ago", "in 2 h"), with the exact time as its tooltip.
import { useSyncExternalStore } from "react";
import { readSetting } from "../../shared/settings.ts";
import { useSettings } from "../state/settings.ts";
import { exactTime, relativeTime } from "../text/times.ts";

const tickMs = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One clock for all rows: it stands still while nobody looks. */
function listen(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, tickMs);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The time of the last tick, at most fifteen seconds old. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

export function When({ at, className }: { readonly at: number; readonly className?: string }) {
  const current = useNow();
  const exact = useSettings(({ values }) => readSetting(values, "times") === "exact");
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={exactTime(at)}
      {...(className === undefined ? {} : { className })}
    >
      {exact ? exactTime(at) : relativeTime(at, Math.max(current, Date.now()))}
    </time>
  );
}
