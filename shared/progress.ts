// Progress arithmetic: smoothed speed, an honest time left, percentages that never lie.

/** Seconds over which the speed is smoothed. */
const smoothingSeconds = 5;
/** Below this much data in time no estimate is given. */
const minimumSeconds = 3;

export interface SpeedState {
  /** Bytes per second, smoothed. */
  readonly bytesPerSecond: number;
  /** Seconds of data so far. */
  readonly seconds: number;
  readonly lastBytes: number;
  /** Milliseconds of a monotonic clock. */
  readonly lastAt: number;
  /** The moving average before its start at zero is taken out again. */
  readonly average: number;
}

export function startSpeed(bytes: number, atMs: number): SpeedState {
  return { bytesPerSecond: 0, seconds: 0, lastBytes: bytes, lastAt: atMs, average: 0 };
}

/** Takes a new absolute byte count into account; a count that fell (a blob started again) counts as nothing moved. */
export function updateSpeed(state: SpeedState, bytes: number, atMs: number): SpeedState {
  const elapsed = (atMs - state.lastAt) / 1000;
  if (elapsed <= 0) return state;
  const rate = Math.max(0, bytes - state.lastBytes) / elapsed;
  const weight = 1 - Math.exp(-elapsed / smoothingSeconds);
  const average = state.average + (rate - state.average) * weight;
  const seconds = state.seconds + elapsed;
  // A young average still leans on the zero it began with; dividing by its share of data gives the true mean.
  const share = 1 - Math.exp(-seconds / smoothingSeconds);
  return { bytesPerSecond: average / share, seconds, lastBytes: bytes, lastAt: atMs, average };
}

/** Seconds left, or undefined while it is not known. */
export function secondsLeft(
  state: Pick<SpeedState, "bytesPerSecond" | "seconds">,
  remainingBytes: number,
): number | undefined {
  if (remainingBytes <= 0) return 0;
  if (state.seconds < minimumSeconds || state.bytesPerSecond < 1) return undefined;
  return remainingBytes / state.bytesPerSecond;
}

/** 0 to 1, or undefined where the total is unknown; 1 only when all is there. */
export function fraction(done: number, total: number): number | undefined {
  if (total <= 0) return undefined;
  return Math.min(1, Math.max(0, done / total));
}
