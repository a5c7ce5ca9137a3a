// Rows of a long list that the engine gives by pages: only pages that are looked at are read, and kept while they are.
import { useQueries } from "@tanstack/react-query";
import { useRef } from "react";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";

export const pageRows = 100;

export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

export interface PagedRows<T> {
  /** Rows that match, also those not read yet; the last known number while a new one is asked for. */
  readonly total: number;
  /** False until the first answer to anything. */
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
  /** Undefined where the row is on its way. */
  readonly row: (index: number) => T | undefined;
  /** Among the rows that were read. */
  readonly find: (isWanted: (row: T) => boolean) => number | undefined;
  /** False while pages are being read: one row may then stand on two of them, or on none. */
  readonly settled: boolean;
  readonly reload: () => void;
}

/** `indexes` are the rows in sight; `queryKey` says which list it is and changes with its filter. */
export function usePagedRows<T>(options: {
  readonly queryKey: readonly unknown[];
  readonly indexes: readonly number[];
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;
}): PagedRows<T> {
  const { queryKey, indexes, load } = options;
  const pages = [...new Set([0, ...indexes.map((index) => Math.floor(index / pageRows))])];
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...queryKey, page],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => load(page * pageRows, pageRows, signal),
    })),
  });
  const lastTotal = useRef<number>(undefined);
  const answered = results.find((result) => result.data !== undefined)?.data;
  if (answered !== undefined) lastTotal.current = answered.total;
  const failed = results.find((result) => result.error !== null);
  const find = (isWanted: (row: T) => boolean): number | undefined => {
    for (const [at, page] of pages.entries()) {
      const place = results[at]?.data?.rows.findIndex(isWanted) ?? -1;
      if (place >= 0) return page * pageRows + place;
    }
    return undefined;
  };
  return {
    total: lastTotal.current ?? 0,
    loaded: lastTotal.current !== undefined,
    error: failed === undefined ? undefined : toFreightlinerError(failed.error, "read-page"),
    row: (index) => results[pages.indexOf(Math.floor(index / pageRows))]?.data?.rows[index % pageRows],
    find,
    settled: results.every(({ isFetching }) => !isFetching),
    reload: () => {
      for (const result of results) void result.refetch();
    },
  };
}
