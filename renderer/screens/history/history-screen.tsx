// The History screen: every run that was, with filter and search.
import { History as HistoryIcon, Trash2 } from "lucide-react";
import { memo, useCallback, useEffect, useState } from "react";
import type { Run } from "../../../shared/run.ts";
import { call } from "../../api/client.ts";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { usePagedRows } from "../../components/paged-rows.ts";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { useVirtualRows } from "../../components/virtual-rows.ts";
import { everything, filterQuery, historyKey, useHistoryFilter } from "../../state/history.ts";
import { loadJobs, useJobs } from "../../state/jobs.ts";
import { showScreen, useNavigation } from "../../state/navigation.ts";
import { commonText } from "../../text/common.ts";
import { historyText } from "../../text/history.ts";
import { ChangesDialog } from "./changes-dialog.tsx";
import { ClearDialog } from "./clear-dialog.tsx";
import { HistoryFilterBar } from "./history-filter-bar.tsx";
import { firstRow, followRow, useFocusAlong } from "./history-focus.ts";
import { HistoryTable, headHeight } from "./history-table.tsx";

/** Rows that are read before they come into sight: one that is there is filled in, a place that waits is drawn twice. */
const aheadRows = 50;

/** The list is drawn anew whenever it scrolls; what stands around it is not. */
const FilterBar = memo(HistoryFilterBar);
const Clear = memo(ClearDialog);
const Changes = memo(ChangesDialog);

export function HistoryScreen() {
  const wanted = useNavigation((state) => state.focus.jobId);
  useEffect(() => {
    if (wanted !== undefined) useHistoryFilter.setState({ ...everything, jobId: wanted });
  }, [wanted]);
  const jobsLoaded = useJobs((state) => state.loaded);
  useEffect(() => {
    if (!jobsLoaded) void loadJobs();
  }, [jobsLoaded]);
  const filter = useHistoryFilter();
  const [focused, setFocused] = useState(firstRow);
  const [count, setCount] = useState(0);
  const [clearing, setClearing] = useState(false);
  const [changes, setChanges] = useState<Run>();
  const focus = Math.max(0, Math.min(focused.index, count - 1));
  const list = useVirtualRows({ count, focus, stickyTop: headHeight });
  const rows = usePagedRows({
    queryKey: [historyKey, filter],
    indexes: withAhead(
      list.items.map(({ index }) => index),
      count,
    ),
    load: async (offset, limit, signal) => {
      const page = await call("runs.list", { ...filterQuery(filter, Date.now()), offset, limit }, signal);
      return { rows: page.runs, total: page.total };
    },
  });
  // The virtual list must know how long it is before its rows can be asked for.
  if (rows.total !== count) setCount(rows.total);
  const now = followRow(focused, rows);
  if (now !== focused) setFocused(now);
  useFocusAlong(list.scroller, focus);
  const goTo = useCallback((index: number, id: string | undefined) => setFocused({ index, id }), []);
  const shown = JSON.stringify(filter);
  const filtered = shown !== JSON.stringify(everything);
  const closeClear = useCallback(() => setClearing(false), []);
  const closeChanges = useCallback(() => setChanges(undefined), []);
  useCommands(() => ({ "history.clear": { run: () => setClearing(true) } }), []);

  return (
    <section aria-label={historyText.group} className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <h2 className="text-base font-semibold">{historyText.group}</h2>
        <FilterBar />
        <span role="status" className="min-w-16 text-xs text-muted">
          {rows.loaded ? historyText.count(rows.total) : ""}
        </span>
        <span className="flex-1" />
        <Button
          size="bar"
          icon={<Trash2 aria-hidden className="size-3.5" />}
          disabled={!filtered && rows.total === 0}
          onClick={() => setClearing(true)}
        >
          {historyText.clear}
        </Button>
      </div>
      {rows.error !== undefined ? (
        <ErrorState error={rows.error} action={{ label: commonText.retry, onSelect: rows.reload }} />
      ) : !rows.loaded ? (
        <LoadingRows label={historyText.loading} rows={12} />
      ) : rows.total === 0 ? (
        <NoRuns filtered={filtered} />
      ) : (
        <HistoryTable
          list={list}
          rows={rows}
          filter={shown}
          focused={focused}
          onFocus={goTo}
          onChanges={setChanges}
        />
      )}
      <Clear open={clearing} onClose={closeClear} />
      <Changes run={changes} onClose={closeChanges} />
    </section>
  );
}

function withAhead(indexes: readonly number[], count: number): readonly number[] {
  return indexes
    .flatMap((index) => [index, index - aheadRows, index + aheadRows])
    .filter((index) => index >= 0 && index < count);
}

function NoRuns({ filtered }: { readonly filtered: boolean }) {
  if (filtered)
    return (
      <EmptyState title={historyText.noMatch}>
        <Button size="small" onClick={() => useHistoryFilter.setState(everything)}>
          {historyText.resetFilter}
        </Button>
      </EmptyState>
    );
  const { title, text, go } = historyText.empty;
  return (
    <EmptyState icon={<HistoryIcon aria-hidden className="size-6" />} title={title} text={text}>
      <Button variant="primary" onClick={() => showScreen("transfer")}>
        {go}
      </Button>
    </EmptyState>
  );
}
