// What can be done with runs in their states: one list for buttons, menus, keys and commands.
import {
  ArrowDown,
  ArrowDownNarrowWide,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  Eye,
  FileText,
  Pause,
  Play,
  RotateCcw,
  ScrollText,
  Terminal,
  Trash2,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import type { MethodInput } from "../../../shared/contract.ts";
import { isFinished, type Run } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import type { MenuGroups, MenuItem } from "../../components/menu.tsx";
import { showError, showToast } from "../../components/toast.tsx";
import { copyCommand } from "../../state/copy-command.ts";
import { openDrawer } from "../../state/navigation.ts";
import { reviewPlan } from "../../state/plan.ts";
import { isRemovable, removeRuns } from "../../state/run-removal.ts";
import { rememberRun, useRuns } from "../../state/runs.ts";
import { say } from "../../state/spoken.ts";
import { placeText, runName, transfersText } from "../../text/transfers.ts";
import { shownKeys } from "./run-keys.ts";
import {
  type Move,
  moveBefore,
  type QueueMove,
  type QueueRule,
  queueOf,
  restoringMoves,
  sortingMoves,
} from "./run-order.ts";

type RunCommand = "runs.pause" | "runs.resume" | "runs.cancel" | "runs.retryFailed";

export interface RunAction extends MenuItem {
  readonly icon: ReactNode;
}

/** Sends a command and shows the run as the engine answered. */
export async function commandRun(method: RunCommand, runId: string, label: string): Promise<void> {
  try {
    rememberRun(await call(method, { runId }));
  } catch (thrown) {
    showError(label, thrown);
  }
}

/** The others that failed stay as they are. */
export async function retryImage(runId: string, imageId: number): Promise<void> {
  try {
    rememberRun(await call("runs.retryFailed", { runId, imageIds: [imageId] }));
  } catch (thrown) {
    showError(transfersText.retryImage, thrown);
  }
}

/** Bandwidth, images at once and priority of a run that is not over; a running one follows at once. */
export async function adjustRun(change: MethodInput<"runs.adjust">): Promise<void> {
  try {
    rememberRun(await call("runs.adjust", change));
  } catch (thrown) {
    showError(transfersText.chosen.title, thrown);
  }
}

/** @param before null = the end of the queue. */
export async function putRun(run: Run, before: string | null): Promise<void> {
  try {
    rememberRun(await call("runs.move", { runId: run.id, before }));
  } catch (thrown) {
    showError(transfersText.moveUp, thrown);
    return;
  }
  const queue = queueOf(useRuns.getState().runs);
  say(placeText(runName(run), queue.findIndex(({ id }) => id === run.id) + 1, queue.length));
}

export function moveRun(run: Run, move: Move): void {
  const before = moveBefore(useRuns.getState().runs, run.id, move);
  if (before !== undefined) void putRun(run, before);
}

/** Puts the queue in that order; those of the same priority among themselves. */
async function sortQueue(rule: QueueRule): Promise<void> {
  const { runs } = useRuns.getState();
  const before = queueOf(runs).map(({ id }) => id);
  try {
    await moveAll(sortingMoves(runs, rule));
  } catch (thrown) {
    showError(transfersText.queueBy[rule], thrown);
    return;
  }
  const undo = (): Promise<void> => moveAll(restoringMoves(useRuns.getState().runs, before));
  showToast({ title: transfersText.queueSorted, undo });
}

async function moveAll(moves: readonly QueueMove[]): Promise<void> {
  for (const move of moves) rememberRun(await call("runs.move", move));
}

export function openReport(run: Run): void {
  openDrawer({ kind: "report", runId: run.id });
}

const icon = "size-3.5";

interface Kind {
  readonly id: RunCommand | "remove";
  readonly label: string;
  readonly icon: ReactNode;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly applies: (run: Run) => boolean;
}
/** What several runs can be told at once; each run is told what applies to it. */
const kinds: readonly Kind[] = [
  {
    id: "runs.pause",
    label: transfersText.pause,
    icon: <Pause aria-hidden className={icon} />,
    shortcut: shownKeys("toggle"),
    applies: ({ state }) => state === "queued" || state === "running",
  },
  {
    id: "runs.resume",
    label: transfersText.resume,
    icon: <Play aria-hidden className={icon} />,
    shortcut: shownKeys("toggle"),
    applies: ({ state }) => state === "paused",
  },
  {
    id: "runs.retryFailed",
    label: transfersText.retryFailed,
    icon: <RotateCcw aria-hidden className={icon} />,
    applies: ({ state, startedAt }) => state === "failed" && startedAt !== null,
  },
  {
    id: "runs.retryFailed",
    label: transfersText.runAgain,
    icon: <RotateCcw aria-hidden className={icon} />,
    applies: ({ state, startedAt }) => state === "cancelled" && startedAt !== null,
  },
  {
    id: "runs.cancel",
    label: transfersText.cancel,
    icon: <X aria-hidden className={icon} />,
    shortcut: shownKeys("drop"),
    applies: ({ state }) => !isFinished(state) && state !== "planned",
  },
  {
    id: "remove",
    label: transfersText.remove,
    icon: <Trash2 aria-hidden className={icon} />,
    shortcut: shownKeys("drop"),
    danger: true,
    applies: isRemovable,
  },
];

/** The buttons for these runs, the most wanted first. */
export function mainActions(runs: readonly Run[]): readonly RunAction[] {
  const actions = kinds.flatMap(({ applies, id, ...look }): readonly RunAction[] => {
    const meant = runs.filter(applies);
    if (meant.length === 0) return [];
    const onSelect = (): void => {
      if (id === "remove") removeRuns(meant);
      else for (const run of meant) void commandRun(id, run.id, look.label);
    };
    return [{ ...look, id: `${id} ${look.label}`, onSelect }];
  });
  const [only] = runs;
  if (runs.length !== 1 || only?.state !== "planned") return actions;
  const review: RunAction = {
    id: "review",
    label: transfersText.review,
    icon: <Eye aria-hidden className={icon} />,
    onSelect: () => void reviewPlan(only),
  };
  return [review, ...actions.map((action) => ({ ...action, label: transfersText.discard }))];
}

/** The icon buttons of a run's row; what it says in words there is left out. */
export function buttonActions(run: Run): readonly RunAction[] {
  return mainActions([run]).filter(({ label }) => run.error !== null || label !== transfersText.retryFailed);
}

/** What the key does that both pauses and resumes. */
export function toggleRuns(runs: readonly Run[]): void {
  const [pause, resume] = [transfersText.pause, transfersText.resume].map((label) =>
    mainActions(runs).find((action) => action.label === label),
  );
  (pause ?? resume)?.onSelect();
}

/** What the key does that takes away: cancels what is not over, removes what is. */
export function dropRuns(runs: readonly Run[]): void {
  const actions = mainActions(runs);
  const cancel = actions.find(({ label }) => label === transfersText.cancel);
  (cancel ?? actions.find(({ id }) => id.startsWith("remove")))?.onSelect();
}

/** Everything that can be done with the runs that are selected. */
export function runMenu(runs: readonly Run[]): MenuGroups {
  const [run] = runs;
  if (run === undefined) return [];
  if (runs.length > 1) return [mainActions(runs)];
  return [mainActions(runs), moveItems(run), queueItems(run), lookItems(run)].filter(
    (group) => group.length > 0,
  );
}

function moveItems(run: Run): readonly MenuItem[] {
  const { runs } = useRuns.getState();
  const item = (move: Move, label: string, shortcut: string, image: ReactNode): MenuItem => ({
    id: move,
    label,
    shortcut,
    icon: image,
    disabled: moveBefore(runs, run.id, move) === undefined,
    onSelect: () => moveRun(run, move),
  });
  if (run.state !== "queued") return [];
  const text = transfersText;
  return [
    item("up", text.moveUp, shownKeys("up"), <ArrowUp aria-hidden className={icon} />),
    item("down", text.moveDown, shownKeys("down"), <ArrowDown aria-hidden className={icon} />),
    item("top", text.moveToTop, shownKeys("top"), <ArrowUpToLine aria-hidden className={icon} />),
    item("bottom", text.moveToBottom, shownKeys("bottom"), <ArrowDownToLine aria-hidden className={icon} />),
  ];
}

/** Once, as the queue is now; what is queued later goes to its end as ever. */
function queueItems({ state }: Run): readonly MenuItem[] {
  const { runs } = useRuns.getState();
  if (state !== "queued" || queueOf(runs).length < 2) return [];
  return (["smallest", "furthest"] as const).map((rule) => ({
    id: rule,
    label: transfersText.queueBy[rule],
    icon: <ArrowDownNarrowWide aria-hidden className={icon} />,
    disabled: sortingMoves(runs, rule).length === 0,
    onSelect: () => void sortQueue(rule),
  }));
}

function lookItems(run: Run): readonly MenuItem[] {
  const report: MenuItem = {
    id: "report",
    label: transfersText.openReport,
    shortcut: shownKeys("open"),
    icon: <FileText aria-hidden className={icon} />,
    onSelect: () => openReport(run),
  };
  return [
    ...(isFinished(run.state) ? [report] : []),
    {
      id: "log",
      label: transfersText.showLog,
      icon: <ScrollText aria-hidden className={icon} />,
      onSelect: () => openDrawer({ kind: "log", runId: run.id }),
    },
    {
      id: "command",
      label: transfersText.copyCommand,
      icon: <Terminal aria-hidden className={icon} />,
      onSelect: () => void copyAndSay(run.id),
    },
  ];
}

async function copyAndSay(runId: string): Promise<void> {
  if (await copyCommand(runId)) showToast({ title: transfersText.commandCopied, tone: "ok" });
}
