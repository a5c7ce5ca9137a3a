// The history's filter, and what can be done with a run that ended.
import { create } from "zustand";
import type { MethodInput } from "../../shared/contract.ts";
import type { ReportFormat } from "../../shared/report.ts";
import { isFinished, type Run, type RunState } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { onLive } from "../api/live.ts";
import { queryClient } from "../api/query.ts";
import { showError, showToast } from "../components/toast.tsx";
import { historyText } from "../text/history.ts";
import { runName } from "../text/transfers.ts";
import { writeText } from "./clipboard.ts";
import { copyCommand } from "./copy-command.ts";
import { removeWithUndo } from "./removals.ts";
import { saveFile } from "./save-file.ts";

export type StateFilter = keyof typeof historyText.states;
export type TimeFilter = keyof typeof historyText.times;

export interface HistoryFilter {
  readonly text: string;
  readonly state: StateFilter;
  readonly time: TimeFilter;
  /** "all" or an id. */
  readonly endpointId: string;
  readonly jobId: string;
}
export const everything: HistoryFilter = {
  text: "",
  state: "all",
  time: "all",
  endpointId: "all",
  jobId: "all",
};
export const useHistoryFilter = create<HistoryFilter>(() => everything);

export const endedStates: readonly RunState[] = ["succeeded", "failed", "cancelled"];
const dayMs = 86_400_000;
const spans: Readonly<Record<TimeFilter, number>> = {
  all: Number.POSITIVE_INFINITY,
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};

export function filterQuery(filter: HistoryFilter, now: number): MethodInput<"runs.list"> {
  const text = filter.text.trim();
  return {
    states: filter.state === "all" ? [...endedStates] : [filter.state],
    ...(text === "" ? {} : { text }),
    ...(filter.endpointId === "all" ? {} : { endpointId: filter.endpointId }),
    ...(filter.jobId === "all" ? {} : { jobId: filter.jobId }),
    ...(filter.time === "all" ? {} : { since: now - spans[filter.time] }),
  };
}

export const historyKey = "history";

let refresh: ReturnType<typeof setTimeout> | undefined;
/** Many runs may end in one moment: the pages in sight are read again once for all of them. */
export function refreshHistory(): void {
  if (refresh !== undefined) return;
  refresh = setTimeout(() => {
    refresh = undefined;
    void queryClient.invalidateQueries({ queryKey: [historyKey] });
  }, 300);
}
onLive("run.changed", (run) => {
  if (isFinished(run.state) || run.state === "queued") refreshHistory();
});
onLive("run.removed", refreshHistory);

export function removeRunLater(run: Run): void {
  removeWithUndo({
    ids: [run.id],
    title: historyText.removed(runName(run)),
    action: historyText.remove,
    commit: (runId) => call("runs.delete", { runId }),
  });
}

export function removeRunsLater(ids: readonly string[]): void {
  if (ids.length === 0) return;
  removeWithUndo({
    ids,
    title: historyText.cleared(ids.length),
    action: historyText.removeMany(ids.length),
    commit: (runId) => call("runs.delete", { runId }),
  });
}

/** Removes for good; how many that were is said. */
export async function clearHistory(which: MethodInput<"runs.clear">): Promise<void> {
  try {
    const { removed } = await call("runs.clear", which);
    showToast({ title: historyText.cleared(removed), tone: "ok" });
    refreshHistory();
  } catch (thrown) {
    showError(historyText.clear, thrown);
  }
}

export async function exportReport(run: Run, format: ReportFormat): Promise<void> {
  try {
    saveFile(await call("runs.report", { runId: run.id, format }));
  } catch (thrown) {
    showError(historyText.export[format], thrown);
  }
}

export async function copyRunCommand(run: Run): Promise<void> {
  if (await copyCommand(run.id)) showToast({ title: historyText.commandCopied, tone: "ok" });
}

/** Puts a text on the clipboard and says so. */
export async function copyText(text: string, said: string): Promise<void> {
  try {
    await writeText(text);
    showToast({ title: said, tone: "ok" });
  } catch (thrown) {
    showError(said, thrown);
  }
}
