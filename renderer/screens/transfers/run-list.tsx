// The runs under a tab with what stands in their place, above it what cannot move, below it the way to older ones.
import { ArrowRightLeft } from "lucide-react";
import { useMemo } from "react";
import type { Run } from "../../../shared/run.ts";
import { Button } from "../../components/button.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { usePlan } from "../../state/plan.ts";
import { useHiddenRuns } from "../../state/run-removal.ts";
import { listedRuns, loadOlderRuns, loadRuns, useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { inOrder } from "./run-order.ts";
import { type TransfersTab, tabOf, transfersTabs } from "./run-rows.ts";
import { TransferTree } from "./transfer-tree.tsx";

export type ListTab = TransfersTab | "all";

/** What is listed under a tab, in order. */
export function useListedRuns(tab: ListTab): readonly Run[] {
  const runs = useRuns((state) => state.runs);
  const found = useRuns((state) => state.found);
  const hidden = useHiddenRuns(({ ids }) => ids);
  // Neither the plan that is being looked at nor the one that is to take its place is listed behind its own dialog.
  const inDialog = usePlan((plan) => (plan.open ? plan.run?.id : undefined));
  const beingMade = usePlan((plan) => (plan.open ? plan.making?.run?.id : undefined));
  return useMemo(() => {
    const listed = listedRuns({ runs, found }).filter(
      ({ id }) => id !== inDialog && id !== beingMade && !hidden.has(id),
    );
    return inOrder(tab === "all" ? listed : listed.filter((run) => tabOf(run) === tab));
  }, [runs, found, hidden, inDialog, beingMade, tab]);
}

export function RunList({ tab, runs }: { readonly tab: ListTab; readonly runs: readonly Run[] }) {
  const loaded = useRuns((state) => state.loaded);
  const error = useRuns((state) => state.error);
  const searching = useRuns((state) => state.found !== undefined);
  if (error !== undefined && runs.length === 0)
    return (
      <ErrorState error={error} action={{ label: transfersText.reload, onSelect: () => void loadRuns() }} />
    );
  if (!loaded) return <LoadingRows rows={3} label={transfersText.loading} />;
  const words = searching ? transfersText.noneFound : transfersText.empty[tab === "all" ? "active" : tab];
  return (
    <>
      {runs.length === 0 ? (
        <EmptyState
          icon={<ArrowRightLeft aria-hidden className="size-5" />}
          title={words.title}
          text={words.text}
        />
      ) : (
        <TransferTree runs={runs} />
      )}
      {!searching && <OlderButton tab={tab} />}
    </>
  );
}

function OlderButton({ tab }: { readonly tab: ListTab }) {
  // One that is under a tab but was not read yet.
  const older = useRuns(({ runs, counts }) =>
    transfersTabs.find(
      (name) =>
        (tab === "all" || tab === name) && counts[name] > runs.filter((run) => tabOf(run) === name).length,
    ),
  );
  if (older === undefined) return null;
  return (
    <Button
      size="small"
      variant="quiet"
      className="m-1 self-center"
      onClick={() => void loadOlderRuns(older)}
    >
      {transfersText.showOlder}
    </Button>
  );
}

export function Count({ count, bad = false }: { readonly count: number; readonly bad?: boolean }) {
  if (count === 0) return null;
  return (
    <span
      className={`min-w-4.5 rounded-full px-1 text-center text-2xs ${bad ? "bg-bad-soft text-bad" : "bg-hover text-muted"}`}
    >
      {count}
    </span>
  );
}
