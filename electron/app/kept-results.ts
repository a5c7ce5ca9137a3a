// What was found out about a listing, kept as long as the listing, and asked for once by pages that come side by side.

/** Results kept for one listing: the filter as it is typed, and a few before. */
const keptResults = 8;

export type Names = readonly string[];

export class KeptResults<T> {
  readonly #kept = new WeakMap<Names, Map<string, Promise<T>>>();

  /** @param work is done anew where it failed before; what ended with another caller's stop is done again for this one. */
  async of(names: Names, key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const kept = this.#resultsOf(names);
    const known = kept.get(key);
    if (known !== undefined) {
      const result = await known.then(
        (value) => ({ value }),
        () => undefined,
      );
      signal.throwIfAborted();
      if (result !== undefined) return result.value;
    }
    const asked = work();
    keep(kept, key, asked);
    return asked;
  }

  #resultsOf(names: Names): Map<string, Promise<T>> {
    let results = this.#kept.get(names);
    if (results === undefined) {
      results = new Map();
      this.#kept.set(names, results);
    }
    return results;
  }
}

function keep<T>(kept: Map<string, Promise<T>>, key: string, asked: Promise<T>): void {
  kept.set(key, asked);
  asked.catch(() => {
    if (kept.get(key) === asked) kept.delete(key);
  });
  const oldest = kept.keys().next().value;
  if (kept.size > keptResults && oldest !== undefined) kept.delete(oldest);
}
