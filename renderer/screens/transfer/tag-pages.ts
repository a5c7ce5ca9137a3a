// The tags of one repository as a list with holes: only the pages that are looked at are read.
import { useQueries } from "@tanstack/react-query";
import type { MethodResult } from "../../../shared/contract.ts";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";
import type { TagSort } from "../../state/panes.ts";

export const tagPageSize = 500;

export interface TagList {
  readonly endpointId: string;
  readonly repository: string;
  /** Globs; empty for all. */
  readonly include: readonly string[];
  readonly sort: TagSort;
}

type Page = MethodResult<"tags.list">;

function pageKey(list: TagList, page: number): readonly unknown[] {
  return ["tags.list", list.endpointId, list.repository, list.sort, list.include.join(" "), page];
}

function readPage(list: TagList, page: number, refresh: boolean, signal?: AbortSignal): Promise<Page> {
  return call(
    "tags.list",
    {
      endpointId: list.endpointId,
      repository: list.repository,
      sort: list.sort,
      offset: page * tagPageSize,
      limit: tagPageSize,
      refresh,
      ...(list.include.length === 0 ? {} : { filter: { include: [...list.include], exclude: [] } }),
    },
    signal,
  );
}

export interface TagPages {
  readonly matched: number;
  readonly total: number;
  readonly loading: boolean;
  readonly error: FreightlinerError | null;
  /** Undefined for a tag that has not been read yet. */
  readonly at: (index: number) => string | undefined;
}

/** `pages` are the numbers of those that are on screen. */
export function useTagPages(list: TagList, pages: readonly number[]): TagPages {
  const wanted = pages.length === 0 ? [0] : pages;
  const results = useQueries({
    queries: wanted.map((page) => ({
      queryKey: pageKey(list, page),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => readPage(list, page, false, signal),
    })),
  });
  const first = results.find((result) => result.data !== undefined)?.data ?? knownPage(list, 0);
  const error = results.find((result) => result.error !== null)?.error ?? null;
  return {
    matched: first?.matched ?? 0,
    total: first?.total ?? 0,
    loading: first === undefined && error === null,
    error: first === undefined ? (error as FreightlinerError | null) : null,
    at: (index) => knownPage(list, Math.floor(index / tagPageSize))?.tags[index % tagPageSize],
  };
}

function knownPage(list: TagList, page: number): Page | undefined {
  return queryClient.getQueryData<Page>(pageKey(list, page));
}

/** The tags from one index to another, read where they are not known yet. @throws FreightlinerError */
export async function tagsBetween(list: TagList, from: number, to: number): Promise<readonly string[]> {
  const [start, end] = from <= to ? [from, to] : [to, from];
  const tags: string[] = [];
  for (let page = Math.floor(start / tagPageSize); page <= Math.floor(end / tagPageSize); page++) {
    const known: Page =
      knownPage(list, page) ??
      (await queryClient.fetchQuery<Page>({
        queryKey: pageKey(list, page),
        queryFn: ({ signal }) => readPage(list, page, false, signal),
      }));
    tags.push(...known.tags.slice(Math.max(0, start - page * tagPageSize), end - page * tagPageSize + 1));
  }
  return tags;
}

/** Reads a repository's tags anew at the registry and lets every page of it be read again. @throws FreightlinerError */
export async function refreshTags(endpointId: string, repository: string): Promise<void> {
  await readPage({ endpointId, repository, include: [], sort: "name" }, 0, true);
  await queryClient.invalidateQueries({ queryKey: ["tags.list", endpointId, repository] });
}

/** How many tags a list matches, as far as any page of it was read. */
export function knownMatched(list: TagList): number | undefined {
  const pages = queryClient.getQueriesData<Page>({ queryKey: pageKey(list, 0).slice(0, -1) });
  return pages.find(([, page]) => page !== undefined)?.[1]?.matched;
}
