// The last minute of speeds per key, one sample a second, in rings of fixed size.

/** Seconds that are kept. */
export const windowSeconds = 60;

/** A ring of one number a second; what was never written is NaN and shown as a gap. */
export class SpeedRing {
  readonly #values = new Float64Array(windowSeconds).fill(Number.NaN);
  #next = 0;

  push(bytesPerSecond: number): void {
    this.#values[this.#next] = bytesPerSecond;
    this.#next = (this.#next + 1) % windowSeconds;
  }

  /** True where nothing moved in the whole window. */
  isIdle(): boolean {
    return !this.#values.some((value) => value >= stillBytes);
  }

  /** Oldest first; null where nothing was measured yet. */
  toArray(): (number | null)[] {
    const ordered: (number | null)[] = [];
    for (let offset = 0; offset < windowSeconds; offset++) {
      const value = this.#values[(this.#next + offset) % windowSeconds];
      ordered.push(value === undefined || Number.isNaN(value) ? null : value);
    }
    return ordered;
  }
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

export function summarise(values: readonly (number | null)[]): SpeedSummary {
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
