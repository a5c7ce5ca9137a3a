// Takes the speed of all runs and of each once a second, for the throughput chart.
import { progressKey } from "../../shared/contract.ts";
import { movingRuns, progressOf } from "./progress.ts";
import { SpeedRing, windowSeconds } from "./throughput.ts";

const rings = new Map<string, SpeedRing>([[progressKey.total, new SpeedRing()]]);
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let lastAt = 0;

/** Oldest first; all null where the key was not seen moving within the window. */
export function samplesOf(key: string): readonly (number | null)[] {
  return (rings.get(key) ?? new SpeedRing()).toArray();
}

/** Calls `listener` after each sample. Sampling runs while somebody listens. */
export function onSample(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    lastAt = performance.now();
    timer = setInterval(sample, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function sample(): void {
  const now = performance.now();
  // A hidden page is not woken every second and is sent no progress: what was missed stays a gap.
  const missed = Math.min(windowSeconds, Math.max(0, Math.round((now - lastAt) / 1000) - 1));
  lastAt = now;
  for (const key of movingRuns()) if (!rings.has(key)) rings.set(key, new SpeedRing());
  for (const [key, ring] of rings) {
    for (let second = 0; second < missed; second++) ring.push(Number.NaN);
    ring.push(document.hidden ? Number.NaN : (progressOf(key)?.bytesPerSecond ?? 0));
    // A run that has not moved for a whole window has nothing left to show.
    if (key !== progressKey.total && ring.isIdle()) rings.delete(key);
  }
  for (const listener of listeners) listener();
}
