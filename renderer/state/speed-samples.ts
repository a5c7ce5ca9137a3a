// Takes the speed of everything that moves once a second, for the throughput chart.
import { progressKey } from "../../shared/contract.ts";
import { onProgressOf, progressOf } from "./progress.ts";
import { SpeedRing, windowSeconds } from "./throughput.ts";

const rings = new Map<string, SpeedRing>();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let lastAt = 0;

/** Oldest first; all null where the key was never seen moving. */
export function samplesOf(key: string): readonly (number | null)[] {
  return (rings.get(key) ?? new SpeedRing()).toArray();
}

/** Follows a key from now on; its ring goes when nobody follows it any more. */
export function followSpeed(key: string): () => void {
  if (!rings.has(key)) rings.set(key, new SpeedRing());
  // The subscription keeps the key's value current; it is looked at once a second only.
  const stop = onProgressOf(key, () => undefined);
  return () => {
    stop();
    if (key !== progressKey.total) rings.delete(key);
  };
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
  for (const [key, ring] of rings) {
    for (let second = 0; second < missed; second++) ring.push(Number.NaN);
    ring.push(document.hidden ? Number.NaN : (progressOf(key)?.bytesPerSecond ?? 0));
  }
  for (const listener of listeners) listener();
}
