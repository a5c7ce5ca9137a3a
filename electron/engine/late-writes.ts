// What the journal may learn a moment later: it goes along with the next write, in one transaction.
import { type Clock, Stopped } from "./ports.ts";

/**
 * Milliseconds. A small blob had four transactions of some 0.1 ms of processor time each. Where several writes come within
 * this time they share one: 200 small images took 2.85 s of it instead of 3.05. On a machine that is busy with other things
 * they rarely do, and nothing is won: 3.34 s with it and 3.41 s without (medians of eight rounds, four of them the other way).
 */
const longestWait = 5;

/** In the order added; nothing is kept when the run has ended. */
export class LateWrites {
  readonly #clock: Pick<Clock, "sleep">;
  readonly #write: () => void;
  readonly #end = new AbortController();
  #waiting: (() => void)[] = [];
  #timed = false;

  /** @param write makes a write that takes along what waits; it keeps its own failure. */
  constructor(clock: Pick<Clock, "sleep">, write: () => void) {
    this.#clock = clock;
    this.#write = write;
  }

  add(step: () => void): void {
    this.#waiting.push(step);
    if (this.#timed) return;
    this.#timed = true;
    this.#clock.sleep(longestWait, this.#end.signal).then(
      () => {
        this.#timed = false;
        this.flush();
      },
      // Ended: whoever ended it has written before what was to be written.
      () => undefined,
    );
  }

  /** What waits; it is the caller's from here on. */
  take(): readonly (() => void)[] {
    const taken = this.#waiting;
    if (taken.length > 0) this.#waiting = [];
    return taken;
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    try {
      this.#write();
    } catch {
      // It stops the run, which then throws the failure that was kept.
    }
  }

  end(): void {
    this.#waiting = [];
    this.#end.abort(new Stopped("caller"));
  }
}
