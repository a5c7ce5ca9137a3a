// While a first plan is being made: that it is alive, and how many images it found.
import { ProgressBar } from "../../components/progress-bar.tsx";
import { usePlan } from "../../state/plan.ts";
import { planText } from "../../text/plan.ts";

export function PlanningState() {
  const making = usePlan((plan) => plan.making);
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6">
      <p className="text-sm font-medium">{planText.planning}</p>
      <ProgressBar label={planText.planning} fraction={undefined} className="w-64" />
      <p className="text-xs text-muted">{planText.found(making?.found ?? 0)}</p>
      <p className="h-4 max-w-full truncate font-mono text-xs text-muted">
        {making?.at !== undefined && planText.foundAt(making.at)}
      </p>
      <p className="text-xs text-muted">{planText.planningHint}</p>
    </div>
  );
}

/** While it is planned again: lies over the old plan, so that nothing moves. */
export function PlanningAgain() {
  const found = usePlan((plan) => plan.making?.found ?? 0);
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-32 z-10 flex justify-center">
      <div className="flex flex-col gap-2 rounded-lg border border-line bg-raised px-4 py-2.5 text-xs shadow-pop">
        <span>
          {planText.planningAgain} {found > 0 && planText.found(found)}
        </span>
        <ProgressBar label={planText.planning} fraction={undefined} />
      </div>
    </div>
  );
}
