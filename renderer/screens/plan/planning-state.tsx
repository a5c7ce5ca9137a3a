// While a plan is being made: that it is alive, and how many images it found.
import { ProgressBar } from "../../components/progress-bar.tsx";
import { usePlan } from "../../state/plan.ts";
import { planText } from "../../text/plan.ts";

export function PlanningState() {
  const { found, run, images } = usePlan();
  const reading = run?.state === "planned";
  // Tags to be deleted are rows, but no images.
  const rows = run === undefined ? 0 : run.plan.images + run.plan.delete;
  return (
    <div className="flex h-[calc(var(--plan-rows)+19rem)] flex-col items-center justify-center gap-3">
      <p className="text-sm font-medium">{planText.planning}</p>
      <ProgressBar
        label={planText.planning}
        fraction={reading && rows > 0 ? images.length / rows : undefined}
        className="w-64"
      />
      <p role="status" className="text-xs text-muted">
        {reading ? planText.loadingRows(images.length, rows) : planText.found(found)}
      </p>
      <p className="text-xs text-muted">{planText.planningHint}</p>
    </div>
  );
}
