// The transfers at the bottom of the home screen: what runs, what failed and what is done, with the throughput beside it.
import { useState } from "react";
import { isFinished } from "../../../shared/run.ts";
import { Tabs } from "../../components/tabs.tsx";
import { runIdOf, useRunSelection } from "../../state/run-selection.ts";
import { useRuns } from "../../state/runs.ts";
import { transfersText } from "../../text/transfers.ts";
import { Count, RunList, useListedRuns } from "./run-list.tsx";
import { type TransfersTab, transfersTabs } from "./run-rows.ts";
import { SpeedView } from "./speed-view.tsx";
import { TransferStatus } from "./transfer-status.tsx";

export function TransfersPanel() {
  const [tab, setTab] = useState<TransfersTab>("active");
  const runs = useListedRuns(tab);
  const counts = useRuns((state) => state.counts);
  const chosenId = useRunSelection(({ focusId }) => runIdOf(focusId ?? ""));
  const chosen = runs.find((run) => run.id === chosenId && !isFinished(run.state));
  return (
    <section aria-label={transfersText.title} data-region="" className="flex h-full min-h-0 bg-surface">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Tabs
          label={transfersText.title}
          value={tab}
          onValueChange={setTab}
          lead={<h2 className="pl-3 text-sm font-semibold">{transfersText.title}</h2>}
          aside={
            <div className="pr-3">
              <TransferStatus />
            </div>
          }
          tabs={transfersTabs.map((name) => ({
            value: name,
            label: (
              <>
                {transfersText.tabs[name]}
                <Count count={counts[name]} bad={name === "failed"} />
              </>
            ),
            panel: <RunList tab={name} runs={runs} />,
          }))}
        />
      </div>
      <div className="hidden w-60 shrink-0 border-l border-line bg-surface px-3 py-2 min-[1200px]:block min-[1440px]:w-68">
        <SpeedView run={chosen} />
      </div>
    </section>
  );
}
