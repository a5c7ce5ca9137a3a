// Repositories and tags as streams of the contract: begun and gone on with, filtered page by page where a rule allows it.
import type { MethodResult } from "../../shared/contract.ts";
import type { TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import type { ImageSource } from "../engine/ports.ts";
import { doesNotList, namesBehind } from "./named-repositories.ts";
import type { OpenListings } from "./open-listings.ts";
import type { TagFilter } from "./tag-filter.ts";

interface StreamQuery {
  /** "" begins. */
  readonly stream: string;
  readonly limit: number;
}

interface TagsQuery {
  readonly source: ImageSource;
  readonly repository: string;
  readonly filter: TagRule | undefined;
}

export interface ListingStreams {
  /** @param of.named stand behind what the registry lists. */
  repositories(
    of: { readonly source: ImageSource; readonly named: readonly string[] },
    query: StreamQuery,
    signal: AbortSignal,
  ): Promise<MethodResult<"repositories.list">>;
  tags(of: TagsQuery, query: StreamQuery, signal: AbortSignal): Promise<MethodResult<"tags.list">>;
}

export function listingStreams(open: OpenListings, filter: TagFilter): ListingStreams {
  return {
    repositories: async ({ source, named }, { stream, limit }, signal) => {
      try {
        const part = await (stream === ""
          ? open.begin((stop) => namesBehind(source, named, { signal: stop }), limit, signal)
          : open.next(stream, limit, signal));
        return { names: [...part.names], total: part.given, complete: true, stream: part.stream };
      } catch (thrown) {
        // Many registries do not list, and say so with the first page; that is an answer, too.
        if (doesNotList(thrown) && stream === "")
          return { names: [...named], total: named.length, complete: false };
        throw thrown;
      }
    },
    tags: async (of, { stream, limit }, signal) => {
      const part = await (stream === ""
        ? open.begin((stop) => matchingPages(of, filter, stop), limit, signal)
        : open.next(stream, limit, signal));
      return { tags: [...part.names], matched: part.given, total: part.given, stream: part.stream };
    },
  };
}

async function* matchingPages(
  { source, repository, filter: rule }: TagsQuery,
  filter: TagFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const pages = source.listTags(repository, { signal });
  if (rule === undefined) {
    yield* pages;
  } else if (goesByNameAlone(rule)) {
    const compiled = compileTagRule(rule);
    for await (const page of pages) yield page.filter((tag) => compiled.matchesName(tag));
  } else {
    // Who is the latest is only known at the end.
    const names = new Set<string>();
    for await (const page of pages) for (const tag of page) names.add(tag);
    yield await filter.matching({ source, repository, names: [...names], rule }, signal);
  }
}

function goesByNameAlone({ latest, newerThanSeconds, sets }: TagRule): boolean {
  return [{ latest, newerThanSeconds }, ...sets].every(
    (part) => part.latest === undefined && part.newerThanSeconds === undefined,
  );
}
