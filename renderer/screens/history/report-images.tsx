// The images of a run, page by page: outcome, both digests, verified or not; the chosen one in full below.
import { useEffect, useState } from "react";
import type { MethodInput } from "../../../shared/contract.ts";
import { isFinished, type Run, type RunImage } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import { type PagedRows, usePagedRows } from "../../components/paged-rows.ts";
import { SearchField } from "../../components/search-field.tsx";
import { Segmented } from "../../components/segmented.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { moveByKey, useVirtualRows, type VirtualRows } from "../../components/virtual-rows.ts";
import { commonText } from "../../text/common.ts";
import { reportText } from "../../text/history.ts";
import { ReportDetails } from "./report-details.tsx";
import { ReportRow, reportColumns } from "./report-row.tsx";

type Outcome = keyof typeof reportText.outcomes;
const outcomes: readonly Outcome[] = ["all", "copied", "skipped", "failed", "deleted", "other"];

/** What the engine is asked for; an outcome is a state and what the plan had decided. */
export function outcomeQuery(outcome: Outcome): Pick<MethodInput<"runs.images">, "states" | "actions"> {
  switch (outcome) {
    case "all":
      return {};
    case "copied":
      return { states: ["succeeded"], actions: ["copy", "overwrite"] };
    case "deleted":
      return { states: ["succeeded"], actions: ["delete"] };
    case "skipped":
      return { states: ["skipped"] };
    case "failed":
      return { states: ["failed"] };
    case "other":
      return { states: ["planned", "running", "cancelled"] };
  }
}

const typingMs = 200;

export function ReportImages({ run }: { readonly run: Run }) {
  const [outcome, setOutcome] = useState<Outcome>("all");
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), typed === "" ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const [chosen, setChosen] = useState(0);
  const [count, setCount] = useState(0);
  const focus = Math.max(0, Math.min(chosen, count - 1));
  const list = useVirtualRows({ count, focus });
  const rows = usePagedRows({
    queryKey: ["report", run.id, run.state, outcome, text],
    indexes: list.items.map(({ index }) => index),
    load: async (offset, limit, signal) => {
      const asked = { runId: run.id, ...outcomeQuery(outcome), ...(text === "" ? {} : { text }) };
      const page = await call("runs.images", { ...asked, offset, limit }, signal);
      return { rows: page.images, total: page.total };
    },
  });
  // The virtual list must know how long it is before its rows can be asked for.
  if (rows.total !== count) setCount(rows.total);
  const image = rows.row(focus);
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-3">
        <Segmented
          label={reportText.filter}
          value={outcome}
          onValueChange={setOutcome}
          options={outcomes.map((value) => ({ value, label: reportText.outcomes[value] }))}
        />
        <SearchField
          label={reportText.search}
          placeholder={reportText.search}
          value={typed}
          onValueChange={setTyped}
          maxLength={500}
          className="w-60"
        />
      </div>
      {rows.error !== undefined ? (
        <ErrorState error={rows.error} action={{ label: commonText.retry, onSelect: rows.reload }} />
      ) : !rows.loaded ? (
        <LoadingRows label={reportText.loading} />
      ) : rows.total === 0 ? (
        <EmptyState
          title={
            outcome === "all" && text === "" && isFinished(run.state) ? reportText.none : reportText.noMatch
          }
        />
      ) : (
        <>
          <ImageList list={list} rows={rows} focus={focus} onFocus={setChosen} />
          {image !== undefined && <ReportDetails run={run} image={image} />}
        </>
      )}
    </div>
  );
}

function ImageList({
  list,
  rows,
  focus,
  onFocus,
}: {
  readonly list: VirtualRows;
  readonly rows: PagedRows<RunImage>;
  readonly focus: number;
  readonly onFocus: (index: number) => void;
}) {
  const { columns } = reportText;
  return (
    <div className="flex min-h-24 flex-1 flex-col overflow-hidden rounded-md border border-line">
      <div
        aria-hidden
        className={`${reportColumns} h-6 shrink-0 border-b border-line bg-sunken text-2xs text-muted`}
      >
        <span>{columns.state}</span>
        <span>{columns.image}</span>
        <span>{columns.source}</span>
        <span>{columns.destination}</span>
        <span>{columns.verified}</span>
        <span className="text-right">{columns.bytes}</span>
      </div>
      <div
        role="listbox"
        aria-label={reportText.list}
        tabIndex={-1}
        ref={list.scroller}
        onKeyDown={(event) => {
          const to = moveByKey(event.key, focus, rows.total, list.pageRows);
          if (to === undefined) return;
          event.preventDefault();
          list.wantFocus();
          onFocus(to);
        }}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <div role="presentation" className="relative" style={{ height: list.height }}>
          {list.drawn.map(({ item, slot }) => (
            <ReportRow
              key={slot}
              image={rows.row(item.index)}
              index={item.index}
              total={rows.total}
              top={list.top(item)}
              focused={item.index === focus}
              onFocus={onFocus}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
