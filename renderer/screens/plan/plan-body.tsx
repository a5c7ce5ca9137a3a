// A finished plan: its figures, its warnings and its rows; greyed while another one is being made.
import type { Run } from "../../../shared/run.ts";
import { useBytes } from "../../state/formats.ts";
import { usePlan } from "../../state/plan.ts";
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
  return (
    <div aria-busy={again} className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        className={`flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-5 py-3 transition-opacity duration-100 ${stale ? "opacity-60" : ""}`}
      >
        {error !== undefined && <PlanFailureBar error={error} />}
        <PlanFigures run={run} sums={sums} />
        <p role="status" className="hidden-text">
          {stale ? "" : planSummary(run.plan, sums, bytes)}
        </p>
        {writesNothing(run) && <NothingToDo run={run} />}
        <PlanWarnings run={run} sums={sums} />
        {run.plan.images + run.plan.delete > 0 && <PlanRows run={run} sums={sums} />}
      </div>
      {again && <PlanningAgain />}
    </div>
  );
}
