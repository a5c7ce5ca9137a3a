// The real clock: wall time, a time that never jumps, waits that can be stopped, and chance.
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      // Node rejects with its own AbortError; the program's waits reject with the reason they were stopped for.
      signal.throwIfAborted();
      throw error;
    }
  },
};
