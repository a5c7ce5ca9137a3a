// What was removed from a list a moment ago: gone for the eye at once, for the engine when the time to undo has passed.
import { create } from "zustand";
import { showError, showToast } from "../components/toast.tsx";

/** Ids that are not to be shown any more, or only as being removed. */
export const useRemovals = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

const undoMs = 10_000;

/** A window that is closed before `commit` ran has removed nothing. */
export function removeWithUndo(options: {
  readonly ids: readonly string[];
  /** `Removed: nightly`. */
  readonly title: string;
  /** What failed, where it fails: the words of the action. */
  readonly action: string;
  readonly commit: (id: string) => Promise<unknown>;
}): void {
  const { ids, title, action, commit } = options;
  hide(ids, true);
  const timer = setTimeout(() => {
    for (const id of ids)
      commit(id).catch((thrown: unknown) => {
        hide([id], false);
        showError(action, thrown);
      });
  }, undoMs);
  const undo = (): void => {
    clearTimeout(timer);
    hide(ids, false);
  };
  showToast({ title, undo, timeoutMs: undoMs - 500 });
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
