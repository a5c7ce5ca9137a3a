// The order of a tag table: by name, version, creation or size; what has none of the last three comes last either way.
import type { TagSort } from "../../shared/contract.ts";
import { Versions } from "../../shared/versions.ts";
import type { Names } from "./kept-results.ts";

export type SortKey = "name" | "version" | "created" | "size";

export function sortKey(sort: TagSort): { readonly key: SortKey; readonly descending: boolean } {
  const [key, direction] = sort.split("-") as [SortKey, string | undefined];
  return { key, descending: direction !== undefined };
}

/** @param tags in the order of their names, which also tells equal ones apart. */
export function byVersion(tags: Names, descending: boolean): Names {
  const versions = new Versions();
  const isVersion = (tag: string): boolean => versions.of(tag) !== undefined;
  const sorted = tags.filter(isVersion).toSorted((a, b) => versions.compare(a, b));
  return [...(descending ? sorted.reverse() : sorted), ...tags.filter((tag) => !isVersion(tag))];
}

/** The same by a number; tags without one come last. */
export function byNumber(
  tags: Names,
  numberOf: (tag: string) => number | null | undefined,
  descending: boolean,
): Names {
  const known: [string, number][] = [];
  const unknown: string[] = [];
  for (const tag of tags) {
    const number = numberOf(tag);
    if (number === undefined || number === null) unknown.push(tag);
    else known.push([tag, number]);
  }
  const sorted = known.sort(([, a], [, b]) => (descending ? b - a : a - b));
  return [...sorted.map(([tag]) => tag), ...unknown];
}
