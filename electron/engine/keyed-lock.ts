// One at a time per key, in order of arrival; a wait can be stopped, a failure of one is none of the next.

export class KeyedLock {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Keys that are held. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Runs `work` when no other holds the key. Rejects with the signal's reason while it waits. */
  async within<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.#take(key, signal);
    try {
      return await work();
    } finally {
      this.#give(key);
    }
  }

  #take(key: string, signal: AbortSignal): Promise<void> {
    const queue = this.#waiting.get(key);
    if (queue === undefined) {
      this.#waiting.set(key, []);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const next = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        queue.splice(queue.indexOf(next), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(next);
    });
  }

  #give(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next === undefined) this.#waiting.delete(key);
    else next();
  }
}
