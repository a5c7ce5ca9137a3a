// A virtual list with a roving focus: only rows on screen exist, and the focused one always does.
import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useRef } from "react";
import { useRowHeight } from "../state/appearance.ts";

export interface VirtualRows {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Height of all rows in pixels. */
  readonly height: number;
  readonly items: readonly VirtualItem[];
  /** Rows that fit on the screen: the step of PageUp and PageDown. */
  readonly pageRows: number;
  /** The focus goes to the focused row after the next drawing. */
  readonly wantFocus: () => void;
  readonly scrollTo: (index: number) => void;
  /** Pixels from the top of the rows' own box. */
  readonly top: (item: VirtualItem) => number;
  /**
   * `items` with their keys in the order to draw them in. While the list scrolls, elements stay where they are in the
   * document: each that moves there is styled and laid out anew. When it rests, they stand in the order of the rows again,
   * which is the order that a screen reader reads them in.
   */
  readonly drawn: readonly DrawnRow[];
}

export interface DrawnRow {
  readonly item: VirtualItem;
  /** React's key: the element of a row that left is taken by one that came. */
  readonly slot: number;
}

export function useVirtualRows(options: {
  readonly count: number;
  readonly focus: number;
  /** What a row is, where it may change its place; its place itself where it is left out. */
  readonly keyOf?: (index: number) => string | number;
  /** Pixels above the first row that stay in place while scrolling, such as a table's head. */
  readonly stickyTop?: number;
}): VirtualRows {
  const { count, focus, stickyTop = 0, keyOf = samePlace } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = useRef(false);
  const rowHeight = useRowHeight();
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: stickyTop,
    scrollPaddingStart: stickyTop,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      if (focus < 0 || focus >= count || indexes.includes(focus)) return indexes;
      return focus < (indexes[0] ?? 0) ? [focus, ...indexes] : [...indexes, focus];
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height makes every known position wrong
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useLayoutEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    virtualizer.scrollToIndex(focus, { align: "auto" });
    const row = scroller.current?.querySelector(`[data-index="${focus}"]`);
    if (row instanceof HTMLElement) row.focus({ preventScroll: true });
  });
  const items = virtualizer.getVirtualItems();
  const taken = useRef<ReadonlyMap<string | number, number>>(new Map());
  taken.current = takeSlots(
    taken.current,
    items.map(({ index }) => keyOf(index)),
  );
  const rows = items.map((item) => ({ item, slot: taken.current.get(keyOf(item.index)) ?? item.index }));
  const order = useRef<readonly number[]>([]);
  const drawn = virtualizer.isScrolling ? inOrder(rows, order.current) : rows;
  order.current = drawn.map(({ slot }) => slot);
  const wantFocus = useCallback(() => {
    wanted.current = true;
  }, []);
  const scrollTo = useCallback(
    (index: number) => virtualizer.scrollToIndex(index, { align: "auto" }),
    [virtualizer],
  );
  return {
    scroller,
    height: virtualizer.getTotalSize(),
    items,
    drawn,
    pageRows: Math.max(1, Math.floor((virtualizer.scrollRect?.height ?? 280) / rowHeight) - 1),
    wantFocus,
    scrollTo,
    top: (item) => item.start - stickyTop,
  };
}

const samePlace = (index: number): number => index;

/**
 * Gives each row in sight one of as many numbered elements as there are rows: who was there keeps its own, who comes
 * takes one that is free. Filling an element anew costs a fraction of making one.
 */
export function takeSlots<K>(before: ReadonlyMap<K, number>, keys: readonly K[]): ReadonlyMap<K, number> {
  const kept = new Set(keys.flatMap((key) => before.get(key) ?? []));
  let next = 0;
  const free = (): number => {
    while (kept.has(next)) next++;
    return next++;
  };
  return new Map(keys.map((key) => [key, before.get(key) ?? free()]));
}

/** Rows in the order of these slots; those that are not among them come last, as they come. */
export function inOrder<R extends { readonly slot: number }>(
  rows: readonly R[],
  order: readonly number[],
): readonly R[] {
  const places = new Map(order.map((slot, place) => [slot, place]));
  const placeOf = ({ slot }: R): number => places.get(slot) ?? order.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Where a key moves the focus in a list of `count` rows; undefined for keys that do not move it. */
export function moveByKey(key: string, index: number, count: number, pageRows: number): number | undefined {
  const last = Math.max(0, count - 1);
  switch (key) {
    case "ArrowDown":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "PageDown":
      return Math.min(last, index + pageRows);
    case "PageUp":
      return Math.max(0, index - pageRows);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
