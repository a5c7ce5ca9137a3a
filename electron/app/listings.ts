// Listings that the faces page through: read once from the registry, kept for a while, cut at a cap that is said.
import type { ImageSource } from "../engine/ports.ts";
import { doesNotList } from "./named-repositories.ts";

const maxRepositories = 50_000;
const maxTags = 200_000;
/** Repositories whose tags are kept at once. */
const keptTagLists = 50;
/** Milliseconds after which a listing is read anew. */
const freshFor = 60_000;

interface Listing {
  readonly names: readonly string[];
  readonly complete: boolean;
  readonly readAt: number;
}

/** Names that differ only in a number sort by the number: v1.9 before v1.10. */
export const byName = new Intl.Collator("en", { numeric: true }).compare;

async function collect(
  pages: AsyncIterable<readonly string[]>,
  cap: number,
): Promise<{ names: string[]; complete: boolean }> {
  const names = new Set<string>();
  for await (const page of pages) {
    for (const name of page) {
      if (names.size >= cap) return { names: [...names], complete: false };
      names.add(name);
    }
  }
  return { names: [...names], complete: true };
}

export class Listings {
  readonly #now: () => number;
  readonly #repositories = new Map<string, Listing>();
  readonly #tags = new Map<string, Listing>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** All repositories, sorted. `complete` is false where the registry does not list or has more than the cap. */
  async repositories(
    id: string,
    source: ImageSource,
    refresh: boolean,
    signal: AbortSignal,
  ): Promise<Listing> {
    const kept = this.#repositories.get(id);
    if (!refresh && kept !== undefined && this.#isFresh(kept)) return kept;
    const listing = await this.#readRepositories(source, signal);
    this.#repositories.set(id, listing);
    return listing;
  }

  async #readRepositories(source: ImageSource, signal: AbortSignal): Promise<Listing> {
    try {
      const { names, complete } = await collect(source.listRepositories({ signal }), maxRepositories);
      return { names: names.sort(byName), complete, readAt: this.#now() };
    } catch (thrown) {
      // Many registries do not list; the person then types a repository's name.
      if (doesNotList(thrown)) return { names: [], complete: false, readAt: this.#now() };
      throw thrown;
    }
  }

  async tags(
    id: string,
    source: ImageSource,
    repository: string,
    refresh: boolean,
    signal: AbortSignal,
  ): Promise<Listing> {
    const key = `${id}/${repository}`;
    const kept = this.#tags.get(key);
    if (!refresh && kept !== undefined && this.#isFresh(kept)) return kept;
    const { names, complete } = await collect(source.listTags(repository, { signal }), maxTags);
    const listing = { names: names.sort(byName), complete, readAt: this.#now() };
    this.#tags.delete(key);
    this.#tags.set(key, listing);
    const oldest = this.#tags.keys().next().value;
    if (this.#tags.size > keptTagLists && oldest !== undefined) this.#tags.delete(oldest);
    return listing;
  }

  /** Something was written there: the next look reads anew. */
  forget(id: string, repository?: string): void {
    this.#repositories.delete(id);
    for (const key of this.#tags.keys()) {
      if (repository === undefined ? key.startsWith(`${id}/`) : key === `${id}/${repository}`)
        this.#tags.delete(key);
    }
  }

  #isFresh(listing: Listing): boolean {
    return this.#now() - listing.readAt < freshFor;
  }
}
