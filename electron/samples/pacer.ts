// Holds all bodies of one server to a common number of bytes per second.
import { Transform, type TransformCallback } from "node:stream";

export class Pacer {
  readonly #bytesPerSecond: number;
  /** Milliseconds (monotonic) at which the bytes let through so far are paid for. */
  #paidUntil = 0;

  /** @param bytesPerSecond 0 = as fast as it goes. */
  constructor(bytesPerSecond = 0) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Milliseconds to wait before these bytes may go on. */
  #delay(bytes: number): number {
    if (this.#bytesPerSecond <= 0) return 0;
    const now = performance.now();
    this.#paidUntil = Math.max(now, this.#paidUntil) + (bytes * 1000) / this.#bytesPerSecond;
    return this.#paidUntil - now;
  }

  /** A stream that counts and paces what passes. */
  through(count: (bytes: number) => void): Transform {
    let timer: NodeJS.Timeout | undefined;
    const delay = (bytes: number): number => this.#delay(bytes);
    return new Transform({
      transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
        const goOn = (): void => {
          count(chunk.length);
          done(null, chunk);
        };
        const wait = delay(chunk.length);
        // Timers are no finer than a millisecond; what is owed below that is paid with the next chunk.
        if (wait < 1) goOn();
        else timer = setTimeout(goOn, wait);
      },
      destroy(error, done): void {
        clearTimeout(timer);
        done(error);
      },
    });
  }
}
