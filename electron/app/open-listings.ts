// Listings that are read while somebody asks for more, in the order served: a page at a time, and never the whole.
import { randomUUID } from "node:crypto";
import { FreightlinerError } from "../../shared/errors.ts";
import { Stopped } from "../engine/ports.ts";

/** Nobody reads more of them at once; the one that was asked longest ago is left. */
const mostOpen = 16;
/** Milliseconds after which a listing that nobody goes on with is left. */
const idleLimit = 60_000;

export interface ListingPart {
  readonly names: readonly string[];
  /** What goes on behind these names; undefined at the end. */
  readonly stream: string | undefined;
  /** Names given so far. */
  readonly given: number;
}

interface Reading {
  readonly pages: AsyncIterator<readonly string[]>;
  readonly stop: AbortController;
  /** What of the newest page was not asked for yet. */
  rest: readonly string[];
  /** The page before: some registries begin a page with the name that the last one ended with. */
  before: ReadonlySet<string>;
  given: number;
  idle: NodeJS.Timeout | undefined;
}

export class OpenListings {
  /** Those that nobody asks at the moment, asked longest ago first. */
  readonly #waiting = new Map<string, Reading>();

  /** The first names of a listing. `read` gets the signal that ends it. */
  begin(
    read: (signal: AbortSignal) => AsyncIterable<readonly string[]>,
    limit: number,
    signal: AbortSignal,
  ): Promise<ListingPart> {
    const stop = new AbortController();
    const pages = read(stop.signal)[Symbol.asyncIterator]();
    const reading: Reading = { pages, stop, rest: [], before: new Set(), given: 0, idle: undefined };
    return this.#next(reading, limit, signal);
  }

  /** @throws FreightlinerError `not-found` where it is over, is being asked, or was left for too long. */
  async next(stream: string, limit: number, signal: AbortSignal): Promise<ListingPart> {
    const reading = this.#waiting.get(stream);
    if (reading === undefined)
      throw new FreightlinerError({
        code: "not-found",
        operation: "list",
        message: "This listing is over or was left for too long; begin it anew.",
      });
    this.#waiting.delete(stream);
    clearTimeout(reading.idle);
    return this.#next(reading, limit, signal);
  }

  close(): void {
    for (const stream of [...this.#waiting.keys()]) this.#leave(stream);
  }

  async #next(reading: Reading, limit: number, signal: AbortSignal): Promise<ListingPart> {
    const stop = (): void => reading.stop.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      while (reading.rest.length === 0) {
        const page = await reading.pages.next();
        if (page.done === true) return { names: [], stream: undefined, given: reading.given };
        const fresh = new Set(page.value);
        reading.rest = [...fresh].filter((name) => !reading.before.has(name));
        if (fresh.size > 0) reading.before = fresh;
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
    const names = reading.rest.slice(0, limit);
    reading.rest = reading.rest.slice(limit);
    reading.given += names.length;
    return { names, stream: this.#keep(reading), given: reading.given };
  }

  #keep(reading: Reading): string {
    const stream = randomUUID();
    reading.idle = setTimeout(() => this.#leave(stream), idleLimit);
    reading.idle.unref();
    this.#waiting.set(stream, reading);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostOpen && oldest !== undefined) this.#leave(oldest);
    return stream;
  }

  #leave(stream: string): void {
    const reading = this.#waiting.get(stream);
    this.#waiting.delete(stream);
    clearTimeout(reading?.idle);
    reading?.stop.abort(new Stopped("caller"));
  }
}
