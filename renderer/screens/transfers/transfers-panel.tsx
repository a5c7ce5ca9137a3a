// The transfers at the bottom of the window: what runs, what failed and what is done, with the throughput beside it.
import { Tabs } from "@base-ui/react/tabs";
import { ArrowRightLeft } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { isFinished, type Run } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { useConnection } from "../../state/connection.ts";
import { usePlan } from "../../state/plan.ts";
import { loadOlderRuns, loadRuns, useRuns } from "../../state/runs.ts";
import { runName, transfersText } from "../../text/transfers.ts";
import { removeRun } from "./run-actions.tsx";
import { type TransfersTab, tabOf } from "./run-rows.ts";
import { SpeedView } from "./speed-view.tsx";
import { TransferNews } from "./transfer-news.tsx";
import { TransferStatus } from "./transfer-status.tsx";
import { TransferTree } from "./transfer-tree.tsx";

const tabs: readonly TransfersTab[] = ["active", "failed", "done"];

export function TransfersPanel() {
  const open = useConnection().kind === "open";
  useEffect(() => {
    if (open) void loadRuns();
  }, [open]);
  const { runs } = useRuns();
  const inDialog = usePlan((plan) => (plan.open ? plan.run?.id : undefined));
  const byTab = useMemo(() => {
    // The plan that is being looked at is not listed behind its own dialog.
    const listed = runs.filter((run) => run.id !== inDialog);
    return {
      active: listed.filter((run) => tabOf(run) === "active"),
      failed: listed.filter((run) => tabOf(run) === "failed"),
      done: listed.filter((run) => tabOf(run) === "done"),
    };
  }, [runs, inDialog]);
  const [tab, setTab] = useState<TransfersTab>("active");
  const [chosenId, setChosenId] = useState<string>();
  const chosen = byTab[tab].find((run) => run.id === chosenId && !isFinished(run.state));
  const [removing, setRemoving] = useState<Run>();

  return (
    <section aria-label={transfersText.title} className="flex h-full min-h-0 bg-surface">
      <Tabs.Root
        value={tab}
        onValueChange={(next: TransfersTab) => setTab(next)}
        className="flex min-h-0 min-w-0 flex-1 flex-col"
      >
        <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line px-3">
          <h2 className="text-sm font-semibold">{transfersText.title}</h2>
          <Tabs.List aria-label={transfersText.title} className="flex h-full gap-1">
            {tabs.map((name) => (
              <Tabs.Tab
                key={name}
                value={name}
                className="flex h-full items-center gap-1.5 border-y-2 border-transparent px-2 text-sm text-muted hover:text-text data-active:border-b-accent data-active:text-text"
              >
                {transfersText.tabs[name]}
                <Count count={byTab[name].length} bad={name === "failed"} />
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <div className="ml-auto">
            <TransferStatus />
          </div>
        </div>
        {tabs.map((name) => (
          <Tabs.Panel key={name} value={name} className="flex min-h-0 flex-1 flex-col outline-none">
            <TabContent tab={name} runs={byTab[name]} onRemove={setRemoving} onFocusedRun={setChosenId} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      <SpeedView run={chosen} />
      <TransferNews />
      <RemoveDialog run={removing} onClose={() => setRemoving(undefined)} />
    </section>
  );
}

function Count({ count, bad }: { readonly count: number; readonly bad: boolean }) {
  if (count === 0) return null;
  return (
    <span
      className={`min-w-4.5 rounded-full px-1 text-center text-2xs ${bad ? "bg-bad-soft text-bad" : "bg-hover text-muted"}`}
    >
      {count}
    </span>
  );
}

function TabContent({
  tab,
  runs,
  onRemove,
  onFocusedRun,
}: {
  readonly tab: TransfersTab;
  readonly runs: readonly Run[];
  readonly onRemove: (run: Run) => void;
  readonly onFocusedRun: (runId: string) => void;
}) {
  const { loaded, error, total } = useRuns();
  const known = useRuns((state) => state.runs.length);
  if (error !== undefined && runs.length === 0)
    return (
      <ErrorState error={error} action={{ label: transfersText.reload, onSelect: () => void loadRuns() }} />
    );
  if (!loaded) return <LoadingRows rows={3} label={transfersText.loading} />;
  const words = transfersText.empty[tab];
  const older = total > known && (
    <Button size="small" variant="quiet" className="m-1 self-center" onClick={() => void loadOlderRuns()}>
      {transfersText.showOlder}
    </Button>
  );
  return (
    <>
      {runs.length === 0 ? (
        <EmptyState
          icon={<ArrowRightLeft aria-hidden className="size-5" />}
          title={words.title}
          text={words.text}
        />
      ) : (
        <TransferTree runs={runs} onRemove={onRemove} onFocusedRun={onFocusedRun} />
      )}
      {tab !== "active" && older}
    </>
  );
}

function RemoveDialog({ run, onClose }: { readonly run: Run | undefined; readonly onClose: () => void }) {
  const remove = (): void => {
    if (run !== undefined) void removeRun(run);
    onClose();
  };
  return (
    <Dialog
      open={run !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={transfersText.removeTitle}
      width="small"
      foot={
        <>
          <Button onClick={onClose}>{transfersText.keep}</Button>
          <Button variant="danger" onClick={remove}>
            {transfersText.remove}
          </Button>
        </>
      }
    >
      {run !== undefined && <p>{transfersText.removeBody(runName(run))}</p>}
    </Dialog>
  );
}
