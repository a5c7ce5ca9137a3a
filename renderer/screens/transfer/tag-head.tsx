// The head of the tag table; the tag's own column sorts.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; cells and heads are read with them
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
import { ArrowDown, ArrowUp } from "lucide-react";
import { useEndpoint } from "../../state/endpoints.ts";
import { otherSide, type Side, updatePane, usePane } from "../../state/panes.ts";
import { otherSideText, transferText } from "../../text/transfer.ts";
import { columnLook, columns } from "./tag-columns.ts";

/** Pixels; `h-6.5` below is the same. */
export const headHeight = 26;

export function TagHead({ side, compared }: { readonly side: Side; readonly compared: boolean }) {
  const { tagSort } = usePane(side);
  const other = useEndpoint(usePane(otherSide(side)).endpointId)?.name;
  const ascending = tagSort === "name";
  const Arrow = ascending ? ArrowUp : ArrowDown;
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-1 flex h-6.5 items-center gap-2.5 border-y border-line bg-sunken px-3 text-2xs text-muted"
    >
      {columns.map((column) => (
        <span
          key={column}
          role="columnheader"
          className={columnLook[column]}
          {...(column === "tag"
            ? { "aria-sort": ascending ? ("ascending" as const) : ("descending" as const) }
            : {})}
          {...(column === "state" && compared ? { title: other } : {})}
        >
          {column === "tag" ? (
            <button
              type="button"
              onClick={() =>
                updatePane(side, { tagSort: ascending ? "name-descending" : "name", tagFocus: 0, anchor: 0 })
              }
              className="flex items-center gap-1 hover:text-text"
            >
              {transferText.tags.columns.tag}
              <Arrow aria-hidden className="size-3" />
            </button>
          ) : column === "state" && compared ? (
            otherSideText(other)
          ) : (
            transferText.tags.columns[column]
          )}
        </span>
      ))}
    </div>
  );
}
