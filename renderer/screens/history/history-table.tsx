// The table of ended runs: virtual, read by pages, one menu for all rows.
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; cells and heads are read with them
import { type KeyboardEvent, type MouseEvent, useRef } from "react";
import type { Run } from "../../../shared/run.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import type { PagedRows } from "../../components/paged-rows.ts";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, type VirtualRows } from "../../components/virtual-rows.ts";
import { removeRunLater } from "../../state/history.ts";
import { openDrawer } from "../../state/navigation.ts";
import { useRemovals } from "../../state/removals.ts";
import { historyText } from "../../text/history.ts";
import { runSubject } from "../../text/transfers.ts";
import { runMenu } from "./history-actions.tsx";
import { HistoryRow, historyColumns } from "./history-row.tsx";

/** Pixels; `h-6.5` below is the same. */
export const headHeight = 26;

export function HistoryTable(props: {
  readonly list: VirtualRows;
  readonly rows: PagedRows<Run>;
  readonly focus: number;
  readonly onFocus: (index: number) => void;
  readonly onChanges: (run: Run) => void;
}) {
  const { list, rows, focus, onFocus, onChanges } = props;
  const removed = useRemovals((state) => state.ids);
  const run = rows.row(focus);
  const typeAhead = useRef(new TypeAhead());
  /** Among the rows that were read. */
  const typed = (event: KeyboardEvent): number | undefined => {
    if (!isTyped(event)) return undefined;
    const label = (index: number): string | undefined => {
      const there = rows.row(index);
      return there === undefined ? undefined : runSubject(there);
    };
    return typeAhead.current.next(event.key, { now: event.timeStamp, from: focus, count: rows.total, label });
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target instanceof Element && event.target.closest("button") !== null) return;
    const to = moveByKey(event.key, focus, rows.total, list.pageRows) ?? typed(event);
    if (to !== undefined) {
      list.wantFocus();
      onFocus(to);
    } else if (event.key === "Enter" && run !== undefined) openDrawer({ kind: "report", runId: run.id });
    else if (event.key === "Delete" && run !== undefined && !removed.has(run.id)) removeRunLater(run);
    else return;
    event.preventDefault();
  };
  const menu = (event: MouseEvent<HTMLElement>): void => {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    const index = row?.getAttribute("data-index");
    if (index !== null && index !== undefined) onFocus(Number(index));
  };
  const right = "text-right";
  return (
    <ContextMenu
      disabled={run === undefined}
      groups={run === undefined ? [] : runMenu(run, onChanges)}
      region={
        <div
          role="grid"
          aria-label={historyText.list}
          aria-rowcount={rows.total + 1}
          ref={list.scroller}
          onKeyDown={keyDown}
          onContextMenu={menu}
          className="min-h-0 flex-1 overflow-auto"
        >
          <div
            role="row"
            aria-rowindex={1}
            className={`${historyColumns} sticky top-0 z-1 h-6.5 border-b border-line bg-sunken text-2xs text-muted`}
          >
            {(["state", "ends", "what", "when"] as const).map((column) => (
              <span key={column} role="columnheader">
                {historyText.columns[column]}
              </span>
            ))}
            {(["took", "images", "moved", "saved"] as const).map((column) => (
              <span key={column} role="columnheader" className={right}>
                {historyText.columns[column]}
              </span>
            ))}
            <span role="columnheader">
              <span className="hidden-text">{historyText.columns.actions}</span>
            </span>
          </div>
          <div role="presentation" className="relative" style={{ height: list.height }}>
            {list.drawn.map(({ item, slot }) => {
              const row = rows.row(item.index);
              return (
                <HistoryRow
                  key={slot}
                  run={row}
                  index={item.index}
                  top={list.top(item)}
                  focused={item.index === focus}
                  removed={row !== undefined && removed.has(row.id)}
                  onFocus={onFocus}
                />
              );
            })}
          </div>
        </div>
      }
    />
  );
}
