// What can be done with a plan: start it, save it as a job, take it away as a command or a sync file, or leave it.
import { CalendarClock, Check, ChevronDown, Clock, Copy, FileDown, Terminal } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { Button } from "../../components/button.tsx";
import { Menu } from "../../components/menu.tsx";
import { copyCommand, copySyncFile, saveSyncFile } from "../../state/copy-command.ts";
import { useBytes } from "../../state/formats.ts";
import { cancelPlan, isCurrent, keepPlan, usePlan } from "../../state/plan.ts";
import { usePlanTicks } from "../../state/plan-ticks.ts";
import { planText, startLabel } from "../../text/plan.ts";
import type { PlanSums } from "./plan-sums.ts";

export function PlanFoot({
  sums,
  canStart,
  start,
  cancel,
  onStart,
  onSave,
}: {
  readonly sums: PlanSums;
  readonly canStart: boolean;
  readonly start: RefObject<HTMLButtonElement | null>;
  readonly cancel: RefObject<HTMLButtonElement | null>;
  readonly onStart: () => void;
  readonly onSave: () => void;
}) {
  const { job, spec, starting } = usePlan();
  const current = usePlan(isCurrent);
  const bytes = useBytes();
  return (
    <>
      <div className="mr-auto flex min-w-0 items-center gap-2">
        <TakeAway />
      </div>
      <Button ref={cancel} onClick={cancelPlan}>
        {planText.cancel}
      </Button>
      {job === undefined ? (
        <>
          <Button
            disabled={spec === undefined}
            icon={<CalendarClock aria-hidden className="size-3.5" />}
            onClick={onSave}
          >
            {planText.saveJob}
          </Button>
          <Button ref={start} variant="primary" disabled={!canStart || starting} onClick={onStart}>
            {current ? startLabel(sums, bytes) : planText.start}
          </Button>
        </>
      ) : (
        <Button ref={start} variant="primary" disabled={spec === undefined} onClick={onSave}>
          {planText.saveChanges}
        </Button>
      )}
    </>
  );
}

/** Says in its own place that it worked: a message in the corner would lie over the Start button. */
function TakeAway() {
  const run = usePlan((plan) => (isCurrent(plan) ? plan.run : undefined));
  const options = usePlan((plan) => plan.spec?.options);
  const isJob = usePlan((plan) => plan.job !== undefined);
  const unreadable = usePlan((plan) => plan.unreadable.size > 0);
  const unticked = usePlanTicks(({ out }) => out.size > 0);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), 4000);
    return () => clearTimeout(timer);
  }, [said]);
  const done = (worked: boolean, text: string): void => {
    if (worked) setSaid(unticked ? `${text}. ${planText.commandIsWhole}` : text);
  };
  const Icon = said === "" ? Terminal : Check;
  const disabled = run === undefined;
  const id = run?.id ?? "";
  return (
    <>
      <Button
        variant="quiet"
        disabled={disabled}
        icon={<Icon aria-hidden className="size-3.5" />}
        onClick={() => void copyCommand(id, options).then((worked) => done(worked, planText.commandCopied))}
      >
        {planText.copyCommand}
      </Button>
      <Menu
        align="start"
        trigger={
          <Button variant="quiet" disabled={disabled} icon={<ChevronDown aria-hidden className="size-3.5" />}>
            {planText.more}
          </Button>
        }
        groups={[
          [
            {
              id: "save-sync-file",
              label: planText.syncFile,
              icon: <FileDown aria-hidden className="size-3.5" />,
              onSelect: () => void saveSyncFile(id, options),
            },
            {
              id: "copy-sync-file",
              label: planText.copySyncFile,
              icon: <Copy aria-hidden className="size-3.5" />,
              onSelect: () =>
                void copySyncFile(id, options).then((worked) => done(worked, planText.syncFileCopied)),
            },
          ],
          ...(isJob
            ? []
            : [
                [
                  {
                    id: "keep",
                    label: planText.keep,
                    hint: planText.keepHint,
                    icon: <Clock aria-hidden className="size-3.5" />,
                    onSelect: keepPlan,
                  },
                ],
              ]),
        ]}
      />
      <span role="status" className="min-w-0 truncate text-xs text-muted" title={said}>
        {unreadable ? planText.unreadable : said}
      </span>
    </>
  );
}
