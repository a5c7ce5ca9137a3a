// The Jobs screen: saved jobs with their schedules.
import { CalendarClock, Download, Plus, Trash2, Upload } from "lucide-react";
import { useEffect, useState } from "react";
import type { SavedJob } from "../../../shared/job.ts";
import { useCommands } from "../../commands/registry.ts";
import { Button } from "../../components/button.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../components/states.tsx";
import { useConnection } from "../../state/connection.ts";
import { inJobOrder, useJobOrder } from "../../state/job-order.ts";
import { exportJobs, loadJobs, removeJobs, useJobs } from "../../state/jobs.ts";
import { showScreen } from "../../state/navigation.ts";
import { useRemovals } from "../../state/removals.ts";
import { loadRuns, useRuns } from "../../state/runs.ts";
import { commonText } from "../../text/common.ts";
import { jobsText } from "../../text/jobs.ts";
import { ruleText } from "../../text/rules.ts";
import { ImportDialog } from "./import-dialog.tsx";
import { type AskAbout, JobDialogs } from "./job-dialogs.tsx";
import { JobTable } from "./job-table.tsx";

export function JobsScreen() {
  const open = useConnection().kind === "open";
  const runsLoaded = useRuns((state) => state.loaded);
  useEffect(() => {
    if (open) void loadJobs();
    if (open && !runsLoaded) void loadRuns();
  }, [open, runsLoaded]);
  const { jobs: known, loaded, error } = useJobs();
  const removed = useRemovals((state) => state.ids);
  const jobs = known.filter(({ id }) => !removed.has(id));
  const [typed, setTyped] = useState("");
  const order = useJobOrder();
  const shown = inJobOrder(filterJobs(jobs, typed), order);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const chosen = jobs.filter(({ id }) => selected.has(id));
  const [importing, setImporting] = useState(false);
  const [asking, setAsking] = useState<AskAbout>();
  useCommands(
    () => ({
      "jobs.import": { run: () => setImporting(true) },
      "jobs.export": {
        isEnabled: () => jobs.length > 0,
        run: () => void exportJobs(chosen.length > 0 ? chosen : jobs),
      },
    }),
    [jobs, chosen],
  );

  return (
    <section aria-label={jobsText.title} className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
        <h2 className="text-base font-semibold">{jobsText.title}</h2>
        <SearchField
          label={jobsText.search}
          placeholder={jobsText.search}
          value={typed}
          onValueChange={setTyped}
          className="ml-2 w-64"
        />
        <span role="status" className="text-xs text-muted">
          {loaded ? jobsText.count(shown.length) : ""}
        </span>
        <span className="flex-1" />
        {chosen.length > 0 && (
          <>
            <Button
              size="bar"
              icon={<Download aria-hidden className="size-3.5" />}
              onClick={() => void exportJobs(chosen)}
            >
              {jobsText.exportSelected(chosen.length)}
            </Button>
            <Button
              size="bar"
              variant="danger"
              icon={<Trash2 aria-hidden className="size-3.5" />}
              onClick={() => removeJobs(chosen)}
            >
              {jobsText.removeSelected(chosen.length)}
            </Button>
          </>
        )}
        <Button
          size="bar"
          icon={<Upload aria-hidden className="size-3.5" />}
          onClick={() => setImporting(true)}
        >
          {jobsText.import}
        </Button>
        <Button
          size="bar"
          variant="primary"
          icon={<Plus aria-hidden className="size-3.5" />}
          title={jobsText.newHint}
          onClick={() => showScreen("transfer")}
        >
          {jobsText.newJob}
        </Button>
      </div>
      {error !== undefined && jobs.length === 0 ? (
        <ErrorState error={error} action={{ label: commonText.retry, onSelect: () => void loadJobs() }} />
      ) : !loaded ? (
        <LoadingRows label={jobsText.loading} />
      ) : jobs.length === 0 ? (
        <NoJobs onImport={() => setImporting(true)} />
      ) : shown.length === 0 ? (
        <EmptyState title={jobsText.noMatch} />
      ) : (
        <JobTable jobs={shown} selected={selected} onSelected={setSelected} onAsk={setAsking} />
      )}
      <ImportDialog open={importing} onClose={() => setImporting(false)} />
      <JobDialogs asking={asking} onClose={() => setAsking(undefined)} />
    </section>
  );
}

export function filterJobs(jobs: readonly SavedJob[], typed: string): readonly SavedJob[] {
  const needle = typed.trim().toLowerCase();
  if (needle === "") return jobs;
  return jobs.filter((job) => `${job.name} ${ruleText(job.spec)}`.toLowerCase().includes(needle));
}

function NoJobs({ onImport }: { readonly onImport: () => void }) {
  const { title, steps, go } = jobsText.empty;
  return (
    <EmptyState
      icon={<CalendarClock aria-hidden className="size-6" />}
      title={title}
      text={
        <ol className="mt-2 flex list-decimal flex-col gap-1 pl-5 text-left">
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      }
    >
      <Button variant="primary" onClick={() => showScreen("transfer")}>
        {go}
      </Button>
      <Button onClick={onImport}>{jobsText.import}</Button>
    </EmptyState>
  );
}
