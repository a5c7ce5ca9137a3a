// Speeds of the last hour per key, one sample a second, in rings of fixed size; and what a window of them says.

/** Seconds that are kept. */
export const keptSeconds = 3600;
/** The windows of the chart, in seconds. */
export const speedWindows = [60, 300, 3600] as const;
export type SpeedWindow = (typeof speedWindows)[number];
/** Points that a window is drawn with at most: more than that is finer than the chart. */
const mostPoints = 150;

/** Oldest first; null where nothing was measured. */
export type Speeds = readonly (number | null)[];

/** A ring of one number a second; what was never written is NaN and shown as a gap. */
export class SpeedRing {
  readonly #values = new Float64Array(keptSeconds).fill(Number.NaN);
  #next = 0;

  push(bytesPerSecond: number): void {
    this.#values[this.#next] = bytesPerSecond;
    this.#next = (this.#next + 1) % keptSeconds;
  }

  /** Takes what the engine measured in place of all that is there; newest last. */
  replace(history: readonly number[]): void {
    this.#values.fill(Number.NaN);
    this.#next = 0;
    for (const value of history.slice(-keptSeconds)) this.push(value);
  }

  /** True where nothing moved in the last minute. */
  isIdle(): boolean {
    return !this.last(60).some((value) => value !== null && value >= stillBytes);
  }

  /** The newest seconds, oldest first. */
  last(seconds: number): Speeds {
    const ordered: (number | null)[] = [];
    for (let age = seconds; age > 0; age--) {
      const value = this.#values[(this.#next - age + 2 * keptSeconds) % keptSeconds];
      ordered.push(value === undefined || Number.isNaN(value) ? null : value);
    }
    return ordered;
  }
}

/** As many values as can be drawn: each the average of its stretch. */
export function thinned(values: Speeds): Speeds {
  const stretch = Math.ceil(values.length / mostPoints);
  if (stretch <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / stretch) }, (_, index) => {
    const part = values.slice(index * stretch, (index + 1) * stretch).filter((value) => value !== null);
    return part.length === 0 ? null : part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/** Below this many bytes a second nothing moves: the smoothed speed of what has stopped never reaches zero. */
const stillBytes = 512;

export interface SpeedSummary {
  readonly now: number;
  /** Over the seconds in which something moved. */
  readonly average: number;
  readonly peak: number;
  /** True where nothing moved in the whole window. */
  readonly idle: boolean;
}

export function summarise(values: Speeds): SpeedSummary {
  let sum = 0;
  let moving = 0;
  let peak = 0;
  for (const value of values) {
    if (value === null || value < stillBytes) continue;
    sum += value;
    moving++;
    if (value > peak) peak = value;
  }
  const last = values.at(-1) ?? 0;
  return { now: last, average: moving === 0 ? 0 : sum / moving, peak, idle: moving === 0 };
}

/** The top of the chart's axis: the next power of two above the peak, so that it rarely moves; at least 1 MiB/s. */
export function axisTop(peak: number): number {
  let top = 1024 * 1024;
  while (top < peak * 1.1) top *= 2;
  return top;
}
