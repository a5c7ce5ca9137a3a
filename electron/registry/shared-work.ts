// One flight for many callers: the work runs once, each caller waits with its own signal.

interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
  settled: boolean;
}

/** Rejects with the signal's reason as soon as it is aborted, whatever the work does. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  const done = () => signal.removeEventListener("abort", onAbort);
  work.then(
    (value) => {
      done();
      resolve(value);
    },
    (error: unknown) => {
      done();
      reject(error);
    },
  );
  return promise;
}

/** Runs work once per key at a time. Nothing is remembered afterwards: neither results nor failures. */
export class SharedWork<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Joins the running flight of `key` or starts one. The work is stopped when its last caller has left. */
  async run(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    let flight = this.#flights.get(key);
    if (flight === undefined) {
      flight = this.#start(key, work);
      this.#flights.set(key, flight);
    }
    const mine = flight;
    mine.waiting += 1;
    try {
      return await untilAborted(mine.result, signal);
    } finally {
      mine.waiting -= 1;
      if (mine.waiting === 0) {
        if (this.#flights.get(key) === mine) this.#flights.delete(key);
        if (!mine.settled) mine.stop.abort(signal.reason);
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController();
    const result = work(stop.signal);
    const flight: Flight<T> = { result, stop, waiting: 0, settled: false };
    const forget = () => {
      flight.settled = true;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    result.then(forget, forget);
    return flight;
  }
}
