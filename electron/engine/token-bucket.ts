// One bandwidth limit: bytes are paid for before they go on, in the order asked, at a rate that may change at any time.
import type { Clock } from "./ports.ts";

/** What an idle bucket saves up: a tenth of a second's worth. */
const burstSeconds = 0.1;

interface Taker {
  readonly bytes: number;
  readonly done: () => void;
}

/**
 * Over any time at most rate × time + burst bytes are let through, and one piece more, which was paid for in part before. Takers with
 * one piece each at a time share it piece by piece.
 */
export class TokenBucket {
  readonly #clock: Clock;
  readonly #takers: Taker[] = [];
  #rate: number | null = null;
  #tokens = 0;
  #filledAt = 0;
  #alarm: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Bytes per second; null = no limit. */
  get rate(): number | null {
    return this.#rate;
  }

  /** Holds from now on, for those that wait already, too. */
  setRate(bytesPerSecond: number | null): void {
    if (bytesPerSecond === this.#rate) return;
    if (bytesPerSecond !== null && !(bytesPerSecond > 0))
      throw new RangeError(`A bandwidth limit must be more than 0 bytes a second, not ${bytesPerSecond}.`);
    this.#fill();
    // A new limit begins with nothing saved up.
    if (this.#rate === null) this.#tokens = 0;
    this.#rate = bytesPerSecond;
    this.#fill();
    this.#serve();
  }

  get waiting(): number {
    return this.#takers.length;
  }

  /** Undefined where the bytes may go on at once; else they may when it resolves. Rejects with the signal's reason; nothing is taken then. */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined {
    if (this.#rate === null) return undefined;
    this.#fill();
    if (this.#takers.length === 0 && this.#tokens >= bytes) {
      this.#tokens -= bytes;
      return undefined;
    }
    return this.#queue(bytes, signal);
  }

  #queue(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const taker: Taker = {
        bytes,
        done: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#takers.splice(this.#takers.indexOf(taker), 1);
        this.#serve();
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#takers.push(taker);
      this.#serve();
    });
  }

  /** A piece larger than the burst is saved up for while it waits as the first; without one only the burst is kept. */
  #fill(): void {
    const now = this.#clock.monotonic();
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#filledAt = now;
    if (this.#rate === null) return;
    const most = Math.max(this.#rate * burstSeconds, this.#takers[0]?.bytes ?? 0);
    this.#tokens = Math.min(most, this.#tokens + (elapsed / 1000) * this.#rate);
  }

  #serve(): void {
    this.#alarm?.abort(new Error("served anew"));
    this.#alarm = undefined;
    this.#fill();
    for (let first = this.#takers[0]; first !== undefined; first = this.#takers[0]) {
      if (this.#rate !== null) {
        if (this.#tokens < first.bytes) {
          this.#sleep(((first.bytes - this.#tokens) / this.#rate) * 1000);
          return;
        }
        this.#tokens -= first.bytes;
      }
      this.#takers.shift();
      first.done();
    }
  }

  #sleep(ms: number): void {
    const alarm = new AbortController();
    this.#alarm = alarm;
    this.#clock.sleep(Math.ceil(ms), alarm.signal).then(
      () => {
        if (this.#alarm === alarm) this.#serve();
      },
      // Served anew in the meantime.
      () => undefined,
    );
  }
}
