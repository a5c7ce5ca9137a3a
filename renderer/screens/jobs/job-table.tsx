// The table of saved jobs: a virtual grid with a roving focus, a tick per row, one menu for all rows.
// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid of rows at their own places cannot be a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on rows; cells and heads are read with them
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useRef, useState } from "react";
import type { SavedJob } from "../../../shared/job.ts";
import { ContextMenu } from "../../components/context-menu.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { isTyped, TypeAhead } from "../../components/type-ahead.ts";
import { moveByKey, useVirtualRows } from "../../components/virtual-rows.ts";
import { type JobSort, sortJobsBy, useJobOrder } from "../../state/job-order.ts";
import { jobsText } from "../../text/jobs.ts";
import { jobMenu } from "./job-actions.tsx";
import type { AskAbout } from "./job-dialogs.tsx";
import { JobRow, jobColumns } from "./job-row.tsx";

/** Pixels; `h-6.5` below is the same. */
const headHeight = 26;

export function JobTable(props: {
  readonly jobs: readonly SavedJob[];
  readonly selected: ReadonlySet<string>;
  readonly onSelected: (selected: ReadonlySet<string>) => void;
  readonly onAsk: (about: AskAbout) => void;
}) {
  const { jobs, selected, onSelected, onAsk } = props;
  const [focused, setFocused] = useState<Focused>({ id: undefined, index: 0 });
  const [menuJob, setMenuJob] = useState<SavedJob>();
  const typeAhead = useRef(new TypeAhead());
  const focus = placeOf(focused, jobs);
  if (focus !== focused.index) setFocused({ ...focused, index: focus });
  const list = useVirtualRows({ count: jobs.length, focus, stickyTop: headHeight });
  const job = jobs[focus];
  const toggle = ({ id }: SavedJob): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelected(next);
  };
  const goTo = (index: number): void => setFocused({ id: jobs[index]?.id, index });
  const all = jobs.every(({ id }) => selected.has(id));
  const selectAll = (on: boolean): void => onSelected(new Set(on ? jobs.map(({ id }) => id) : []));

  const typed = (event: KeyboardEvent, from: number): number | undefined => {
    if (!isTyped(event)) return undefined;
    const label = (index: number): string | undefined => jobs[index]?.name;
    return typeAhead.current.next(event.key, { now: event.timeStamp, from, count: jobs.length, label });
  };
  const keyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // Keys of a row's own buttons are theirs.
    if (
      event.target instanceof Element &&
      event.target.closest("button,[role=switch],[role=checkbox]") !== null
    )
      return;
    const to = moveByKey(event.key, focus, jobs.length, list.pageRows) ?? typed(event, focus);
    if (to !== undefined) {
      list.wantFocus();
      goTo(to);
    } else if (event.key === " " && job !== undefined) toggle(job);
    else if (event.key === "Enter" && job !== undefined) onAsk({ kind: "edit", job });
    else if (event.key === "F2" && job !== undefined) onAsk({ kind: "rename", job });
    else if (event.key === "Delete" && job !== undefined) onAsk({ kind: "remove", job });
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) selectAll(true);
    else return;
    event.preventDefault();
  };
  const menu = (event: MouseEvent<HTMLElement>): void => {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    const index = row?.getAttribute("data-index");
    const meant = index === null || index === undefined ? focus : Number(index);
    goTo(meant);
    setMenuJob(jobs[meant]);
  };
  return (
    <ContextMenu
      disabled={job === undefined}
      groups={menuJob === undefined ? [] : jobMenu(menuJob, onAsk)}
      region={
        <div
          role="grid"
          aria-label={jobsText.list}
          aria-multiselectable
          aria-rowcount={jobs.length + 1}
          ref={list.scroller}
          onKeyDown={keyDown}
          onContextMenu={menu}
          className="min-h-0 flex-1 overflow-auto"
        >
          <div
            role="row"
            aria-rowindex={1}
            className={`${jobColumns} sticky top-0 z-1 h-6.5 border-b border-line bg-sunken text-2xs text-muted`}
          >
            <span role="columnheader">
              <Checkbox
                label={jobsText.selectAll}
                labelHidden
                checked={all}
                indeterminate={!all && jobs.some(({ id }) => selected.has(id))}
                onCheckedChange={selectAll}
              />
            </span>
            {(["name", "what", "ends", "schedule", "next", "last", "enabled"] as const).map((column) =>
              isSort(column) ? (
                <SortHead key={column} by={column} />
              ) : (
                <span key={column} role="columnheader" className="truncate">
                  {jobsText.columns[column]}
                </span>
              ),
            )}
            <span role="columnheader">
              <span className="hidden-text">{jobsText.columns.actions}</span>
            </span>
          </div>
          <div role="presentation" className="relative" style={{ height: list.height }}>
            {list.items.map((item) => {
              const row = jobs[item.index];
              return row === undefined ? null : (
                <JobRow
                  key={row.id}
                  job={row}
                  index={item.index}
                  top={list.top(item)}
                  focused={item.index === focus}
                  selected={selected.has(row.id)}
                  onFocus={() => goTo(item.index)}
                  onToggle={() => toggle(row)}
                  onAsk={onAsk}
                />
              );
            })}
          </div>
        </div>
      }
    />
  );
}

/** The job that has the focus: by its id, since its place changes whenever a job ends. */
interface Focused {
  /** Undefined until somebody went to one. */
  readonly id: string | undefined;
  readonly index: number;
}

/** Where the job is gone, the one that took its place. */
function placeOf({ id, index }: Focused, jobs: readonly SavedJob[]): number {
  const known = jobs.findIndex((job) => job.id === id);
  return known < 0 ? Math.min(index, jobs.length - 1) : known;
}

function isSort(column: string): column is JobSort {
  return column === "name" || column === "next" || column === "last";
}

function SortHead({ by }: { readonly by: JobSort }) {
  const order = useJobOrder();
  const sorted = order.by === by;
  const Arrow = order.descending ? ArrowDown : ArrowUp;
  return (
    <span
      role="columnheader"
      {...(sorted
        ? { "aria-sort": order.descending ? ("descending" as const) : ("ascending" as const) }
        : {})}
    >
      <button
        type="button"
        onClick={() => sortJobsBy(by)}
        className={`flex max-w-full items-center gap-1 rounded-sm hover:text-text ${sorted ? "text-text" : ""}`}
      >
        <span className="truncate">{jobsText.columns[by]}</span>
        {sorted && <Arrow aria-hidden className="size-3 shrink-0" />}
      </button>
    </span>
  );
}
