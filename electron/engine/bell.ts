// Where many wait for one thing to change: rung by whoever changes it, or by one alarm for all when its time has come.
import type { Clock } from "./ports.ts";

export interface BellOptions {
  readonly clock: Clock;
  /** When something changes by itself, in milliseconds of `now`; undefined where only a ring can change it. */
  readonly nextChange: () => number | undefined;
  readonly onAlarm: () => void;
  /** The computer or the program stood still for so many milliseconds, in which nothing could be learnt; told before the alarm. */
  readonly onStandstill?: (ms: number) => void;
}

/** An alarm that comes so much too late, in milliseconds, was not held up by work alone. */
const standstill = 10_000;

export class Bell {
  readonly #options: BellOptions;
  /** Times that were slept to their end. */
  #served = Number.NEGATIVE_INFINITY;
  #waiting = 0;
  #rung: PromiseWithResolvers<void> | undefined;
  #alarm: { readonly at: number; readonly stop: AbortController } | undefined;

  constructor(options: BellOptions) {
    this.#options = options;
  }

  /** Milliseconds of a clock that never goes back and is never behind an alarm that went off. */
  get now(): number {
    return Math.max(this.#options.clock.monotonic(), this.#served);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves with the next ring. @throws the signal's reason. */
  async wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#rung ??= Promise.withResolvers<void>();
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    this.#waiting++;
    this.#arm();
    try {
      await Promise.race([this.#rung.promise, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      this.#waiting--;
      // An alarm that nobody waits for would keep the process from ending.
      if (this.#waiting === 0) this.#disarm();
    }
  }

  ring(): void {
    this.#rung?.resolve();
    this.#rung = undefined;
    if (this.#waiting > 0) this.#arm();
  }

  #arm(): void {
    const at = this.#options.nextChange();
    if (at === this.#alarm?.at) return;
    this.#disarm();
    if (at === undefined) return;
    const stop = new AbortController();
    this.#alarm = { at, stop };
    this.#options.clock.sleep(at - this.now, stop.signal).then(
      () => {
        if (this.#alarm?.at !== at) return;
        this.#alarm = undefined;
        const late = this.now - at;
        if (late >= standstill) this.#options.onStandstill?.(late);
        this.#served = Math.max(this.#served, at);
        this.#options.onAlarm();
        this.ring();
      },
      // Stopped by ourselves.
      () => undefined,
    );
  }

  #disarm(): void {
    this.#alarm?.stop.abort(new Error("nobody waits any more"));
    this.#alarm = undefined;
  }
}
