// What can be done with transfers, as commands for the palette, the keys and the menus.
import type { Run } from "../../../shared/run.ts";
import { isFinished } from "../../../shared/run.ts";
import { type Command, useCommands } from "../../commands/registry.ts";
import { toggleBandwidth } from "../../state/limits.ts";
import { openDrawer } from "../../state/navigation.ts";
import { clearRuns } from "../../state/run-removal.ts";
import { useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { adjustRun, dropRuns, mainActions, moveRun, openReport, toggleRuns } from "./run-actions.tsx";
import { runKeys } from "./run-keys.ts";
import { type Move, moveBefore } from "./run-order.ts";

const { group } = transfersText;

/** True while a row of the list has the focus: its keys mean something else everywhere else. */
function inList(): boolean {
  return document.activeElement?.matches("[data-transfers] [role=row]") === true;
}

/** @param chosen the runs that are selected. */
export function useTransferCommands(chosen: readonly Run[]): void {
  useCommands(
    () => [...chosenCommands(chosen), ...moveCommands(chosen), ...listCommands()],
    [chosen.map(({ id, state, priority }) => `${id} ${state} ${priority}`).join()],
  );
}

function chosenCommands(chosen: readonly Run[]): readonly Command[] {
  const [run] = chosen;
  const can = (label: string) => (): boolean => mainActions(chosen).some((action) => action.label === label);
  const does = (label: string) => (): void =>
    mainActions(chosen)
      .find((action) => action.label === label)
      ?.onSelect();
  const text = transfersText;
  return [
    { id: "transfers.pause", title: text.pause, group, isEnabled: can(text.pause), run: does(text.pause) },
    {
      id: "transfers.resume",
      title: text.resume,
      group,
      isEnabled: can(text.resume),
      run: does(text.resume),
    },
    {
      id: "transfers.toggle",
      title: text.toggle,
      group,
      keys: runKeys.toggle,
      isEnabled: inList,
      run: () => toggleRuns(chosen),
    },
    {
      id: "transfers.drop",
      title: text.drop,
      group,
      keys: runKeys.drop,
      isEnabled: inList,
      run: () => dropRuns(chosen),
    },
    {
      id: "transfers.cancel",
      title: text.cancel,
      group,
      isEnabled: can(text.cancel),
      run: does(text.cancel),
    },
    {
      id: "transfers.retryFailed",
      title: text.retryFailed,
      group,
      isEnabled: can(text.retryFailed),
      run: does(text.retryFailed),
    },
    {
      id: "transfers.openReport",
      title: text.openReport,
      group,
      isEnabled: () => run !== undefined && isFinished(run.state),
      run: () => run !== undefined && openReport(run),
    },
    {
      id: "transfers.showLog",
      title: text.showLog,
      group,
      isEnabled: () => run !== undefined,
      run: () => openDrawer({ kind: "log", runId: run?.id }),
    },
  ];
}

function moveCommands(chosen: readonly Run[]): readonly Command[] {
  const [run] = chosen.length === 1 ? chosen : [];
  const move = (how: Move, title: string): Command => ({
    id: `transfers.move-${how}`,
    title,
    group,
    keys: runKeys[how],
    isEnabled: () =>
      inList() && run !== undefined && moveBefore(useRuns.getState().runs, run.id, how) !== undefined,
    run: () => run !== undefined && moveRun(run, how),
  });
  const priority = (by: 1 | -1, title: string): Command => ({
    id: by > 0 ? "transfers.raisePriority" : "transfers.lowerPriority",
    title,
    group,
    isEnabled: () => run !== undefined && !isFinished(run.state) && Math.abs(run.priority + by) <= 10,
    run: () => {
      if (run !== undefined) void adjustRun({ runId: run.id, priority: run.priority + by });
    },
  });
  const text = transfersText;
  return [
    move("up", text.moveUp),
    move("down", text.moveDown),
    move("top", text.moveToTop),
    move("bottom", text.moveToBottom),
    priority(1, text.raise),
    priority(-1, text.lower),
  ];
}

function listCommands(): readonly Command[] {
  const text = transfersText;
  const some = (tab: "failed" | "done") => (): boolean => useRuns.getState().counts[tab] > 0;
  const focus = (selector: string) => (): void => {
    const element = document.querySelector(selector);
    if (element instanceof HTMLElement) element.focus();
  };
  return [
    {
      id: "transfers.clearDone",
      title: text.clearDone,
      group,
      isEnabled: some("done"),
      run: () => clearRuns("done"),
    },
    {
      id: "transfers.clearFailed",
      title: text.clearFailed,
      group,
      isEnabled: some("failed"),
      run: () => clearRuns("failed"),
    },
    {
      id: "transfers.toggleBandwidth",
      title: text.limits.toggleCommand,
      group,
      run: () => void toggleBandwidth(),
    },
    {
      id: "transfers.search",
      title: text.searchCommand,
      group,
      keys: "Mod+F",
      run: focus("[data-transfer-search]"),
    },
    {
      id: "transfers.focusList",
      title: text.focusList,
      group,
      run: focus('[data-transfers] [tabindex="0"]'),
    },
  ];
}
