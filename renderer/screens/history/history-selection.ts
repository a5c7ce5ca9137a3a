// Which ended runs are selected: one, several, or from one to another, by mouse and keys; of rows that were read.
import { useEffect, useState } from "react";
import { onLive } from "../../api/live.ts";
import type { PagedRows } from "../../components/paged-rows.ts";
import { type FocusedRow, firstRow } from "./history-focus.ts";

interface Picked {
  /** The list in which it was picked. */
  readonly list: string;
  readonly ids: ReadonlySet<string>;
  /** The row from which Shift selects. */
  readonly anchor: FocusedRow;
}

export interface HistorySelection {
  /** Empty where only the row with the focus is meant. */
  readonly ids: ReadonlySet<string>;
  readonly only: (index: number) => void;
  readonly toggle: (index: number) => void;
  readonly rangeTo: (index: number) => void;
  /** Selects from there on, and leaves what is selected. */
  readonly startAt: (index: number) => void;
}

/** `list` says which list it is: in another one nothing is selected. */
export function useHistorySelection(
  rows: PagedRows<{ readonly id: string }>,
  list: string,
): HistorySelection {
  const [picked, setPicked] = useState<Picked>({ list, ids: new Set(), anchor: firstRow });
  useEffect(
    () =>
      onLive("run.removed", ({ runId }) =>
        setPicked((now) => (now.ids.has(runId) ? { ...now, ids: without(now.ids, runId) } : now)),
      ),
    [],
  );
  const { ids, anchor } = picked.list === list ? picked : { ids: new Set<string>(), anchor: firstRow };
  const pick = (next: ReadonlySet<string>, from: FocusedRow): void =>
    setPicked({ list, ids: next, anchor: from });
  const rowAt = (index: number): FocusedRow => ({ index, id: rows.row(index)?.id });
  const anchorIndex = (): number => rows.find(({ id }) => id === anchor.id) ?? anchor.index;
  const idsBetween = (from: number, to: number): ReadonlySet<string> =>
    new Set(
      Array.from({ length: Math.abs(to - from) + 1 }, (_, step) =>
        rows.row(Math.min(from, to) + step),
      ).flatMap((row) => row?.id ?? []),
    );
  return {
    ids,
    only: (index) => pick(new Set(), rowAt(index)),
    toggle: (index) => {
      const id = rows.row(index)?.id;
      if (id === undefined) return;
      // The first one beside another takes that one with it.
      const from = anchorIndex();
      const before = ids.size === 0 && from !== index ? idsBetween(from, from) : ids;
      pick(before.has(id) ? without(before, id) : new Set([...before, id]), rowAt(index));
    },
    rangeTo: (index) => pick(idsBetween(anchorIndex(), index), anchor),
    startAt: (index) => pick(ids, rowAt(index)),
  };
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  next.delete(id);
  return next;
}
