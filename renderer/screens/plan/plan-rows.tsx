// The rows of a plan with what narrows them (by what happens, by name), ticks for all of them, and the chosen row in full.
import { useEffect, useState } from "react";
import type { Run, RunImage } from "../../../shared/run.ts";
import { SearchField } from "../../components/search-field.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { openDrawer } from "../../state/navigation.ts";
import { filterPlanRows, planRowAt, usePlanRows } from "../../state/plan-rows.ts";
import { tickAll, usePlanTicks } from "../../state/plan-ticks.ts";
import { formatCount } from "../../text/common.ts";
import { countText, kindWords, planText } from "../../text/plan.ts";
import { PlanGrid } from "./plan-grid.tsx";
import { isTickable, isTickableKind, type RowFilter, rowKinds } from "./plan-image.ts";
import type { PlanSums } from "./plan-sums.ts";
import { imageToLookAt, RowDetails } from "./row-details.tsx";

const typingMs = 150;

export function PlanRows({ run, sums }: { readonly run: Run; readonly sums: PlanSums }) {
  const filter = usePlanRows((rows) => rows.filter);
  const [focus, setFocus] = useState(0);
  const [isChosen, setChosen] = useState(false);
  // Other rows: what was chosen among the old ones means nothing.
  const shown = `${run.id} ${filter.kind} ${filter.text}`;
  const [before, setBefore] = useState(shown);
  if (before !== shown) {
    setBefore(shown);
    setFocus(0);
    setChosen(false);
  }
  const image = usePlanRows(({ pages }) => planRowAt(pages, focus));
  const goTo = (index: number): void => {
    setFocus(index);
    setChosen(true);
  };
  const open = (row: RunImage): void => {
    const at = imageToLookAt(run, row);
    if (at !== undefined) openDrawer({ kind: "inspect", image: at });
  };
  return (
    <section aria-label={planText.rows} className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-3">
        <TickAll runId={run.id} sums={sums} />
        <Kinds run={run} sums={sums} />
        <Search />
      </div>
      <PlanGrid run={run} focus={focus} chosen={isChosen ? focus : undefined} onFocus={goTo} onOpen={open} />
      <RowDetails run={run} image={isChosen ? image : undefined} />
    </section>
  );
}

function Kinds({ run, sums }: { readonly run: Run; readonly sums: PlanSums }) {
  const kind = usePlanRows((rows) => rows.wanted.kind);
  // Kinds that do not occur are left out, except the one that everybody looks for.
  const kinds = rowKinds.filter((one) => run.plan[one] > 0 || one === "copy" || one === kind);
  const all = rowKinds.reduce((sum, one) => sum + run.plan[one], 0);
  const options: readonly { value: RowFilter["kind"]; label: string }[] = [
    { value: "all", label: `${planText.all} ${formatCount(all)}` },
    ...kinds.map((one) => ({
      value: one,
      label: `${kindWords[one]} ${countText(sums.byKind[one], run.plan[one])}`,
    })),
  ];
  return (
    <Segmented
      label={planText.kinds}
      value={kind}
      options={options}
      onValueChange={(next) => void filterPlanRows({ kind: next })}
    />
  );
}

function Search() {
  const [text, setText] = useState(() => usePlanRows.getState().wanted.text);
  useEffect(() => {
    if (text === usePlanRows.getState().wanted.text) return;
    const timer = setTimeout(() => void filterPlanRows({ text }), typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <SearchField
      label={planText.filter}
      placeholder={planText.filter}
      value={text}
      onValueChange={setText}
      className="ml-auto w-48"
    />
  );
}

function TickAll({ runId, sums }: { readonly runId: string; readonly sums: PlanSums }) {
  const { filter, pages, total } = usePlanRows();
  const { out, busy } = usePlanTicks();
  const rows = [...pages.values()].flat().filter(isTickable);
  const { kind, text } = filter;
  const [tickable, ticked] =
    text === "" && kind === "all"
      ? [sums.tickable, sums.ticked]
      : text === "" && kind !== "all" && isTickableKind(kind)
        ? [total, sums.byKind[kind]]
        : // Of a search only the rows that were read are known.
          [rows.length, rows.filter(({ id }) => !out.has(id)).length];
  return (
    <Checkbox
      label={planText.tickAllOf(planText.ticked(sums.ticked, sums.tickable))}
      labelHidden
      className="pl-2.5"
      checked={tickable > 0 && ticked === tickable}
      indeterminate={ticked > 0 && ticked < tickable}
      disabled={tickable === 0 || busy}
      onCheckedChange={() => void tickAll(runId, filter, ticked < tickable)}
    />
  );
}
