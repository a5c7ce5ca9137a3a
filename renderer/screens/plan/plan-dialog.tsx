// The dialog that every drop opens: what will happen, row by row, before anything is copied.
import { Check, Terminal } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { ErrorState } from "../../components/states.tsx";
import { copyCommand } from "../../state/copy-command.ts";
import { cancelPlan, planTransfer, startPlan, usePlan } from "../../state/plan.ts";
import { planText, startLabel } from "../../text/plan.ts";
import { PlanBody } from "./plan-body.tsx";
import { sumPlan } from "./plan-sums.ts";
import { PlanningState } from "./planning-state.tsx";

export function PlanDialog() {
  const { open, run, spec, images, imagesLoaded, unticked, starting, error } = usePlan();
  const start = useRef<HTMLButtonElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const sums = useMemo(
    () => (run === undefined ? undefined : sumPlan(run.plan, images, unticked)),
    [run, images, unticked],
  );
  const planned = run?.state === "planned" && imagesLoaded && sums !== undefined;
  const canStart = planned && sums.ticked > 0 && run.plan.guard === null && !starting;

  // A button that is disabled cannot take the focus: it waits at Cancel, or where a vanished field left it.
  useEffect(() => {
    const at = document.activeElement;
    const waiting =
      at === null || at === cancel.current || at === document.body || at.getAttribute("role") === "dialog";
    if (canStart && waiting) start.current?.focus();
  }, [canStart]);

  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key !== "Enter" || !canStart || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void startPlan();
  };

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && cancelPlan()}
      title={planText.title}
      description={run === undefined ? " " : <Ends source={run.source} destination={run.destination} />}
      width="large"
      initialFocus={cancel}
      foot={
        <>
          {planned && <CopyCommand runId={run.id} />}
          <Button ref={cancel} onClick={cancelPlan}>
            {planText.cancel}
          </Button>
          <Button ref={start} variant="primary" disabled={!canStart} onClick={() => void startPlan()}>
            {planned ? startLabel(sums) : planText.start}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only listens for the shortcut of the Start button */}
      <div onKeyDown={keyDown} className="flex flex-col gap-4">
        {planned ? (
          <PlanBody run={run} sums={sums} error={error} />
        ) : error !== undefined ? (
          <ErrorState
            error={error}
            {...(spec === undefined
              ? {}
              : { action: { label: planText.retry, onSelect: () => void planTransfer(spec) } })}
          />
        ) : (
          <PlanningState />
        )}
      </div>
    </Dialog>
  );
}

/** Says in its own place that it worked: a message in the corner would lie over the Start button. */
function CopyCommand({ runId }: { readonly runId: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Terminal;
  return (
    <div className="mr-auto flex items-center gap-2">
      <Button
        variant="quiet"
        icon={<Icon aria-hidden className="size-3.5" />}
        onClick={() => void copyCommand(runId).then(setCopied)}
      >
        {planText.copyCommand}
      </Button>
      <span role="status" className="text-xs text-muted">
        {copied ? planText.commandCopied : ""}
      </span>
    </div>
  );
}

interface End {
  readonly name: string;
  readonly address: string;
}
function Ends({ source, destination }: { readonly source: End; readonly destination: End }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <EndName end={source} />
      <span aria-hidden>→</span>
      <span className="hidden-text">to</span>
      <EndName end={destination} />
    </span>
  );
}
function EndName({ end }: { readonly end: End }) {
  return (
    <span className="min-w-0 truncate">
      <span className="font-medium text-text">{end.name}</span>
      {end.address !== end.name && <span className="ml-1.5 font-mono text-xs">{end.address}</span>}
    </span>
  );
}
