// What a row of the tree does when it is opened or folded.
import { type Pane, type Side, showRepository, updatePane, usePanes } from "../../state/panes.ts";
import type { TreeRow } from "./tree-rows.ts";

/** Shows a repository's tags, or opens and closes a folder. */
export function openRow(side: Side, row: TreeRow): void {
  if (row.kind === "repository") showRepository(side, row.path);
  else if (row.expandable) setExpanded(side, row.path, !row.expanded);
}

export function setExpanded(side: Side, path: string, open: boolean): void {
  const pane: Pane = usePanes.getState()[side];
  const expanded = new Set(pane.expanded);
  if (open) expanded.add(path);
  else expanded.delete(path);
  updatePane(side, { expanded });
}
