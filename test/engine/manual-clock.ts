// Time that stands still until a test moves it; chance that is what the test says.
import type { Clock } from "../../electron/engine/ports.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export interface ManualClock extends Clock {
  /** Moves time on, waking every sleeper at its own moment, and lets everything that follows from it happen. */
  advance(ms: number): Promise<void>;
  /** Time goes on while nothing runs: every sleeper that is due wakes at the end. */
  standStill(ms: number): Promise<void>;
  /** Jumps to the next sleeper's moment; false where nobody sleeps. */
  next(): Promise<boolean>;
  readonly sleeping: number;
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function manualClock(random: () => number = () => 0.5): ManualClock {
  // Not at zero, so that nobody takes a fresh clock for an unset one.
  let now = 1_000_000;
  const sleepers = new Set<Sleeper>();
  const due = (until: number): Sleeper | undefined =>
    [...sleepers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  const wake = async (sleeper: Sleeper): Promise<void> => {
    now = Math.max(now, sleeper.at);
    sleepers.delete(sleeper);
    sleeper.wake();
    await settle();
  };
  return {
    now: () => 1_700_000_000_000 + now,
    monotonic: () => now,
    random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const leave = (): void => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        };
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            signal.removeEventListener("abort", leave);
            resolve();
          },
        };
        signal.addEventListener("abort", leave, { once: true });
        sleepers.add(sleeper);
      }),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let next = due(until); next !== undefined; next = due(until)) await wake(next);
      now = until;
    },
    async standStill(ms) {
      now += ms;
      for (let next = due(now); next !== undefined; next = due(now)) await wake(next);
    },
    async next() {
      await settle();
      const sleeper = due(Number.POSITIVE_INFINITY);
      if (sleeper === undefined) return false;
      await wake(sleeper);
      return true;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
