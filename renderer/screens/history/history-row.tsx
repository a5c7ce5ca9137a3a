// One ended run as a row, or the place of one that is on its way.
// biome-ignore-all lint/a11y/useSemanticElements: a row of a virtual grid
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on the row

import { clsx } from "clsx";
import { Ellipsis, ScrollText } from "lucide-react";
import { type ComponentPropsWithoutRef, type MouseEvent, memo } from "react";
import type { Run } from "../../../shared/run.ts";
import { StatusIcon, type Tone } from "../../components/badge.tsx";
import { meansRow } from "../../components/means-row.ts";
import { When } from "../../components/when.tsx";
import { useBytes } from "../../state/formats.ts";
import { useJobs } from "../../state/jobs.ts";
import { openDrawer } from "../../state/navigation.ts";
import { formatCount } from "../../text/common.ts";
import { historyText, runStateWord, savedBytes, tookText } from "../../text/history.ts";
import { ruleText } from "../../text/rules.ts";
import { runKind } from "./run-kind.ts";

export const historyColumns =
  "grid min-w-240 grid-cols-[6.5rem_minmax(10rem,1.2fr)_minmax(9rem,1.6fr)_6.5rem_5.5rem_9rem_5rem_5rem_3.5rem] items-center gap-x-3 px-3";

const StateIcon = memo(StatusIcon);

const tones: Readonly<Record<Tone, string>> = {
  neutral: "text-muted",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
  info: "text-info",
  accent: "text-accent",
};

export const HistoryRow = memo(function HistoryRow(props: {
  readonly run: Run | undefined;
  readonly index: number;
  readonly top: number;
  readonly focused: boolean;
  readonly selected: boolean;
  /** A moment ago, and it can be undone. */
  readonly removed: boolean;
  readonly onFocus: (index: number, id: string | undefined) => void;
}) {
  const { run, index, focused, removed } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      data-index={index}
      data-run={run?.id}
      tabIndex={focused ? 0 : -1}
      onFocus={() => props.onFocus(index, run?.id)}
      onDoubleClick={(event) => {
        if (run !== undefined && meansRow(event)) openDrawer({ kind: "report", runId: run.id });
      }}
      className={clsx(
        historyColumns,
        "absolute inset-x-0 h-(--row) text-xs -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft",
        removed && "line-through",
      )}
      style={{ top: props.top }}
    >
      {run === undefined ? (
        <span role="gridcell" className="col-span-full">
          <span className="hidden-text">{historyText.loading}</span>
          <span aria-hidden className="skeleton block w-2/3" />
        </span>
      ) : (
        <RunCells run={run} removed={removed} tabIndex={focused ? 0 : -1} />
      )}
    </div>
  );
});

function RunCells({
  run,
  removed,
  tabIndex,
}: {
  readonly run: Run;
  readonly removed: boolean;
  readonly tabIndex: 0 | -1;
}) {
  const bytes = useBytes();
  const job = useJobs((state) => state.jobs.find(({ id }) => id === run.jobId));
  const { kind, tone } = runKind(run);
  const rule = ruleText(run.spec);
  const what = job === undefined ? rule : `${historyText.jobRun(job.name)}: ${rule}`;
  return (
    <>
      <span role="gridcell" className={`flex min-w-0 items-center gap-1.5 ${tones[tone]}`}>
        <StateIcon kind={kind} />
        <span className="truncate">{removed ? historyText.beingRemoved : runStateWord(run)}</span>
      </span>
      <span
        role="gridcell"
        className="truncate text-sm"
        title={`${run.source.name} (${run.source.address}) → ${run.destination.name} (${run.destination.address})`}
      >
        {run.source.name} → {run.destination.name}
      </span>
      <span role="gridcell" className="truncate text-muted" title={what}>
        {what}
      </span>
      <span role="gridcell" className="truncate">
        <When at={run.finishedAt ?? run.createdAt} />
      </span>
      <span role="gridcell" className="text-right">
        {tookText(run)}
      </span>
      <span role="gridcell" className="truncate text-right" title={historyText.imagesTitle(run.tallies)}>
        <Counts run={run} />
      </span>
      <span role="gridcell" className="text-right">
        {bytes(run.tallies.bytesTransferred)}
      </span>
      <span role="gridcell" className="text-right text-muted">
        {bytes(savedBytes(run))}
      </span>
      <RowButtons tabIndex={tabIndex} />
    </>
  );
}

/** The same for every row, so that a row that is filled anew draws neither buttons nor icons again. */
const RowButtons = memo(function RowButtons({ tabIndex }: { readonly tabIndex: 0 | -1 }) {
  return (
    <span role="gridcell" className="flex justify-end">
      <RowButton label={historyText.openReport} tabIndex={tabIndex} onClick={openReport}>
        <ScrollText aria-hidden className="size-3.5" />
      </RowButton>
      <RowButton label={historyText.more} tabIndex={tabIndex} aria-haspopup="menu" onClick={openTableMenu}>
        <Ellipsis aria-hidden className="size-3.5" />
      </RowButton>
    </span>
  );
});

function openReport({ currentTarget }: MouseEvent<HTMLElement>): void {
  const runId = currentTarget.closest<HTMLElement>("[data-run]")?.dataset.run;
  if (runId !== undefined) openDrawer({ kind: "report", runId });
}

/** The one menu of the table, at the button: a menu and tooltips of its own made a row five times as dear. */
function openTableMenu({ currentTarget }: MouseEvent<HTMLElement>): void {
  const { left, bottom } = currentTarget.getBoundingClientRect();
  currentTarget.dispatchEvent(
    new window.MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}

function RowButton({ label, ...rest }: ComponentPropsWithoutRef<"button"> & { readonly label: string }) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className="flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
    />
  );
}

/** `12 copied, 1 failed`: only what is not zero; copied in any case. */
function Counts({ run }: { readonly run: Run }) {
  const { imagesSucceeded, imagesSkipped, imagesFailed, imagesDeleted } = run.tallies;
  const { counts } = historyText;
  const parts = [
    imagesSkipped > 0 ? `${formatCount(imagesSkipped)} ${counts.skipped}` : "",
    imagesDeleted > 0 ? `${formatCount(imagesDeleted)} ${counts.deleted}` : "",
  ].filter((part) => part !== "");
  const copied =
    imagesSucceeded > 0 || parts.length === 0 ? [`${formatCount(imagesSucceeded)} ${counts.copied}`] : [];
  return (
    <>
      {imagesFailed > 0 && (
        <span className="text-bad">
          {formatCount(imagesFailed)} {counts.failed},{" "}
        </span>
      )}
      {[...copied, ...parts].join(", ")}
    </>
  );
}
