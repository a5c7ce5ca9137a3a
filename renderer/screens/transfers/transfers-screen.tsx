// The Transfers screen: the queue, what runs and what is over; beside it the chosen transfer, the speed and the hosts.
import { Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { runCommand } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useNavigation } from "../../state/navigation.ts";
import { clearRuns } from "../../state/run-removal.ts";
import { focusRow, runIdOf, useRunSelection } from "../../state/run-selection.ts";
import { noFilter, setExpanded, setRunFilter, useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { AfterQueueChoice } from "./after-queue-choice.tsx";
import { ChosenRun } from "./chosen-run.tsx";
import { HostLanes } from "./host-lanes.tsx";
import { LimitsControl } from "./limits-control.tsx";
import { OfflineBanner } from "./offline-banner.tsx";
import { Count, type ListTab, RunList, useListedRuns } from "./run-list.tsx";
import { tabOf, transfersTabs } from "./run-rows.ts";
import { SpeedView } from "./speed-view.tsx";
import { useTransferCommands } from "./transfer-commands.ts";
import { TransferSearch } from "./transfer-search.tsx";

const tabs: readonly ListTab[] = ["active", "failed", "done", "all"];

export function TransfersScreen() {
  const [tab, setTab] = useState<ListTab>("active");
  const runs = useListedRuns(tab);
  const chosen = useChosen(runs);
  useFocusedRun(setTab);
  useTransferCommands(chosen);
  // What is looked for here is not looked for in the panel of the home screen.
  useEffect(() => () => setRunFilter(noFilter), []);
  const [only] = chosen;
  const charted = chosen.length === 1 && only !== undefined && !isFinished(only.state) ? only : undefined;

  return (
    <section aria-label={transfersText.title} className="flex min-h-0 flex-1 flex-col bg-surface">
      <Head />
      <OfflineBanner />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          <Tabs
            label={transfersText.title}
            value={tab}
            onValueChange={setTab}
            aside={<ClearButton tab={tab} />}
            tabs={tabs.map((name) => ({
              value: name,
              label: <TabLabel tab={name} />,
              panel: <RunList tab={name} runs={runs} />,
            }))}
          />
        </div>
        <aside
          aria-label={transfersText.aside}
          className="flex w-76 shrink-0 flex-col gap-4 overflow-y-auto border-l border-line bg-sunken p-3 min-[1600px]:w-96"
        >
          <ChosenRun runs={chosen} />
          <div className="h-56 shrink-0">
            <SpeedView run={charted} withWindows />
          </div>
          <HostLanes />
        </aside>
      </div>
    </section>
  );
}

/** The selected runs among those that are shown. */
function useChosen(runs: readonly Run[]): readonly Run[] {
  const { selected, focusId } = useRunSelection();
  const chosen = runs.filter(({ id }) => selected.has(id));
  return chosen.length > 0 ? chosen : runs.filter(({ id }) => id === runIdOf(focusId ?? ""));
}

/** Brings the run into sight that another screen or a notification asked for. */
function useFocusedRun(setTab: (tab: ListTab) => void): void {
  const runId = useNavigation(({ focus }) => focus.runId);
  useEffect(() => {
    if (runId === undefined) return;
    const run = useRuns.getState().runs.find(({ id }) => id === runId);
    if (run !== undefined) setTab(tabOf(run));
    focusRow(runId);
    setExpanded(runId, true);
  }, [runId, setTab]);
}

function TabLabel({ tab }: { readonly tab: ListTab }) {
  const count = useRuns(({ counts }) =>
    tab === "all" ? transfersTabs.reduce((sum, name) => sum + counts[name], 0) : counts[tab],
  );
  return (
    <>
      {tab === "all" ? transfersText.allTab : transfersText.tabs[tab]}
      <Count count={count} bad={tab === "failed"} />
    </>
  );
}

function Head() {
  const canPause = useRuns(({ runs }) => runs.some(({ state }) => state === "running" || state === "queued"));
  const canResume = useRuns(({ runs }) => runs.some(({ state }) => state === "paused"));
  const { pauseAll, resumeAll } = transfersText;
  return (
    <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
      <h2 className="text-base font-semibold">{transfersText.title}</h2>
      <div className="ml-2 flex min-w-0 items-center gap-2">
        <TransferSearch />
      </div>
      <div className="flex-1" />
      <Button
        size="bar"
        disabled={!canPause}
        icon={<Pause aria-hidden className="size-3.5" />}
        onClick={() => runCommand("runs.pauseAll")}
      >
        {pauseAll}
      </Button>
      <Button
        size="bar"
        disabled={!canResume}
        icon={<Play aria-hidden className="size-3.5" />}
        onClick={() => runCommand("runs.resumeAll")}
      >
        {resumeAll}
      </Button>
      <LimitsControl />
      <AfterQueueChoice />
    </div>
  );
}

/** The way to empty a tab. */
function ClearButton({ tab }: { readonly tab: ListTab }) {
  const count = useRuns(({ counts }) => (tab === "all" || tab === "active" ? 0 : counts[tab]));
  if (tab === "all" || tab === "active") return null;
  return (
    <Button
      size="small"
      variant="quiet"
      className="mr-2"
      disabled={count === 0}
      onClick={() => clearRuns(tab)}
    >
      {tab === "failed" ? transfersText.clearFailed : transfersText.clearDone}
    </Button>
  );
}
