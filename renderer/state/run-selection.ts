// Which rows of the transfers have the focus and which runs are selected, for the tree, its commands and the controls beside it.
import { create } from "zustand";

interface RunSelection {
  /** A row's id (rowId in run-rows.ts). */
  readonly focusId: string | undefined;
  /** Run ids. */
  readonly selected: ReadonlySet<string>;
  /** The run from which Shift selects. */
  readonly anchor: string | undefined;
}
export const useRunSelection = create<RunSelection>(() => ({
  focusId: undefined,
  selected: new Set(),
  anchor: undefined,
}));

export function runIdOf(rowId: string): string {
  return rowId.split("/")[0] ?? rowId;
}

/** `toggle` adds or takes away its run, `range` selects to it from the anchor, in the order of `runIds`. */
export function focusRow(
  id: string,
  how: "only" | "toggle" | "range" | "keep" = "only",
  runIds: readonly string[] = [],
): void {
  const runId = runIdOf(id);
  useRunSelection.setState(({ selected, anchor }) => {
    switch (how) {
      case "keep":
        return { focusId: id };
      case "only":
        return { focusId: id, selected: new Set([runId]), anchor: runId };
      case "toggle":
        return { focusId: id, selected: toggled(selected, runId), anchor: runId };
      case "range": {
        const ends = [runIds.indexOf(anchor ?? runId), runIds.indexOf(runId)];
        const range = runIds.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
        return { focusId: id, selected: new Set(range) };
      }
    }
  });
}

function toggled(selected: ReadonlySet<string>, runId: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(runId)) next.add(runId);
  return next;
}

export function selectRuns(runIds: readonly string[]): void {
  useRunSelection.setState({ selected: new Set(runIds) });
}
