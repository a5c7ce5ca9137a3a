// What a plan warns of: one line for each kind of warning, which unfolds to the single ones; and in red what forbids the start.
import { ChevronRight, OctagonX, TriangleAlert } from "lucide-react";
import { useMemo, useState } from "react";
import type { PlanWarning, Run } from "../../../shared/run.ts";
import { useEndpoint } from "../../state/endpoints.ts";
import { formatCount } from "../../text/common.ts";
import { planText, warningWords } from "../../text/plan.ts";
import type { PlanSums } from "./plan-sums.ts";
import { useSourceQuota } from "./use-estimates.ts";
import { writeDoubts } from "./write-doubts.ts";

export function PlanWarnings({ run, sums }: { readonly run: Run; readonly sums: PlanSums }) {
  const groups = useMemo(() => grouped(run.plan.warnings), [run.plan.warnings]);
  const quota = useSourceQuota(run);
  const pulls = sums.byKind.copy + sums.byKind.overwrite;
  const short = quota !== undefined && pulls > quota.remaining;
  const destination = useEndpoint(run.destination.id);
  const asked = { writes: pulls > 0, deletes: sums.byKind.delete > 0 };
  const doubts = destination === undefined ? [] : writeDoubts(destination, asked, Date.now());
  return (
    <>
      {run.plan.guard !== null && (
        <p
          role="alert"
          data-selectable
          className="flex items-start gap-2 rounded-md border border-bad bg-bad-soft px-3 py-2 text-sm text-bad"
        >
          <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>{run.plan.guard}</span>
        </p>
      )}
      {(groups.length > 0 || doubts.length > 0 || short) && (
        <ul
          aria-label={planText.warnings}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="flex max-h-28 shrink-0 flex-col overflow-y-auto rounded-md bg-warn-soft px-2 py-1 text-xs"
        >
          {short && (
            <Line text={planText.tooManyPulls(run.source.address, pulls, Math.max(0, quota.remaining))} />
          )}
          {doubts.map((text) => (
            <Line key={text} text={text} />
          ))}
          {groups.map(({ code, texts }) =>
            texts.length === 1 ? (
              <Line key={code} text={texts[0] ?? ""} />
            ) : (
              <Group key={code} title={warningWords[code]} texts={texts} />
            ),
          )}
        </ul>
      )}
    </>
  );
}

interface WarningGroup {
  readonly code: PlanWarning["code"];
  readonly texts: readonly string[];
}

function grouped(warnings: readonly PlanWarning[]): readonly WarningGroup[] {
  const byCode = new Map<PlanWarning["code"], string[]>();
  for (const { code, text } of warnings) byCode.set(code, [...(byCode.get(code) ?? []), text]);
  return [...byCode].map(([code, texts]) => ({ code, texts: [...new Set(texts)] }));
}

function Line({ text }: { readonly text: string }) {
  return (
    <li className="flex items-start gap-1.5 px-1 py-0.5">
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
      <span data-selectable className="min-w-0 break-words">
        {text}
      </span>
    </li>
  );
}

function Group({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-1.5 rounded-sm px-1 py-0.5 text-left hover:bg-hover"
      >
        <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warn" />
        <span className="min-w-0 flex-1 truncate font-medium">{title}</span>
        <span>{formatCount(texts.length)}</span>
        <ChevronRight
          aria-hidden
          className={`size-3.5 transition-transform duration-100 ${open ? "rotate-90" : ""}`}
        />
      </button>
      {open && (
        <ul data-selectable className="flex flex-col gap-0.5 py-0.5 pl-6">
          {texts.map((text) => (
            <li key={text} className="break-words">
              {text}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
