// How the cells of each column look; their widths are variables that the table sets once for all its rows.
import type { CSSProperties } from "react";
import type { Column, SideColumn } from "../../state/tag-columns.ts";

export const columnLook: Readonly<Record<Column, string>> = {
  tag: "min-w-24 flex-1 truncate",
  state: "w-(--column-state) shrink-0 truncate",
  digest: "w-(--column-digest) shrink-0 truncate",
  size: "w-(--column-size) shrink-0 truncate text-right",
  created: "w-(--column-created) shrink-0 truncate",
  platforms: "w-(--column-platforms) shrink-0 truncate",
  kind: "w-(--column-kind) shrink-0 truncate",
  attachments: "w-(--column-attachments) shrink-0 truncate text-right",
};

export function columnVariables(widths: Readonly<Record<SideColumn, number>>): CSSProperties {
  return Object.fromEntries(
    Object.entries(widths).map(([column, width]) => [`--column-${column}`, `${width}px`]),
  );
}

/** Of several columns that stand side by side, with the room between them (`gap-2.5`). */
export function widthOf(columns: readonly SideColumn[]): string {
  return `calc(${columns.map((column) => `var(--column-${column})`).join(" + 0.625rem + ")})`;
}
