// The sums of the plan that is shown, following the ticks.
import { useMemo } from "react";
import { emptyPlanTotals } from "../../../shared/run.ts";
import { isCurrent, usePlan } from "../../state/plan.ts";
import { usePlanTicks } from "../../state/plan-ticks.ts";
import { type PlanSums, sumPlan } from "./plan-sums.ts";

export function usePlanSums(): PlanSums {
  const plan = usePlan(({ run }) => run?.plan ?? emptyPlanTotals);
  const { out, shared } = usePlanTicks();
  return useMemo(() => sumPlan(plan, out, shared), [plan, out, shared]);
}

/** True where Start does something. */
export function useCanStart(sums: PlanSums): boolean {
  const ready = usePlan((plan) => isCurrent(plan) && !plan.starting && plan.run?.plan.guard === null);
  const busy = usePlanTicks((ticks) => ticks.busy);
  return ready && !busy && sums.ticked > 0;
}
