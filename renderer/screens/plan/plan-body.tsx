// A finished plan: its figures, its warnings and its rows; greyed while another one is being made.
import { useEffect } from "react";
import type { Run } from "../../../shared/run.ts";
import { useBytes } from "../../state/formats.ts";
import { usePlan } from "../../state/plan.ts";
import { say } from "../../state/spoken.ts";
import { planSummary } from "../../text/plan.ts";
import { NothingToDo, writesNothing } from "./nothing-to-do.tsx";
import { PlanFailureBar } from "./plan-failure.tsx";
import { PlanFigures } from "./plan-figures.tsx";
import { PlanRows } from "./plan-rows.tsx";
import { PlanWarnings } from "./plan-warnings.tsx";
import { PlanningAgain } from "./planning-state.tsx";
import { usePlanSums } from "./use-plan-sums.ts";

export function PlanBody({ run }: { readonly run: Run }) {
  const { stale, error } = usePlan();
  const sums = usePlanSums();
  const bytes = useBytes();
  const again = stale && error === undefined;
  useSaid(stale ? undefined : planSummary(run.plan, sums, bytes));
  return (
    <div aria-busy={again} className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        className={`flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-5 py-3 transition-opacity duration-100 ${stale ? "opacity-60" : ""}`}
      >
        {error !== undefined && <PlanFailureBar error={error} />}
        <PlanFigures run={run} sums={sums} />
        {writesNothing(run) && <NothingToDo run={run} />}
        <PlanWarnings run={run} sums={sums} />
        {run.plan.images + run.plan.delete > 0 && <PlanRows run={run} sums={sums} />}
      </div>
      {again && <PlanningAgain />}
    </div>
  );
}

/** Time without a further change: whoever ticks many rows hears the sum once. */
const settleMs = 400;

/** Says what will happen, when the plan is made and when something of it changes. */
function useSaid(summary: string | undefined): void {
  useEffect(() => {
    if (summary === undefined) return;
    const timer = setTimeout(() => say(summary, "plan"), settleMs);
    return () => clearTimeout(timer);
  }, [summary]);
}
