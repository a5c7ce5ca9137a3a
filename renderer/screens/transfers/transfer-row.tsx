// One row of the transfers tree: a run, an image or a blob, or the place of one that is on its way.

import { type MouseEvent, memo, type ReactNode, useRef } from "react";
import { meansRow } from "../../components/means-row.ts";
import { explainError } from "../../text/errors.ts";
import { transfersText } from "../../text/transfers.ts";
import { BlobCells, ImageCells } from "./image-cells.tsx";
import { Cell, treeColumns } from "./row-cells.tsx";
import { RunCells } from "./run-cells.tsx";
import { isSameRow, type TransferRow } from "./run-rows.ts";
import { useRunDrag } from "./use-run-drag.ts";

export interface RowHandlers {
  readonly onFocus: (id: string) => void;
  readonly onPress: (id: string, event: MouseEvent<HTMLElement>) => void;
  readonly onToggle: (id: string, expanded: boolean) => void;
  /** Double click. */
  readonly onOpen: (row: TransferRow) => void;
}

interface RowProps extends RowHandlers {
  readonly row: TransferRow;
  readonly index: number;
  readonly top: number;
  readonly focused: boolean;
  readonly selected: boolean;
}

function isSame(a: RowProps, b: RowProps): boolean {
  return (
    a.index === b.index &&
    a.top === b.top &&
    a.focused === b.focused &&
    a.selected === b.selected &&
    a.onFocus === b.onFocus &&
    a.onPress === b.onPress &&
    isSameRow(a.row, b.row)
  );
}

export function expandedOf(row: TransferRow): boolean | undefined {
  return row.kind === "run" || (row.kind === "image" && row.expandable) ? row.expanded : undefined;
}

export const TransferRowView = memo(function TransferRowView(props: RowProps) {
  const { row, index, top, focused, selected } = props;
  const element = useRef<HTMLDivElement>(null);
  const edge = useRunDrag(element, row);
  const expanded = expandedOf(row);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of a virtual tree
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree's own keys do what clicks do
    <div
      ref={element}
      role="row"
      aria-level={row.level}
      aria-posinset={row.posInSet}
      aria-setsize={row.setSize}
      aria-rowindex={index + 2}
      aria-selected={selected}
      {...(expanded === undefined ? {} : { "aria-expanded": expanded })}
      data-index={index}
      data-row={row.id}
      tabIndex={focused ? 0 : -1}
      onFocus={({ target, currentTarget }) => {
        if (target instanceof Node && currentTarget.contains(target)) props.onFocus(row.id);
      }}
      onClick={(event) => {
        if (meansRow(event)) props.onPress(row.id, event);
      }}
      onDoubleClick={(event) => {
        if (meansRow(event)) props.onOpen(row);
      }}
      className={`${treeColumns} absolute inset-x-0 h-(--row) text-sm -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
      style={{ top }}
    >
      <Cells {...props} />
      {edge !== undefined && (
        <span
          aria-hidden
          className={`pointer-events-none absolute inset-x-0 h-0.5 bg-accent ${edge === "top" ? "-top-px" : "-bottom-px"}`}
        />
      )}
    </div>
  );
}, isSame);

function Cells({ row, focused, onToggle }: RowProps): ReactNode {
  switch (row.kind) {
    case "run":
      return <RunCells run={row.run} expanded={row.expanded} focused={focused} onToggle={onToggle} />;
    case "image":
      return (
        <ImageCells
          run={row.run}
          image={row.image}
          id={row.id}
          expanded={expandedOf(row)}
          focused={focused}
          onToggle={onToggle}
        />
      );
    case "blob":
      return <BlobCells run={row.run} blob={row.blob} />;
    case "hole":
    case "loading":
      return (
        <Cell span className="pl-11 text-xs text-muted">
          {transfersText.loading}
        </Cell>
      );
    case "empty":
      return (
        <Cell span className="pl-11 text-xs text-muted">
          {transfersText.noImages}
        </Cell>
      );
    case "error":
      return (
        <Cell span className="truncate pl-11 text-xs text-bad" title={row.error.message}>
          {explainError(row.error).sentence}
        </Cell>
      );
  }
}
