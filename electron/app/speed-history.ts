// Bytes per second of the last hour, of all runs and of each active one: counted as bytes move, so that idle costs nothing.

/** Seconds that are kept. */
const kept = 3600;

/** One value per second of a clock that never jumps; older ones are written over. */
class Ring {
  readonly #values = new Float64Array(kept);
  /** The second that counting began in. */
  readonly #first: number;
  /** The newest second that is written. */
  #last: number;

  constructor(second: number) {
    this.#first = second;
    this.#last = second;
  }

  add(second: number, bytes: number): void {
    this.#reach(second);
    this.#values[second % kept] = (this.#values[second % kept] ?? 0) + bytes;
  }

  /** Of the seconds that are over, the newest last. */
  read(second: number): number[] {
    this.#reach(second);
    const from = Math.max(this.#first, second - kept + 1);
    return Array.from({ length: second - from }, (_, at) => this.#values[(from + at) % kept] ?? 0);
  }

  /** Nothing moved in the seconds between. */
  #reach(second: number): void {
    const gap = Math.min(second - this.#last, kept);
    for (let back = 0; back < gap; back++) this.#values[(second - back) % kept] = 0;
    this.#last = Math.max(this.#last, second);
  }
}

export class SpeedHistory {
  readonly #monotonic: () => number;
  readonly #all: Ring;
  readonly #runs = new Map<string, Ring>();

  /** @param monotonic milliseconds. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
    this.#all = new Ring(this.#second());
  }

  runStarted(runId: string): void {
    this.#runs.set(runId, new Ring(this.#second()));
  }

  runEnded(runId: string): void {
    this.#runs.delete(runId);
  }

  /** A blob that begins again takes back what was counted: that moved all the same. */
  moved(runId: string, bytes: number): void {
    if (bytes <= 0) return;
    const second = this.#second();
    this.#all.add(second, bytes);
    this.#runs.get(runId)?.add(second, bytes);
  }

  /** One value a second, the newest last; of all runs, or of one: empty where it is not active. */
  read(runId?: string): number[] {
    const ring = runId === undefined ? this.#all : this.#runs.get(runId);
    return ring?.read(this.#second()) ?? [];
  }

  #second(): number {
    return Math.floor(this.#monotonic() / 1000);
  }
}
