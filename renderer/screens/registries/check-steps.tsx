// The steps of a check, each with its outcome; while the check runs, the steps that are still to come.
import type { CheckStep } from "../../../shared/endpoint.ts";
import { StatusIcon, type StatusKind } from "../../components/badge.tsx";
import { outcomeWords, registriesText, stepOrder, stepWords } from "../../text/registries.ts";

const icons: Readonly<Record<CheckStep["outcome"], StatusKind>> = {
  passed: "ok",
  failed: "bad",
  warning: "warn",
  skipped: "off",
};

export function CheckSteps({
  steps,
  running = false,
}: {
  readonly steps: readonly CheckStep[];
  readonly running?: boolean;
}) {
  const known = new Set(steps.map((step) => step.name));
  const toCome = running ? stepOrder.filter((name) => !known.has(name)) : [];
  return (
    <ol aria-label={registriesText.checkTitle} aria-busy={running} className="flex flex-col gap-1 text-sm">
      {steps.map((step) => (
        <li key={step.name} className="grid grid-cols-[1rem_9.5rem_minmax(0,1fr)] items-start gap-2">
          <StatusIcon kind={icons[step.outcome]} className="pt-0.5" />
          <span className="truncate">
            {stepWords[step.name]}
            <span className="hidden-text">: {outcomeWords[step.outcome]}.</span>
          </span>
          <span data-selectable className="text-xs leading-4.5 break-words text-muted">
            {step.text}
          </span>
        </li>
      ))}
      {toCome.map((name) => (
        <li key={name} className="grid grid-cols-[1rem_9.5rem_minmax(0,1fr)] items-center gap-2 text-muted">
          <StatusIcon kind="waiting" className="animate-pulse" />
          <span className="truncate">{stepWords[name]}</span>
        </li>
      ))}
    </ol>
  );
}

/** The check in one sentence. */
export function checkSummary(steps: readonly CheckStep[]): string {
  if (steps.some((step) => step.outcome === "failed")) return registriesText.checkFailed;
  if (steps.some((step) => step.outcome === "warning")) return registriesText.checkWarned;
  return registriesText.checkPassed;
}
