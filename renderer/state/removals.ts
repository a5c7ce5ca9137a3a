// What was removed from a list a moment ago: gone for the eye at once, for the engine when the time to undo has passed.
import { create } from "zustand";
import { toFreightlinerError } from "../../shared/errors.ts";
import { showToast } from "../components/toast.tsx";
import { commonText } from "../text/common.ts";

/** Ids that are not to be shown any more, or only as being removed. */
export const useRemovals = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

const undoMs = 10_000;

interface Removal {
  readonly ids: readonly string[];
  /** `Removed: nightly`. */
  readonly title: string;
  /** What failed, where it fails: the words of the action. */
  readonly action: string;
  readonly commit: (id: string) => Promise<unknown>;
}

/** A window that is closed before `commit` ran has removed nothing. */
export function removeWithUndo(options: Removal): void {
  const { ids, title } = options;
  hide(ids, true);
  const timer = setTimeout(() => void removeInTurn(options), undoMs);
  const undo = (): void => {
    clearTimeout(timer);
    hide(ids, false);
  };
  showToast({ title, undo, timeoutMs: undoMs - 500 });
}

/** One after the other: the host takes only so many calls at once. What cannot be removed comes back, and is told once. */
async function removeInTurn({ ids, action, commit }: Removal): Promise<void> {
  const failures: unknown[] = [];
  for (const id of ids) {
    try {
      await commit(id);
    } catch (thrown) {
      hide([id], false);
      failures.push(thrown);
    }
  }
  if (failures.length === 0) return;
  const text = commonText.stillThere(
    failures.length,
    ids.length,
    toFreightlinerError(failures[0], action).message,
  );
  showToast({ title: commonText.didNotWork(action), text, tone: "bad" });
}

function hide(ids: readonly string[], hidden: boolean): void {
  useRemovals.setState((state) => {
    const next = new Set(state.ids);
    for (const id of ids)
      if (hidden) next.add(id);
      else next.delete(id);
    return { ids: next };
  });
}
