// The ended run that has the focus: by its id, since every run that ends moves all others down.
import { type RefObject, useLayoutEffect } from "react";
import type { PagedRows } from "../../components/paged-rows.ts";

export interface FocusedRow {
  readonly index: number;
  /** Undefined until somebody went to a row, and while that row is on its way. */
  readonly id: string | undefined;
}

/** Nobody went anywhere yet: whatever comes first. */
export const firstRow: FocusedRow = { index: 0, id: undefined };

type Rows = PagedRows<{ readonly id: string }>;

/** Where the focused run stands now; the same object where nothing moved. */
export function followRow(focused: FocusedRow, rows: Rows): FocusedRow {
  const { index, id } = focused;
  if (focused === firstRow || (id !== undefined && rows.row(index)?.id === id)) return focused;
  const at = id === undefined ? undefined : rows.find((row) => row.id === id);
  if (at !== undefined) return { index: at, id };
  if (!rows.settled) return focused;
  // It is gone, or was not read when it got the focus: the row at its place is the one.
  const place = Math.max(0, Math.min(index, rows.total - 1));
  const there = rows.row(place)?.id;
  return there === undefined || (place === index && there === id) ? focused : { index: place, id: there };
}

/** Takes the page's focus along where the focused row moves; the element that had it shows another run by then. */
export function useFocusAlong(scroller: RefObject<HTMLElement | null>, index: number): void {
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || scroller.current?.contains(active) !== true) return;
    if (active.dataset.index === undefined || Number(active.dataset.index) === index) return;
    const row = scroller.current.querySelector(`[data-index="${index}"]`);
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  }, [scroller, index]);
}
