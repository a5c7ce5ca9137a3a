// The keys of the transfers tree: where they go, what they unfold and select. Its commands have theirs in transfer-commands.ts.
import type { KeyboardEvent } from "react";
import type { Run } from "../../../shared/run.ts";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey } from "../../components/virtual-rows.ts";
import { focusRow, selectRuns } from "../../state/run-selection.ts";
import { setExpanded } from "../../state/runs.ts";
import { runSubject } from "../../text/transfers.ts";
import { imageEnds } from "./image-ends.ts";
import type { TransferRow, TransferRows } from "./run-rows.ts";

interface TreeState {
  readonly rows: TransferRows;
  readonly focus: number;
  readonly pageRows: number;
  readonly runs: readonly Run[];
  readonly wantFocus: () => void;
  readonly open: (row: TransferRow) => void;
}

export function treeKeyDown(event: KeyboardEvent<HTMLElement>, tree: TreeState): void {
  // A row's dialog is its child in React, though not in the page.
  if (event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
  // Keys of a button inside a row are the button's own.
  if (event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ")) return;
  if (!command(event, tree) && !travel(event, tree)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** True where the key was the list's own. */
function command(event: KeyboardEvent, { rows, focus, runs, open, wantFocus }: TreeState): boolean {
  const row = rows.at(focus);
  const mod = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowUp":
    case "ArrowDown":
      // A command moves the run; the focus goes with it.
      if (mod || event.altKey) wantFocus();
      return false;
    case " ":
      if (mod && row !== undefined) focusRow(row.id, "toggle");
      return mod;
    case "Enter":
      if (row !== undefined) open(row);
      return true;
    case "a":
      if (mod) selectRuns(runs.map(({ id }) => id));
      return mod;
    default:
      return false;
  }
}

/** True where the key went somewhere. */
function travel(event: KeyboardEvent, { rows, focus, pageRows, runs, wantFocus }: TreeState): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const moved = moveByKey(event.key, focus, rows.count, pageRows) ?? foldByKey(event.key, rows, focus);
  if (moved !== undefined) typeAhead.reset();
  const to = moved ?? typedTo(event, rows, focus);
  if (to === undefined) return false;
  const row = rows.at(to);
  if (row === undefined || to === focus) return true;
  const runIds = runs.map(({ id }) => id);
  // Shift with a letter makes a capital.
  focusRow(row.id, event.shiftKey && moved !== undefined ? "range" : "only", runIds);
  wantFocus();
  return true;
}

const typeAhead = new TypeAhead();

function typedTo(event: KeyboardEvent, rows: TransferRows, from: number): number | undefined {
  if (!isTyped(event)) return undefined;
  const label = (index: number): string | undefined => labelOf(rows.at(index));
  return typeAhead.next(event.key, { now: event.timeStamp, from, count: rows.count, label });
}

/** How its name begins on the screen. */
function labelOf(row: TransferRow | undefined): string | undefined {
  switch (row?.kind) {
    case "run":
      return runSubject(row.run);
    case "image":
      return imageEnds(row.image);
    default:
      return undefined;
  }
}

/** Right unfolds or goes to the first child, left folds or goes to the parent. */
function foldByKey(key: string, rows: TransferRows, focus: number): number | undefined {
  const row = rows.at(focus);
  if (row === undefined) return undefined;
  const foldable = row.kind === "run" || (row.kind === "image" && row.expandable);
  const expanded = foldable && row.expanded;
  switch (key) {
    case "ArrowRight":
      if (foldable && expanded) return Math.min(rows.count - 1, focus + 1);
      if (foldable) setExpanded(row.id, true);
      return focus;
    case "ArrowLeft":
      if (!expanded) return rows.parentOf(focus);
      setExpanded(row.id, false);
      return focus;
    default:
      return undefined;
  }
}
