// Which ended runs are selected: one, several, or from one to another, by mouse and keys; of rows that were read.
import { useState } from "react";
import type { PagedRows } from "../../components/paged-rows.ts";

interface Picked {
  readonly ids: ReadonlySet<string>;
  /** The row from which Shift selects. */
  readonly anchor: number;
}

export interface HistorySelection {
  /** Empty where only the row with the focus is meant. */
  readonly ids: ReadonlySet<string>;
  readonly only: (index: number) => void;
  readonly toggle: (index: number) => void;
  readonly rangeTo: (index: number) => void;
}

export function useHistorySelection(rows: PagedRows<{ readonly id: string }>): HistorySelection {
  const [{ ids, anchor }, setPicked] = useState<Picked>({ ids: new Set(), anchor: 0 });
  const idsBetween = (from: number, to: number): ReadonlySet<string> =>
    new Set(
      Array.from({ length: Math.abs(to - from) + 1 }, (_, step) =>
        rows.row(Math.min(from, to) + step),
      ).flatMap((row) => row?.id ?? []),
    );
  return {
    ids,
    only: (index) => setPicked({ ids: new Set(), anchor: index }),
    toggle: (index) => {
      const id = rows.row(index)?.id;
      if (id === undefined) return;
      // The first one beside another takes that one with it.
      const next = new Set(ids.size === 0 && anchor !== index ? idsBetween(anchor, anchor) : ids);
      if (!next.delete(id)) next.add(id);
      setPicked({ ids: next, anchor: index });
    },
    rangeTo: (index) => setPicked({ ids: idsBetween(anchor, index), anchor }),
  };
}
