// What can be done with a run in its state: one list for its buttons, its menu and its keys.
import { Eye, Pause, Play, RotateCcw, Terminal, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import type { MenuGroups } from "../../components/menu.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { copyCommand } from "../../state/copy-command.ts";
import { reviewPlan } from "../../state/plan.ts";
import { rememberRun } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";

type RunCommand = "runs.pause" | "runs.resume" | "runs.cancel" | "runs.retryFailed";

export interface RunAction {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly danger: boolean;
  readonly onSelect: () => void;
}

/** Sends a command and shows the run as the engine answered. */
export async function commandRun(method: RunCommand, runId: string, label: string): Promise<void> {
  try {
    rememberRun(await call(method, { runId }));
  } catch (thrown) {
    showError(label, thrown);
  }
}

const icon = "size-3.5";

function command(method: RunCommand, run: Run, label: string, image: ReactNode): RunAction {
  return {
    id: method,
    label,
    icon: image,
    danger: false,
    onSelect: () => void commandRun(method, run.id, label),
  };
}

/** The buttons of a run, the most wanted first. `onRemove` asks before it removes. */
export function mainActions(run: Run, onRemove: (run: Run) => void): readonly RunAction[] {
  const text = transfersText;
  const cancel = command("runs.cancel", run, text.cancel, <X aria-hidden className={icon} />);
  const remove: RunAction = {
    id: "remove",
    label: text.remove,
    icon: <Trash2 aria-hidden className={icon} />,
    danger: true,
    onSelect: () => onRemove(run),
  };
  const again = (label: string): RunAction =>
    command("runs.retryFailed", run, label, <RotateCcw aria-hidden className={icon} />);
  switch (run.state) {
    case "queued":
    case "running":
      return [command("runs.pause", run, text.pause, <Pause aria-hidden className={icon} />), cancel];
    case "paused":
      return [command("runs.resume", run, text.resume, <Play aria-hidden className={icon} />), cancel];
    case "planned":
      return [
        {
          id: "review",
          label: text.review,
          icon: <Eye aria-hidden className={icon} />,
          danger: false,
          onSelect: () => void reviewPlan(run),
        },
        { ...remove, label: text.discard },
      ];
    case "planning":
      return [cancel];
    case "failed":
      return run.startedAt === null ? [remove] : [again(text.retryFailed), remove];
    case "cancelled":
      return run.startedAt === null ? [remove] : [again(text.runAgain), remove];
    case "succeeded":
      return [remove];
  }
}

/** The icon buttons of a run's row; what it says in words there is left out. */
export function buttonActions(run: Run, onRemove: (run: Run) => void): readonly RunAction[] {
  return mainActions(run, onRemove).filter(
    ({ id }) => run.state !== "failed" || run.error !== null || id !== "runs.retryFailed",
  );
}

/** Everything that can be done with a run, for its context menu. */
export function runMenu(run: Run, onRemove: (run: Run) => void): MenuGroups {
  return [
    mainActions(run, onRemove),
    [
      {
        id: "command",
        label: transfersText.copyCommand,
        icon: <Terminal aria-hidden className={icon} />,
        onSelect: () => void copyAndSay(run.id),
      },
    ],
  ];
}

async function copyAndSay(runId: string): Promise<void> {
  if (await copyCommand(runId)) showToast({ title: transfersText.commandCopied, tone: "ok" });
}

/** Removes a finished run, or discards a plan. */
export async function removeRun(run: Run): Promise<void> {
  try {
    await call(isFinished(run.state) ? "runs.delete" : "runs.discard", { runId: run.id });
  } catch (thrown) {
    showError(transfersText.remove, thrown);
  }
}
