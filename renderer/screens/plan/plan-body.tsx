// A finished plan: its numbers, its warnings, its rows and its options.
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { FreightlinerError } from "../../../shared/errors.ts";
import type { PlanWarning, Run } from "../../../shared/run.ts";
import { formatBytes } from "../../../shared/units.ts";
import { explainError } from "../../text/errors.ts";
import { planSummary, planText, transferText } from "../../text/plan.ts";
import { PlanOptions } from "./plan-options.tsx";
import { PlanRows } from "./plan-rows.tsx";
import type { PlanSums } from "./plan-sums.ts";

export function PlanBody({
  run,
  sums,
  error,
}: {
  readonly run: Run;
  readonly sums: PlanSums;
  readonly error: FreightlinerError | undefined;
}) {
  return (
    <>
      {error !== undefined && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          {explainError(error).sentence} <span data-selectable>{error.message}</span>
        </p>
      )}
      <section
        aria-label={planText.numbers}
        className="flex divide-x divide-line rounded-md border border-line bg-sunken"
      >
        <Figure label={planText.figures.move} strong>
          {transferText(sums)}
        </Figure>
        <Figure label={planText.figures.present}>{formatBytes(sums.bytesPresent)}</Figure>
        <Figure label={planText.figures.mountable} title={planText.figures.mountableHint}>
          {formatBytes(sums.bytesMountable)}
        </Figure>
        <Figure label={planText.figures.images}>
          {partText(sums.ticked - sums.byKind.delete, sums.tickable - sums.deletable)}
        </Figure>
        {sums.deletable > 0 && (
          <Figure label={planText.figures.deletes}>{partText(sums.byKind.delete, sums.deletable)}</Figure>
        )}
      </section>
      <p role="status" className="hidden-text">
        {planSummary(run.plan, sums)}
      </p>
      {run.plan.guard !== null && (
        <p role="alert" data-selectable className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
          {run.plan.guard}
        </p>
      )}
      {run.plan.images > 0 && sums.tickable === 0 && (
        <p className="text-sm text-muted">{nothingText(sums)}</p>
      )}
      <Warnings warnings={run.plan.warnings} />
      <PlanRows sums={sums} />
      <PlanOptions />
    </>
  );
}

/** `3`, or `2 / 3` where some are left out. */
function partText(part: number, whole: number): string {
  return part === whole ? String(whole) : `${part} / ${whole}`;
}

function nothingText(sums: PlanSums): string {
  return sums.byKind.conflict + sums.byKind.unreadable > 0 ? planText.nothingPossible : planText.nothingToDo;
}

function Figure({
  label,
  title,
  strong = false,
  children,
}: {
  readonly label: string;
  readonly title?: string;
  readonly strong?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div title={title} className="min-w-0 flex-1 px-4 py-2.5">
      <div className="truncate text-xs text-muted">{label}</div>
      <div className={strong ? "truncate text-xl font-semibold" : "truncate text-xl"}>{children}</div>
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly PlanWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul
      aria-label={planText.warnings}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="flex max-h-22 flex-col overflow-y-auto rounded-md bg-warn-soft px-3 py-1.5"
    >
      {warnings.map((warning) => (
        <li key={`${warning.code} ${warning.text}`} className="flex items-start gap-2 py-0.5 text-xs">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
          <span data-selectable className="min-w-0 break-words">
            {warning.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
