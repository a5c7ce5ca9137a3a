// The table of ended runs: virtual, read by pages, one menu for all rows.
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; cells and heads are read with them
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import type { Run } from "../../../shared/run.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { meansRow } from "../../components/means-row.ts";
import type { PagedRows } from "../../components/paged-rows.ts";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, type VirtualRows } from "../../components/virtual-rows.ts";
import { removeRunLater, removeRunsLater } from "../../state/history.ts";
import { openDrawer } from "../../state/navigation.ts";
import { useRemovals } from "../../state/removals.ts";
import { historyText } from "../../text/history.ts";
import { runSubject } from "../../text/transfers.ts";
import { manyRunsMenu, runMenu } from "./history-actions.tsx";
import type { FocusedRow } from "./history-focus.ts";
import { HistoryRow, historyColumns } from "./history-row.tsx";
import { useHistorySelection } from "./history-selection.ts";

/** Pixels; `h-6.5` below is the same. */
export const headHeight = 26;

export function HistoryTable(props: {
  readonly list: VirtualRows;
  readonly rows: PagedRows<Run>;
  /** Says which list it is. */
  readonly filter: string;
  readonly focused: FocusedRow;
  readonly onFocus: (index: number, id: string | undefined) => void;
  readonly onChanges: (run: Run) => void;
}) {
  const { list, rows, filter, focused, onFocus, onChanges } = props;
  const focus = Math.min(focused.index, rows.total - 1);
  const removed = useRemovals((state) => state.ids);
  const there = rows.row(focus);
  // While the list is read again, another run may stand there.
  const run = focused.id === undefined || there?.id === focused.id ? there : undefined;
  const [menuRun, setMenuRun] = useState<Run>();
  const typeAhead = useRef(new TypeAhead());
  const selection = useHistorySelection(rows, filter);
  const meant = [...selection.ids];
  const removeMeant = (): void => {
    if (meant.length > 0) {
      removeRunsLater(meant.filter((id) => !removed.has(id)));
      selection.only(focus);
    } else if (run !== undefined && !removed.has(run.id)) removeRunLater(run);
  };
  const press = (event: MouseEvent<HTMLElement>): void => {
    const index = indexOf(event);
    if (index === undefined) return;
    // A button of a row brings the focus there.
    if (!meansRow({ target: event.target, currentTarget: event.currentTarget })) selection.startAt(index);
    else if (event.shiftKey) selection.rangeTo(index);
    else if (event.ctrlKey || event.metaKey) selection.toggle(index);
    else selection.only(index);
  };
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
    const moved = moveByKey(event.key, focus, rows.total, list.pageRows);
    const to = moved ?? typed(event);
    if (to !== undefined) {
      list.wantFocus();
      onFocus(to, rows.row(to)?.id);
      // Shift with a letter makes a capital.
      if (event.shiftKey && moved !== undefined) selection.rangeTo(to);
      else selection.only(to);
    } else if (event.key === " ") selection.toggle(focus);
    else if (event.key === "Enter" && run !== undefined) openDrawer({ kind: "report", runId: run.id });
    else if (event.key === "Delete") removeMeant();
    else return;
    event.preventDefault();
  };
  const menu = (event: MouseEvent<HTMLElement>): void => {
    const index = indexOf(event) ?? focus;
    const row = rows.row(index);
    onFocus(index, row?.id);
    setMenuRun(row);
    // What is selected already is meant together; anything else is meant alone.
    if (!selection.ids.has(row?.id ?? "")) selection.only(index);
  };
  const right = "text-right";
  return (
    <ContextMenu
      disabled={there === undefined}
      groups={
        menuRun === undefined
          ? []
          : meant.length > 1
            ? manyRunsMenu(meant.length, removeMeant)
            : runMenu(menuRun, onChanges)
      }
      region={
        <div
          role="grid"
          aria-label={historyText.list}
          aria-rowcount={rows.total + 1}
          ref={list.scroller}
          onKeyDown={keyDown}
          onClick={press}
          onContextMenu={menu}
          aria-multiselectable
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
                  selected={
                    selection.ids.size === 0
                      ? item.index === focus
                      : row !== undefined && selection.ids.has(row.id)
                  }
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

function indexOf({ target }: MouseEvent): number | undefined {
  const row = target instanceof Element ? target.closest("[data-index]") : null;
  const index = row?.getAttribute("data-index");
  return index === null || index === undefined ? undefined : Number(index);
}
