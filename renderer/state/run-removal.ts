// Runs that are taken off the list: hidden at once, removed only when the time to undo it is over.
import { create } from "zustand";
import { isFinished, type Run } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { showError, showToast } from "../components/toast.tsx";
import { statesOf, type TransfersTab, tabOf } from "../screens/transfers/run-rows.ts";
import { removedHint, removedText, transfersText } from "../text/transfers.ts";
import { useRuns } from "./runs.ts";

/** Ids of runs that are not shown while their removal can be undone. */
export const useHiddenRuns = create<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

/** Removes finished runs, and discards plans that were never started. */
export function removeRuns(runs: readonly Run[]): void {
  const removable = runs.filter(isRemovable);
  if (removable.length === 0) return;
  hideThen(removable, removable.length, async () => {
    for (const { id, state } of removable)
      await call(isFinished(state) ? "runs.delete" : "runs.discard", { runId: id });
  });
}

/** Removes everything under a tab, also what was not read yet. */
export function clearRuns(tab: Exclude<TransfersTab, "active">): void {
  const { runs, counts } = useRuns.getState();
  const endedBefore = Date.now();
  const known = runs.filter((run) => tabOf(run) === tab);
  hideThen(known, Math.max(known.length, counts[tab]), async () => {
    await call("runs.clear", { states: [...statesOf[tab]], endedBefore });
  });
}

export function isRemovable({ state }: Run): boolean {
  return isFinished(state) || state === "planned";
}

function hideThen(runs: readonly Run[], count: number, remove: () => Promise<void>): void {
  const ids = runs.map(({ id }) => id);
  setHidden((hidden) => [...hidden, ...ids]);
  const show = (): void => {
    const back = new Set(ids);
    setHidden((hidden) => hidden.filter((id) => !back.has(id)));
  };
  let undone = false;
  showToast({
    title: removedText(count),
    text: removedHint,
    undo: () => {
      undone = true;
      show();
    },
    onClosed: () =>
      // Undo closes the toast as well, just before it runs.
      queueMicrotask(() => {
        if (undone) return;
        // Those that could not be removed come back.
        remove()
          .catch((thrown: unknown) => showError(transfersText.remove, thrown))
          .finally(show);
      }),
  });
}

function setHidden(change: (hidden: readonly string[]) => readonly string[]): void {
  useHiddenRuns.setState(({ ids }) => ({ ids: new Set(change([...ids])) }));
}
