// Takes the speed of all runs and of each once a second, on top of what the engine measured before, for the throughput chart.
import { progressKey } from "../../shared/contract.ts";
import { call } from "../api/client.ts";
import { onGap } from "../api/live.ts";
import { movingKeys, progressOf } from "./progress.ts";
import { keptSeconds, SpeedRing, type Speeds } from "./throughput.ts";

const rings = new Map<string, SpeedRing>([[progressKey.total, new SpeedRing()]]);
const listeners = new Set<() => void>();
/** Keys whose history was asked for since the last gap. */
const asked = new Set<string>();
let timer: ReturnType<typeof setInterval> | undefined;
let lastAt = 0;

/** The newest seconds, oldest first; all null where the key was not seen moving. */
export function samplesOf(key: string, seconds: number): Speeds {
  return ringOf(key).last(seconds);
}

function ringOf(key: string): SpeedRing {
  const known = rings.get(key);
  if (known !== undefined) return known;
  const ring = new SpeedRing();
  rings.set(key, ring);
  return ring;
}

/** Asks the engine once for the last hour of all runs, or of one. */
export async function loadSpeeds(runId: string | undefined): Promise<void> {
  const key = runId === undefined ? progressKey.total : progressKey.run(runId);
  if (asked.has(key)) return;
  asked.add(key);
  try {
    const { bytesPerSecond } = await call("throughput.get", runId === undefined ? {} : { runId });
    if (bytesPerSecond.length > 0) ringOf(key).replace(bytesPerSecond);
    for (const listener of listeners) listener();
  } catch {
    // A run that is over is not measured any more: the chart goes on with what the window saw.
  }
}

/** Calls `listener` after each sample. Sampling runs while somebody listens. */
export function onSample(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    lastAt = performance.now();
    timer = setInterval(sample, 1000);
    // What happened while nobody looked is the engine's to tell.
    asked.clear();
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
  const missed = Math.min(keptSeconds, Math.max(0, Math.round((now - lastAt) / 1000) - 1));
  lastAt = now;
  for (const key of movingKeys("run:")) ringOf(key);
  for (const [key, ring] of rings) {
    for (let second = 0; second < missed; second++) ring.push(Number.NaN);
    ring.push(document.hidden ? Number.NaN : (progressOf(key)?.bytesPerSecond ?? 0));
    // A run that has not moved for a minute has nothing left to show.
    if (key !== progressKey.total && ring.isIdle()) rings.delete(key);
  }
  if (document.hidden) asked.clear();
  else for (const listener of listeners) listener();
}

onGap(() => asked.clear());
