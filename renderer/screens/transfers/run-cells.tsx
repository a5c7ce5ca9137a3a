// The cells of a run's row: its name, how it stands, what it does or waits for, and its buttons.
import { progressKey } from "../../../shared/contract.ts";
import type { Run } from "../../../shared/run.ts";
import type { UnitSystem } from "../../../shared/units.ts";
import type { StatusKind } from "../../components/badge.tsx";
import { Button, IconButton } from "../../components/button.tsx";
import { useUnits } from "../../state/formats.ts";
import { useProgress } from "../../state/progress.ts";
import { useStandstill } from "../../state/retries.ts";
import { useSecondsUntil } from "../../state/seconds.ts";
import {
  countText,
  failedText,
  imagesText,
  resultText,
  runName,
  runStateText,
  runStateTitle,
  runSubject,
  savedText,
  savedTitle,
  transfersText,
  waitingText,
} from "../../text/transfers.ts";
import { runFailure, troubleText } from "./failure.ts";
import {
  Cell,
  Chevron,
  FailureCells,
  NumberCells,
  restOfRow,
  type Savings,
  StateCell,
} from "./row-cells.tsx";
import { runNumbers } from "./row-numbers.ts";
import { buttonActions, commandRun } from "./run-actions.tsx";
import { runStatus, type Status } from "./statuses.ts";

interface RunCellsProps {
  readonly run: Run;
  readonly expanded: boolean;
  readonly focused: boolean;
  readonly onToggle: (id: string, expanded: boolean) => void;
}

export function RunCells({ run, expanded, focused, onToggle }: RunCellsProps) {
  const trouble = useTrouble(run);
  const status: Status = trouble === undefined ? runStatus(run) : { kind: trouble.kind, tone: "warn" };
  const name = runName(run);
  const tabIndex = focused ? 0 : -1;
  return (
    <>
      <Cell className="flex items-center gap-1" title={`${runSubject(run)}: ${name}, ${imagesText(run)}`}>
        <Chevron id={run.id} expanded={expanded} onToggle={onToggle} />
        <span className="max-w-2/3 shrink-0 truncate font-medium">{runSubject(run)}</span>
        <span className="shrink-0 px-1 text-xs text-muted">
          {countText(run)}
          <span className="hidden-text"> images</span>
        </span>
        <span className="min-w-0 truncate text-xs text-muted">{name}</span>
      </Cell>
      <StateCell
        kind={status.kind}
        text={trouble?.state ?? runStateText(run)}
        title={trouble?.text ?? runStateTitle(run)}
      />
      <RunState run={run} tone={status.tone} tabIndex={tabIndex} trouble={trouble?.text} />
      <Cell className="flex justify-end">
        {buttonActions(run).map((action) => (
          <IconButton
            key={action.id}
            label={action.label}
            icon={action.icon}
            tabIndex={tabIndex}
            onClick={action.onSelect}
          />
        ))}
      </Cell>
    </>
  );
}

/** Progress, or what came out. */
function RunState({
  run,
  tone,
  tabIndex,
  trouble,
}: {
  readonly run: Run;
  readonly tone: Status["tone"];
  readonly tabIndex: 0 | -1;
  readonly trouble: string | undefined;
}) {
  const units = useUnits();
  const progress = useProgress(progressKey.run(run.id));
  const failure = runFailure(run);
  if (failure !== undefined)
    return <FailureCells key={run.id} run={run} failure={failure} focused={tabIndex === 0} />;
  if (run.state === "failed")
    return (
      <Cell className={`${restOfRow} flex items-center gap-2 text-xs`}>
        <span title={failedText(run, units)} className="truncate text-bad">
          {failedText(run, units)}
        </span>
        <Button
          size="small"
          tabIndex={tabIndex}
          onClick={() => void commandRun("runs.retryFailed", run.id, transfersText.retryFailed)}
        >
          {transfersText.retryFailed}
        </Button>
      </Cell>
    );
  if (run.state === "succeeded")
    return (
      <Cell className={`${restOfRow} truncate text-xs text-muted`} title={resultText(run, units)}>
        {resultText(run, units)}
      </Cell>
    );
  return (
    <NumberCells
      label={runName(run)}
      numbers={runNumbers(run, progress, units)}
      tone={tone}
      tries={0}
      savings={savingsOf(run, units)}
      trouble={trouble}
    />
  );
}

function savingsOf({ tallies }: Run, units: UnitSystem): Savings {
  const { bytesPresent, bytesMounted, bytesResumed } = tallies;
  return {
    text: savedText(bytesPresent + bytesMounted + bytesResumed, units),
    title: savedTitle(bytesPresent, bytesMounted, bytesResumed, units),
  };
}

interface Trouble {
  readonly kind: StatusKind;
  readonly state: string;
  readonly text: string;
}

/** Why a run that should move does not: it waits for a host, or tries something again. */
function useTrouble(run: Run): Trouble | undefined {
  const { waitingFor } = run;
  const left = useSecondsUntil(waitingFor?.until);
  const standstill = useStandstill(run);
  if (waitingFor !== undefined && (run.state === "running" || run.state === "planning"))
    return {
      kind: "waiting",
      state: transfersText.waitingForHost,
      text: waitingText(waitingFor.host, waitingFor.failure, left),
    };
  if (standstill === undefined) return undefined;
  return { kind: "warn", state: transfersText.tryingAgain, text: troubleText(run, standstill) };
}
