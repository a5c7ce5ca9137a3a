// The steps of a check, each with its outcome, how long it took and what to do; while it runs, those still to come.
import { useEffect, useRef } from "react";
import type { CheckStep } from "../../../shared/endpoint.ts";
import { fromWire } from "../../../shared/errors.ts";
import { formatDuration } from "../../../shared/units.ts";
import { StatusIcon, type StatusKind } from "../../components/badge.tsx";
import { ErrorDetails, isSaidByCode } from "../../components/error-details.tsx";
import type { CheckState, TimedStep } from "../../state/registry-checks.ts";
import { explainError } from "../../text/errors.ts";
import { outcomeWords, registriesText, stepOrder, stepWords } from "../../text/registries.ts";

const icons: Readonly<Record<CheckStep["outcome"], StatusKind>> = {
  passed: "ok",
  failed: "bad",
  warning: "warn",
  skipped: "off",
};
const columns = "grid grid-cols-[1rem_8.5rem_minmax(0,1fr)_6rem] items-start gap-x-2";

export function CheckSteps({
  steps,
  running = false,
  where,
}: {
  readonly steps: readonly TimedStep[];
  readonly running?: boolean;
  /** The registry's name, where it has one already. */
  readonly where?: string | undefined;
}) {
  const known = new Set(steps.map((step) => step.name));
  const [next, ...later] = running ? stepOrder.filter((name) => !known.has(name)) : [];
  return (
    <ol aria-label={registriesText.checkTitle} aria-busy={running} className="flex flex-col gap-1 text-sm">
      {steps.map((step, index) => (
        <Step key={step.name} step={step} where={where} again={isSaidAgain(step, steps[index - 1])} />
      ))}
      {next !== undefined && (
        <li className={columns}>
          <StatusIcon kind="active" className="animate-pulse pt-0.5" />
          <span className="truncate">{stepWords[next]}</span>
          <span className="text-xs leading-4.5 text-muted">{registriesText.checking}</span>
        </li>
      )}
      {later.map((name) => (
        <li key={name} className={`${columns} text-muted`}>
          <StatusIcon kind="waiting" className="pt-0.5" />
          <span className="truncate">{stepWords[name]}</span>
        </li>
      ))}
    </ol>
  );
}

/** What follows a step that failed is skipped for one reason: it is shown once. */
function isSaidAgain(step: CheckStep, before: CheckStep | undefined): boolean {
  return step.outcome === "skipped" && before?.outcome === "skipped" && before.text === step.text;
}

function Step({
  step,
  again,
  where,
}: {
  readonly step: TimedStep;
  readonly again: boolean;
  readonly where: string | undefined;
}) {
  const error = step.error === undefined ? undefined : explainError(step.error, { other: where });
  const advice = error?.advice ?? "";
  /** What of it is for those who look after networks is folded away. */
  const folded = step.error !== undefined && isSaidByCode(step.error.code) ? step.error : undefined;
  const quiet = step.outcome === "skipped" ? "text-muted" : "";
  return (
    <li className={`${columns} ${quiet}`}>
      <StatusIcon kind={icons[step.outcome]} className="pt-0.5" />
      <span className="truncate">
        {stepWords[step.name]}
        <span className="hidden-text">: {outcomeWords[step.outcome]}.</span>
      </span>
      <div data-selectable className="text-xs leading-4.5 break-words text-muted">
        <span className={again ? "hidden-text" : ""}>
          {folded === undefined ? step.text : (error?.sentence ?? step.text)}
        </span>
        {step.outcome === "failed" && advice !== "" && <span className="block text-text">{advice}</span>}
        {folded !== undefined && (
          <div className="[&_summary]:mx-0">
            <ErrorDetails error={fromWire(folded)} />
          </div>
        )}
      </div>
      <span className="text-right text-xs leading-4.5 text-muted">
        <span aria-hidden>{outcomeWords[step.outcome]}</span>
        {step.took !== undefined && ` ${formatDuration(step.took)}`}
      </span>
    </li>
  );
}

/** A check that runs or ran: its steps and one sentence, told aloud when it ends. */
export function CheckView({
  check,
  where,
}: {
  readonly check: CheckState;
  /** The registry's host. */
  readonly where: string | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { state, steps } = check;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step that is told makes it longer
  useEffect(() => {
    // New browsers answer with a promise, which is no way to clean up.
    void box.current?.scrollIntoView({ block: "nearest" });
  }, [state, steps.length]);
  return (
    <div ref={box} className="flex flex-col gap-2 rounded-md border border-line bg-sunken p-3">
      <p role="status" className="font-medium">
        {summaryOf(check, where)}
      </p>
      {check.state === "broken" && (
        <div className="text-xs text-muted [&_summary]:mx-0">
          <p data-selectable>
            {isSaidByCode(check.error.code) ? "" : check.error.message} {explainError(check.error).advice}
          </p>
          {isSaidByCode(check.error.code) && <ErrorDetails error={check.error} />}
        </div>
      )}
      {(check.steps.length > 0 || check.state === "running") && (
        <CheckSteps steps={check.steps} running={check.state === "running"} where={where} />
      )}
    </div>
  );
}

function summaryOf(check: CheckState, where: string | undefined): string {
  switch (check.state) {
    case "running":
      return registriesText.checking;
    case "cancelled":
      return registriesText.checkCancelled;
    case "broken":
      return explainError(check.error, { other: where }).sentence;
    case "done":
      return checkSummary(check.steps);
  }
}

/** The check in one sentence. */
function checkSummary(steps: readonly CheckStep[]): string {
  if (hasFailed(steps)) return registriesText.checkFailed;
  if (steps.some((step) => step.outcome === "warning")) return registriesText.checkWarned;
  return registriesText.checkPassed;
}

export function hasFailed(steps: readonly CheckStep[]): boolean {
  return steps.some((step) => step.outcome === "failed");
}
