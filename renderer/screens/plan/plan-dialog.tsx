// What every drop opens: what will happen, row by row, and by which rules, before anything is copied.
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Sheet } from "../../components/sheet.tsx";
import { useNavigation } from "../../state/navigation.ts";
import { cancelPlan, startPlan, usePlan } from "../../state/plan.ts";
import { planText } from "../../text/plan.ts";
import { ConfirmDeletes } from "./confirm-deletes.tsx";
import { PlanOptions } from "./options/plan-options.tsx";
import { PlanBody } from "./plan-body.tsx";
import { PlanEnds } from "./plan-ends.tsx";
import { PlanFailure } from "./plan-failure.tsx";
import { PlanFoot } from "./plan-foot.tsx";
import { PlanningState } from "./planning-state.tsx";
import { SaveJobDialog } from "./save-job-dialog.tsx";
import { usePlanCommands } from "./use-plan-commands.ts";
import { useCanStart, usePlanSums } from "./use-plan-sums.ts";

export function PlanDialog() {
  const { open, run, spec, job, fromLink, error } = usePlan();
  const start = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const sums = usePlanSums();
  const canStart = useCanStart(sums);
  const [dialog, setDialog] = useState<"confirm" | "save">();
  const underDrawer = useDrawerLately();

  // The Enter that let a link through must not start what it asks for.
  useEffect(() => {
    if (fromLink) cancel.current?.focus();
  }, [fromLink]);

  // A button that is disabled cannot take the focus: it waits at Cancel, or where a vanished field left it.
  useEffect(() => {
    const at = document.activeElement;
    const waiting =
      at === null || at === cancel.current || at === document.body || at.getAttribute("role") === "dialog";
    if (canStart && waiting && !fromLink) start.current?.focus();
  }, [canStart, fromLink]);

  const act = (): void => {
    if (job !== undefined) setDialog("save");
    else if (!canStart) return;
    else if (sums.byKind.delete > 0) setDialog("confirm");
    else void startPlan();
  };
  usePlanCommands({ open, onStart: act, onSave: () => setDialog("save") });
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || dialog !== undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <Sheet
      open={open}
      onClose={() => !underDrawer() && cancelPlan()}
      title={job === undefined ? planText.title : planText.jobTitle(job.name)}
      description={run === undefined ? "" : <PlanEnds source={run.source} destination={run.destination} />}
      initialFocus={cancel}
      foot={
        <PlanFoot
          sums={sums}
          canStart={canStart}
          start={start}
          cancel={cancel}
          onStart={act}
          onSave={() => setDialog("save")}
        />
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens for the shortcut of the Start button */}
      <div onKeyDown={keyDown} className="flex min-h-0 flex-1">
        {run?.state === "planned" ? (
          <PlanBody run={run} />
        ) : error !== undefined ? (
          <PlanFailure error={error} />
        ) : (
          <PlanningState />
        )}
        {spec !== undefined && <PlanOptions spec={spec} />}
      </div>
      {run !== undefined && (
        <ConfirmDeletes
          open={dialog === "confirm"}
          name={run.destination.name}
          deletes={sums.byKind.delete}
          onClose={() => setDialog(undefined)}
          onConfirm={() => void startPlan()}
        />
      )}
      {dialog === "save" && <SaveJobDialog open onClose={() => setDialog(undefined)} />}
    </Sheet>
  );
}

/** True while a drawer lies over the plan, and within the key press that closes it: that Escape is the drawer's. */
function useDrawerLately(): () => boolean {
  const drawer = useNavigation((state) => state.drawer !== undefined);
  const lately = useRef(false);
  useEffect(() => {
    if (drawer) lately.current = true;
    else {
      const timer = setTimeout(() => {
        lately.current = false;
      });
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [drawer]);
  return () => lately.current;
}
