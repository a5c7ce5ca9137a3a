// The tags of one repository as a list with holes: only the pages that are looked at are read.
import { useQueries, useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { MethodResult } from "../../../shared/contract.ts";
import type { FreightlinerError } from "../../../shared/errors.ts";
import { call } from "../../api/client.ts";
import { queryClient } from "../../api/query.ts";
import { listKey, type TagList } from "./tag-list.ts";

export const tagPageSize = 500;

type Page = MethodResult<"tags.list">;

function pageKey(list: TagList, page: number): readonly unknown[] {
  return ["tags.list", list.endpointId, list.repository, list.sort, listKey(list), page];
}

function readPage(list: TagList, page: number, refresh: boolean, signal?: AbortSignal): Promise<Page> {
  return call("tags.list", { ...list, offset: page * tagPageSize, limit: tagPageSize, refresh }, signal);
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
  // The rows ask for many tags of few pages; the cache is asked once for each page.
  const seen = new Map<number, Page | undefined>();
  return {
    matched: first?.matched ?? 0,
    total: first?.total ?? 0,
    loading: first === undefined && error === null,
    error: first === undefined ? (error as FreightlinerError | null) : null,
    at: (index) => {
      const page = Math.floor(index / tagPageSize);
      if (!seen.has(page)) seen.set(page, knownPage(list, page));
      return seen.get(page)?.tags[index % tagPageSize];
    },
  };
}

/** Reads the start of a list; `cancel` gives it up. */
export function useFirstPage(list: TagList): {
  readonly isThere: boolean;
  readonly error: FreightlinerError | null;
  readonly cancel: () => void;
} {
  const queryKey = pageKey(list, 0);
  const { data, error } = useQuery<Page, FreightlinerError>({
    queryKey,
    queryFn: ({ signal }) => readPage(list, 0, false, signal),
  });
  return {
    isThere: data !== undefined,
    error,
    cancel: () => void queryClient.cancelQueries({ queryKey, exact: true }),
  };
}

/** The most names that one copy of a filtered list takes. */
export const mostListed = 50_000;
const namesPage = 1000;

/** All names of a list, page by page, up to the cap. @throws FreightlinerError */
export async function allTags(list: TagList, signal?: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const limit = Math.min(namesPage, mostListed - names.length);
    const page = await call("tags.list", { ...list, offset: names.length, limit }, signal);
    names.push(...page.tags);
    if (page.tags.length === 0 || names.length >= Math.min(page.matched, mostListed)) return names;
  }
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
  await readPage({ endpointId, repository, sort: "name" }, 0, true);
  await queryClient.invalidateQueries({ queryKey: ["tags.list", endpointId, repository] });
  // What is compared with it is another list now too.
  await queryClient.invalidateQueries({
    predicate: ({ queryKey: [method, , at, , key] }) =>
      method === "compare.tags" ||
      (method === "tags.list" && at === repository && !String(key).endsWith(",null]")),
  });
}

/** How many tags a list matches, as far as any page of it was read. */
export function knownMatched(list: TagList): number | undefined {
  const pages = queryClient.getQueriesData<Page>({ queryKey: pageKey(list, 0).slice(0, -1) });
  return pages.find(([, page]) => page !== undefined)?.[1]?.matched;
}

/** The same, drawn again when a page arrives. Undefined asks for nothing. */
export function useKnownMatched(list: TagList | undefined): number | undefined {
  return useSyncExternalStore(onCacheChange, () => (list === undefined ? undefined : knownMatched(list)));
}

function onCacheChange(changed: () => void): () => void {
  return queryClient.getQueryCache().subscribe(changed);
}
