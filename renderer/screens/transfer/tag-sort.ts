// The orders of the tag table: which column each belongs to, and what comes after another click on its head.
import type { TagSort } from "../../../shared/contract.ts";
import type { Column } from "../../state/tag-columns.ts";

export const sortKeys = ["name", "version", "created", "size"] as const;
export type SortKey = (typeof sortKeys)[number];

export function keyOfSort(sort: TagSort): SortKey {
  return sort.replace("-descending", "") as SortKey;
}

export function isDescending(sort: TagSort): boolean {
  return sort.endsWith("-descending");
}

export function sortOf(key: SortKey, descending: boolean): TagSort {
  return descending ? `${key}-descending` : key;
}

/** Whether a column shows the order that holds: the tag's own one shows names and versions. */
export function sortKeyOf(column: Column, sort: TagSort): boolean {
  const key = keyOfSort(sort);
  return column === "tag" ? key === "name" || key === "version" : key === column;
}

/** Undefined for columns that nothing is ordered by. The newest and the largest come first. */
export function nextSort(column: Column, sort: TagSort): TagSort | undefined {
  if (column === "tag") {
    const key = sortKeyOf("tag", sort) ? keyOfSort(sort) : "name";
    return sortOf(key, sortKeyOf("tag", sort) && !isDescending(sort));
  }
  if (column !== "created" && column !== "size") return undefined;
  return sortOf(column, keyOfSort(sort) !== column || !isDescending(sort));
}
