// One saved job as a row: what, from where to where, when, how it went last, and its switch.
// biome-ignore-all lint/a11y/useSemanticElements: a row of a virtual grid
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus is on the row

import { Ellipsis, Play, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { SavedJob } from "../../../shared/job.ts";
import { StatusIcon } from "../../components/badge.tsx";
import { IconButton } from "../../components/button.tsx";
import { meansRow } from "../../components/means-row.ts";
import { Menu } from "../../components/menu.tsx";
import { Switch } from "../../components/switch.tsx";
import { Checkbox } from "../../components/toggle.tsx";
import { When } from "../../components/when.tsx";
import { useEndpoint } from "../../state/endpoints.ts";
import { runJob, setJobEnabled } from "../../state/jobs.ts";
import { openDrawer } from "../../state/navigation.ts";
import { useRuns } from "../../state/runs.ts";
import { runStateWord } from "../../text/history.ts";
import { jobsText } from "../../text/jobs.ts";
import { ruleText } from "../../text/rules.ts";
import { scheduleSentence } from "../../text/schedule.ts";
import { runKind } from "../history/run-kind.ts";
import { jobMenu } from "./job-actions.tsx";
import type { AskAbout } from "./job-dialogs.tsx";
import { dragJobOut, prepareDrag } from "./job-drag.ts";

export const jobColumns =
  "grid min-w-220 grid-cols-[1rem_minmax(8rem,1fr)_minmax(9rem,1.6fr)_minmax(9rem,1.2fr)_minmax(7rem,1fr)_5.5rem_7.5rem_2rem_3.5rem] items-center gap-x-3 px-3";

export function JobRow(props: {
  readonly job: SavedJob;
  readonly index: number;
  readonly top: number;
  readonly focused: boolean;
  readonly selected: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onAsk: (about: AskAbout) => void;
}) {
  const { job, focused } = props;
  const source = useEndpoint(job.spec.sourceId)?.name ?? "?";
  const destination = useEndpoint(job.spec.destinationId)?.name ?? "?";
  const what = ruleText(job.spec);
  const tabIndex = focused ? 0 : -1;
  return (
    <div
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      data-index={props.index}
      tabIndex={tabIndex}
      draggable
      onFocus={props.onFocus}
      onPointerEnter={() => prepareDrag(job)}
      onDragStart={(event) => dragJobOut(event, job)}
      onDoubleClick={(event) => {
        if (meansRow(event)) props.onAsk({ kind: "edit", job });
      }}
      className={`${jobColumns} absolute inset-x-0 h-(--row) text-xs -outline-offset-2 hover:bg-hover aria-selected:bg-accent-soft`}
      style={{ top: props.top }}
    >
      <span role="gridcell">
        <Checkbox
          label={jobsText.selectJob(job.name)}
          labelHidden
          checked={props.selected}
          onCheckedChange={props.onToggle}
        />
      </span>
      <span
        role="gridcell"
        className="truncate text-sm font-medium"
        title={`${job.name}\n${jobsText.dragHint}`}
      >
        {job.name}
      </span>
      <Cell text={what} />
      <Cell text={`${source} → ${destination}`} />
      <Cell text={job.schedule === null ? jobsText.byHand : scheduleSentence(job.schedule)} />
      <span role="gridcell" className="truncate">
        {job.nextRunAt === null ? (
          <span className="text-muted">{job.schedule === null ? jobsText.never : jobsText.disabledNext}</span>
        ) : (
          <When at={job.nextRunAt} />
        )}
      </span>
      <span role="gridcell" className="min-w-0">
        <LastRun job={job} tabIndex={tabIndex} />
      </span>
      <span role="gridcell">
        <Switch
          label={jobsText.enable(job.name)}
          labelHidden
          disabled={job.schedule === null}
          checked={job.enabled && job.schedule !== null}
          onCheckedChange={(enabled) => void setJobEnabled(job, enabled)}
        />
      </span>
      <span role="gridcell" className="flex justify-end">
        <IconButton
          label={jobsText.runNow}
          icon={<Play aria-hidden className="size-3.5" />}
          tabIndex={tabIndex}
          onClick={() => void runJob(job)}
        />
        <Menu
          trigger={
            <IconButton
              label={jobsText.more(job.name)}
              icon={<Ellipsis aria-hidden className="size-3.5" />}
              tabIndex={tabIndex}
            />
          }
          groups={jobMenu(job, props.onAsk)}
        />
      </span>
    </div>
  );
}

function Cell({ text }: { readonly text: string }): ReactNode {
  return (
    <span role="gridcell" className="truncate" title={text}>
      {text}
    </span>
  );
}

/** Its state with an icon, and when; a note says why a time brought no run. */
function LastRun({ job, tabIndex }: { readonly job: SavedJob; readonly tabIndex: 0 | -1 }) {
  const run = useRuns((state) => state.runs.find(({ id }) => id === job.lastRunId));
  if (job.note !== null)
    return (
      <span className="flex items-center gap-1.5 text-warn" title={job.note}>
        <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate">{job.note}</span>
      </span>
    );
  if (job.lastRunAt === null) return <span className="text-muted">{jobsText.neverRan}</span>;
  if (run === undefined) return <When at={job.lastRunAt} />;
  const { word, kind } = { word: runStateWord(run), kind: runKind(run).kind };
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      onClick={() => openDrawer({ kind: "report", runId: run.id })}
      className="flex max-w-full items-center gap-1.5 rounded-sm hover:underline"
      aria-label={word}
    >
      <StatusIcon kind={kind} label={word} />
      <When at={job.lastRunAt} className="truncate" />
    </button>
  );
}
