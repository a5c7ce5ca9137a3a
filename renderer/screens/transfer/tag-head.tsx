// The head of the tag table: one tab stop; arrows go along it, Enter sorts, Shift and an arrow make a column wider or narrower.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on the button in each head
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
import { clsx } from "clsx";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, memo, type PointerEvent, useRef, useState } from "react";
import { useEndpoint } from "../../state/endpoints.ts";
import { otherSide, type Side, sortTags, usePane } from "../../state/panes.ts";
import { type Column, type ColumnChoice, resizeColumn, type SideColumn } from "../../state/tag-columns.ts";
import { otherSideText, transferText } from "../../text/transfer.ts";
import { columnLook } from "./column-look.ts";
import { isDescending, nextSort, sortKeyOf } from "./tag-sort.ts";

/** Pixels; `h-6.5` below is the same. */
export const headHeight = 26;
const keyStep = 8;

export interface TagHeadProps {
  readonly side: Side;
  readonly endpointId: string;
  readonly compared: boolean;
  readonly columns: readonly SideColumn[];
  readonly widths: ColumnChoice["widths"];
}

/** The table is drawn at every step of scrolling; its head is not. */
export const TagHead = memo(function TagHead({ side, endpointId, compared, columns, widths }: TagHeadProps) {
  const row = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const all: readonly Column[] = ["tag", ...columns];
  const other = useEndpoint(usePane(otherSide(side)).endpointId)?.name;
  const move = (to: number): void => {
    const within = Math.min(all.length - 1, Math.max(0, to));
    setAt(within);
    row.current?.querySelectorAll<HTMLElement>("[data-column]")[within]?.focus();
  };
  const keyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const column = all[Math.min(at, all.length - 1)];
    // The keys of the rows mean something else.
    event.stopPropagation();
    if (step === 0 || column === undefined) return;
    event.preventDefault();
    if (!event.shiftKey) move(at + step);
    else if (column !== "tag") resizeColumn(endpointId, column, widths[column] + step * keyStep);
  };
  return (
    <div
      ref={row}
      role="row"
      aria-rowindex={1}
      tabIndex={-1}
      onKeyDown={keyDown}
      className="sticky top-0 z-1 flex h-6.5 items-center gap-2.5 border-y border-line bg-sunken px-3 text-2xs text-muted"
    >
      {all.map((column, index) => (
        <HeadCell
          key={column}
          side={side}
          column={column}
          reached={index === Math.min(at, all.length - 1)}
          onReach={() => setAt(index)}
          label={column === "state" && compared ? otherSideText(other) : transferText.tags.columns[column]}
          onResize={
            column === "tag" ? undefined : (by) => resizeColumn(endpointId, column, widths[column] + by)
          }
        />
      ))}
    </div>
  );
});

function HeadCell({
  side,
  column,
  label,
  reached,
  onReach,
  onResize,
}: {
  readonly side: Side;
  readonly column: Column;
  readonly label: string;
  readonly reached: boolean;
  readonly onReach: () => void;
  readonly onResize: ((by: number) => void) | undefined;
}) {
  const { tagSort } = usePane(side);
  const sorted = sortKeyOf(column, tagSort);
  const descending = isDescending(tagSort);
  const Arrow = descending ? ArrowDown : ArrowUp;
  const sort = nextSort(column, tagSort);
  const text = column === "tag" && tagSort.startsWith("version") ? transferText.tags.byVersion : label;
  return (
    <span
      role="columnheader"
      className={clsx(columnLook[column], "relative h-full")}
      title={onResize === undefined ? undefined : transferText.tags.resize}
      {...(sorted ? { "aria-sort": descending ? ("descending" as const) : ("ascending" as const) } : {})}
    >
      {onResize !== undefined && <Grip onResize={onResize} />}
      <button
        type="button"
        data-column={column}
        tabIndex={reached ? 0 : -1}
        onFocus={onReach}
        onClick={() => sort !== undefined && sortTags(side, sort)}
        className={clsx(
          "flex h-full w-full items-center gap-1 rounded-sm -outline-offset-2",
          (column === "size" || column === "attachments") && "justify-end",
          sort !== undefined && "hover:text-text",
          sorted && "text-text",
        )}
      >
        <span className="truncate">{text}</span>
        {sorted && <Arrow aria-hidden className="size-3 shrink-0" />}
      </button>
    </span>
  );
}

/** The left edge of a column: dragged, it makes the column wider or narrower. For the mouse; keys do it too. */
function Grip({ onResize }: { readonly onResize: (by: number) => void }) {
  const from = useRef<number>(undefined);
  const move = (event: PointerEvent): void => {
    if (from.current === undefined) return;
    onResize(from.current - event.clientX);
    from.current = event.clientX;
  };
  return (
    <span
      aria-hidden
      className="absolute inset-y-0 -left-2 z-1 w-2 cursor-col-resize border-r border-transparent hover:border-line-strong"
      onPointerDown={(event) => {
        event.preventDefault();
        from.current = event.clientX;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={() => {
        from.current = undefined;
      }}
    />
  );
}
