// Pages of a vendor's own JSON listing: never off its origin, never in a circle, with the caps of every listing.
import { FreightlinerError } from "../../../shared/errors.ts";
import { isRepositoryName } from "../../../shared/reference.ts";
import { headersOf } from "../exchange.ts";
import { maxListed, maxListedCharacters, maxNameCharacters, maxPages } from "../limits.ts";
import { linkTarget, nextLink } from "../pages.ts";
import type { VendorAnswer } from "./vendor-api.ts";
import { notUnderstood, vendorError } from "./vendor-error.ts";

export interface VendorListing<Item> {
  readonly first: URL;
  readonly ask: (url: URL) => Promise<VendorAnswer>;
  /** The entries of a page by schema; undefined where the answer is none. */
  readonly parse: (json: unknown) => readonly Item[] | undefined;
  /** The next page as the vendor names it, relative or absolute; undefined at the end. */
  readonly next: (answer: VendorAnswer) => string | undefined;
  /** Tells entries apart. */
  readonly key: (item: Item) => string;
  /** True where a page without anything need not be the last: https://google.aip.dev/158 */
  readonly emptyPages?: boolean;
  readonly operation: string;
  /** For errors: `the repositories of acme`. */
  readonly what: string;
}

/** What a listing has brought so far: everything once, and no more of it than anybody could use. */
export class Brought {
  readonly #seen = new Set<string>();
  readonly #about: { readonly operation: string; readonly what: string };
  #characters = 0;

  constructor(about: { readonly operation: string; readonly what: string }) {
    this.#about = about;
  }

  /** @throws FreightlinerError `too-large`. */
  fresh<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
    const fresh = items.filter((item) => {
      const name = key(item);
      if (name.length > maxNameCharacters || this.#seen.has(name)) return false;
      this.#seen.add(name);
      this.#characters += name.length;
      return true;
    });
    if (this.#seen.size > maxListed || this.#characters > maxListedCharacters) throw endless(this.#about);
    return fresh;
  }

  /** New names that a repository can have. */
  repositories(names: readonly string[]): readonly string[] {
    return this.fresh(names.filter(isRepositoryName), (name) => name);
  }
}

/**
 * Yields entries that were not there before, page by page. Ends on a page that comes again, brings nothing new, or is not
 * there any more (404 on a later one: what was listed has become less meanwhile).
 * @throws `unauthorized`, `forbidden`, `protocol`, `too-large`; and what asking throws.
 */
export async function* vendorPages<Item>(listing: VendorListing<Item>): AsyncGenerator<readonly Item[]> {
  const brought = new Brought(listing);
  const visited = new Set<string>();
  let url = listing.first;
  for (let page = 0; ; page += 1) {
    if (page >= maxPages) throw endless(listing);
    visited.add(url.href);
    const answer = await listing.ask(url);
    if (answer.status === 404 && page > 0) return;
    if (answer.status !== 200) throw vendorError(answer, listing);
    const items = listing.parse(answer.json);
    if (items === undefined) throw notUnderstood(answer, listing);
    const fresh = brought.fresh(items, listing.key);
    if (fresh.length > 0) yield fresh;
    const next = listing.next(answer);
    // Only path and query of it count: nobody but this API gets to see the sign-in and what is listed.
    const target = next === undefined ? undefined : linkTarget(next, url);
    const ends = fresh.length === 0 && !(listing.emptyPages === true && items.length === 0);
    if (target === undefined || ends || visited.has(target.href)) return;
    url = target;
  }
}

/** The next page by the Link header: RFC 8288. */
export function nextByLink(answer: VendorAnswer): string | undefined {
  return nextLink(headersOf(answer.headers, "link"));
}

function endless({
  operation,
  what,
}: {
  readonly operation: string;
  readonly what: string;
}): FreightlinerError {
  return new FreightlinerError({
    code: "too-large",
    operation,
    message: `The list of ${what} does not end within ${maxPages} pages, ${maxListed} names or ${maxListedCharacters} characters.`,
  });
}
