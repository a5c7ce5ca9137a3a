// What can be done with transfers, as commands for the palette, the keys and the menus.
import type { Run } from "../../../shared/run.ts";
import { isFinished } from "../../../shared/run.ts";
import { type Action, useCommands } from "../../commands/registry.ts";
import { openDrawer } from "../../state/navigation.ts";
import { clearRuns } from "../../state/run-removal.ts";
import { useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { adjustRun, dropRuns, mainActions, moveRun, openReport, toggleRuns } from "./run-actions.tsx";
import { type Move, moveBefore } from "./run-order.ts";
import type { TransferCommandId } from "./transfer-catalogue.ts";

/** True while a row of the list has the focus: its keys mean something else everywhere else. */
function inList(): boolean {
  return document.activeElement?.matches("[data-transfers] [role=row]") === true;
}

/** @param chosen the runs that are selected. */
export function useTransferCommands(chosen: readonly Run[]): void {
  useCommands(
    (): Readonly<Record<TransferCommandId, Action>> => ({
      ...chosenActions(chosen),
      ...moveActions(chosen),
      ...listActions(),
    }),
    [chosen.map(({ id, state, priority }) => `${id} ${state} ${priority}`).join()],
  );
}

function chosenActions(chosen: readonly Run[]) {
  const [run] = chosen;
  const main = (label: string): Action => ({
    isEnabled: () => mainActions(chosen).some((action) => action.label === label),
    run: () =>
      mainActions(chosen)
        .find((action) => action.label === label)
        ?.onSelect(),
  });
  const text = transfersText;
  return {
    "transfers.pause": main(text.pause),
    "transfers.resume": main(text.resume),
    "transfers.toggle": { isEnabled: inList, run: () => toggleRuns(chosen) },
    "transfers.drop": { isEnabled: inList, run: () => dropRuns(chosen) },
    "transfers.cancel": main(text.cancel),
    "transfers.retryFailed": main(text.retryFailed),
    "transfers.openReport": {
      isEnabled: () => run !== undefined && isFinished(run.state),
      run: () => run !== undefined && openReport(run),
    },
    "transfers.showLog": {
      isEnabled: () => run !== undefined,
      run: () => openDrawer({ kind: "log", runId: run?.id }),
    },
  };
}

function moveActions(chosen: readonly Run[]) {
  const [run] = chosen.length === 1 ? chosen : [];
  const move = (how: Move): Action => ({
    isEnabled: () =>
      inList() && run !== undefined && moveBefore(useRuns.getState().runs, run.id, how) !== undefined,
    run: () => run !== undefined && moveRun(run, how),
  });
  const priority = (by: 1 | -1): Action => ({
    isEnabled: () => run !== undefined && !isFinished(run.state) && Math.abs(run.priority + by) <= 10,
    run: () => {
      if (run !== undefined) void adjustRun({ runId: run.id, priority: run.priority + by });
    },
  });
  return {
    "transfers.move-up": move("up"),
    "transfers.move-down": move("down"),
    "transfers.move-top": move("top"),
    "transfers.move-bottom": move("bottom"),
    "transfers.raisePriority": priority(1),
    "transfers.lowerPriority": priority(-1),
  };
}

function listActions() {
  const some = (tab: "failed" | "done") => (): boolean => useRuns.getState().counts[tab] > 0;
  const focus = (selector: string) => (): void => {
    const element = document.querySelector(selector);
    if (element instanceof HTMLElement) element.focus();
  };
  return {
    "transfers.clearDone": { isEnabled: some("done"), run: () => clearRuns("done") },
    "transfers.clearFailed": { isEnabled: some("failed"), run: () => clearRuns("failed") },
    "transfers.search": { run: focus("[data-transfer-search]") },
    "transfers.focusList": { run: focus('[data-transfers] [tabindex="0"]') },
  };
}
