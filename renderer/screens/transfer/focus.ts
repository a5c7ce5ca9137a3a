// Where the focus goes in the panes, from outside of them.
import { type Side, usePanes } from "../../state/panes.ts";

function sectionOf(side: Side): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-side="${side}"]`);
}

/** True while a list, and not a field or a dialog, has the focus. */
export function isInPane(): boolean {
  const focused = document.activeElement;
  return focused?.closest("[data-side]") != null && !(focused instanceof HTMLInputElement);
}

/** The list of a pane that a copy would take from; else whichever is there. */
export function focusPane(side: Side): void {
  const { source } = usePanes.getState()[side];
  const row = (role: string) =>
    sectionOf(side)?.querySelector<HTMLElement>(`[role="${role}"] [data-index][tabindex="0"]`);
  (row(source === "tags" ? "grid" : "tree") ?? row("tree") ?? row("grid"))?.focus();
}

export function focusFilter(side: Side): void {
  const { source } = usePanes.getState()[side];
  const filters = sectionOf(side)?.querySelectorAll<HTMLElement>('input[type="search"]') ?? [];
  filters[source === "tags" ? filters.length - 1 : 0]?.focus();
}
