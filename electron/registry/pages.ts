// Walks the pages of a listing: Link headers, loop guards, and lists without Link that end on a full page.
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";
import { parseJson, readBody } from "./body.ts";
import type { RegistryClient } from "./client.ts";
import { type ExchangeResponse, headersOf } from "./exchange.ts";
import { caps, maxListed, maxListedCharacters, maxNameCharacters, maxPages } from "./limits.ts";
import type { Scope } from "./scopes.ts";

export interface Listing {
  /** Path without a query: `/v2/app/tags/list`. */
  readonly path: string;
  /** The field that holds the names. */
  readonly field: "tags" | "repositories";
  readonly pageSize: number;
  /** True = only a Link leads on. */
  readonly opaquePages: boolean;
  readonly accepts: (name: string) => boolean;
  readonly scopes: readonly Scope[];
  readonly operation: string;
  /** For errors: `the tags of app`. */
  readonly what: string;
  readonly deadlineMs: number;
  /** Turns an unwelcome answer to the first page into an error, or into another try without a page size. */
  readonly refused: (response: ExchangeResponse) => Promise<Error>;
}

const namesSchema = z.array(z.unknown()).nullable();

/** The target of the first `rel="next"` of all Link values. */
export function nextLink(values: readonly string[]): string | undefined {
  for (const value of values) {
    // Commas inside <> belong to the URL, so the targets are looked for first.
    for (const match of value.matchAll(/<([^<>]*)>([^<]*)/g)) {
      if (/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(match[2] ?? "")) return match[1];
    }
  }
  return undefined;
}

/**
 * Where the next page is. Only path and query of a link count: Quay writes links with its own idea of its host,
 * and no other host gets to see what we list.
 */
export function linkTarget(link: string, from: URL): URL | undefined {
  if (!URL.canParse(link, from.href)) return undefined;
  const named = new URL(link, from);
  const target = new URL(from.origin);
  target.pathname = named.pathname;
  target.search = named.search;
  return target;
}

/**
 * A link to a list of the same kind of another repository is our own list by a wrong name, whose query alone counts:
 * Artifactory leaves its repository key out (renovatebot/renovate#15080), Nexus puts its inner path in front
 * (sonatype/nexus-public#1011), and what stands there is nothing, or someone else's tags.
 */
function ownPath(target: URL | undefined, asked: URL): URL | undefined {
  const kind = (url: URL) => /\/(?:tags\/list|_catalog)$/.exec(url.pathname)?.[0];
  if (target !== undefined && kind(target) !== undefined && kind(target) === kind(asked))
    target.pathname = asked.pathname;
  return target;
}

async function readNames(response: ExchangeResponse, listing: Listing): Promise<readonly unknown[]> {
  const bytes = await readBody(response, {
    limit: caps.page,
    what: listing.what,
    operation: listing.operation,
    deadlineMs: listing.deadlineMs,
  });
  const json = parseJson(bytes);
  const isObject = typeof json === "object" && json !== null && !Array.isArray(json);
  const parsed = namesSchema.safeParse(isObject ? Reflect.get(json, listing.field) : undefined);
  if (!parsed.success) {
    throw new FreightlinerError({
      code: "protocol",
      operation: listing.operation,
      message: `${response.url.host} did not answer with a list of ${listing.field} for ${listing.what}.`,
    });
  }
  // `tags: null` is how an empty repository is written by some.
  return parsed.data ?? [];
}

/** Names that were not there before, once each. What is too long to be a name is not kept, so that it costs nothing. */
function freshOf(names: readonly unknown[], seen: ReadonlySet<string>): readonly string[] {
  const texts = names.filter((name) => typeof name === "string");
  return [...new Set(texts)].filter((name) => name.length <= maxNameCharacters && !seen.has(name));
}

/** A link or a full page leads on; everything else is the end. */
function nextTarget(
  response: ExchangeResponse,
  names: readonly unknown[],
  listing: Listing,
): URL | undefined {
  const link = nextLink(headersOf(response.headers, "link"));
  if (link !== undefined) return ownPath(linkTarget(link, response.url), response.url);
  if (listing.opaquePages) return undefined;
  // Nexus has nulls among them (containers/skopeo#2409).
  const last = names.findLast((name) => typeof name === "string");
  if (names.length !== listing.pageSize || last === undefined) return undefined;
  // No Link but exactly as many as asked for: some never send one (Nexus). One more question tells.
  const target = new URL(response.url);
  target.search = `n=${listing.pageSize}&last=${encodeURIComponent(last)}`;
  return target;
}

/**
 * Yields pages of new names that pass `accepts`, in the order served.
 * Ends on a repeated URL or a page without anything new; @throws `too-large` for a list without end.
 */
export async function* listPages(
  client: RegistryClient,
  listing: Listing,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  const visited = new Set<string>();
  let target: URL | string = `${listing.path}?n=${listing.pageSize}`;
  let linked = true;
  let characters = 0;
  for (let page = 0; ; page += 1) {
    if (page >= maxPages || seen.size > maxListed || characters > maxListedCharacters) throw endless(listing);
    const { scopes, operation } = listing;
    let response: ExchangeResponse = await client.call({ method: "GET", target, scopes, operation, signal });
    if (page === 0 && response.status === 400) {
      // distribution answers 400 where its page limit is configured below ours; without `n` it takes its own.
      response.body.destroy();
      response = await client.call({ method: "GET", target: listing.path, scopes, operation, signal });
    }
    if (response.status !== 200) {
      // The guess behind a full page was not understood: then that page was the last.
      if (!linked && response.status < 500 && response.status !== 429) {
        response.body.destroy();
        return;
      }
      throw await listing.refused(response);
    }
    visited.add(response.url.href);
    const names = await readNames(response, listing);
    const fresh = freshOf(names, seen);
    for (const name of fresh) {
      seen.add(name);
      characters += name.length;
    }
    const accepted = fresh.filter(listing.accepts);
    if (accepted.length > 0) yield accepted;
    const next = nextTarget(response, names, listing);
    if (next === undefined || fresh.length === 0 || visited.has(next.href)) return;
    linked = headersOf(response.headers, "link").length > 0;
    target = next;
  }
}

function endless(listing: Listing): FreightlinerError {
  return new FreightlinerError({
    code: "too-large",
    operation: listing.operation,
    message: `The list of ${listing.what} does not end within ${maxPages} pages, ${maxListed} names or ${maxListedCharacters} characters.`,
  });
}
