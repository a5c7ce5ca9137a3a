// Saved jobs, kept current by the engine's events, and what can be done with them.
import { create } from "zustand";
import { type FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { SavedJob } from "../../shared/job.ts";
import { call } from "../api/client.ts";
import { onGap, onLive } from "../api/live.ts";
import { showError, showToast } from "../components/toast.tsx";
import { jobsText } from "../text/jobs.ts";
import { showScreen } from "./navigation.ts";
import { removeWithUndo } from "./removals.ts";
import { rememberRun } from "./runs.ts";
import { saveFile } from "./save-file.ts";
import { wholeSpec } from "./whole.ts";

interface JobsState {
  readonly jobs: readonly SavedJob[];
  readonly loaded: boolean;
  readonly error: FreightlinerError | undefined;
}

export const useJobs = create<JobsState>(() => ({ jobs: [], loaded: false, error: undefined }));

export async function loadJobs(): Promise<void> {
  try {
    const { jobs } = await call("jobs.list", {});
    useJobs.setState({ jobs, loaded: true, error: undefined });
  } catch (thrown) {
    useJobs.setState({ error: toFreightlinerError(thrown, "jobs.list") });
  }
}

export function rememberJob(job: SavedJob): void {
  useJobs.setState(({ jobs }) => ({
    jobs: jobs.some(({ id }) => id === job.id)
      ? jobs.map((known) => (known.id === job.id ? job : known))
      : [...jobs, job],
  }));
}

function forgetJob(jobId: string): void {
  useJobs.setState(({ jobs }) => ({ jobs: jobs.filter(({ id }) => id !== jobId) }));
}

/** A failure is shown, with the words of what was tried. */
async function attempt(what: string, action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (thrown) {
    showError(what, thrown);
    return false;
  }
}

/** When each job was asked to run last: the second half of a double click asks for nothing more. */
const asked = new Map<string, number>();
const doubleClickMs = 1000;

export async function runJob(job: SavedJob): Promise<boolean> {
  const now = performance.now();
  if (now - (asked.get(job.id) ?? Number.NEGATIVE_INFINITY) < doubleClickMs) return true;
  asked.set(job.id, now);
  return attempt(jobsText.runNow, async () => {
    const run = await call("jobs.run", { jobId: job.id });
    rememberRun(run);
    showToast({
      title: jobsText.started(job.name),
      tone: "ok",
      action: { label: jobsText.showTransfer, onSelect: () => showScreen("transfers", { runId: run.id }) },
    });
  });
}

export function setJobEnabled(job: SavedJob, enabled: boolean): Promise<boolean> {
  return attempt(jobsText.enabled, async () =>
    rememberJob(await call("jobs.setEnabled", { jobId: job.id, enabled })),
  );
}

/** Puts a job in the place of the one with its id. */
export function changeJob(
  job: SavedJob,
  change: Partial<Pick<SavedJob, "name" | "schedule">>,
): Promise<boolean> {
  const { id, name, schedule, enabled } = job;
  return attempt(jobsText.change, async () => {
    const spec = await wholeSpec(job);
    rememberJob(await call("jobs.save", { id, name, spec, schedule, enabled, ...change }));
  });
}

/** A copy is not enabled: two jobs that do the same at the same time are rarely meant. */
export function duplicateJob(job: SavedJob): Promise<boolean> {
  const { schedule } = job;
  const taken = new Set(useJobs.getState().jobs.map(({ name }) => name));
  return attempt(jobsText.duplicate, async () => {
    const spec = await wholeSpec(job);
    rememberJob(await call("jobs.save", { name: copyName(job.name, taken), spec, schedule, enabled: false }));
  });
}

/** `nightly copy`, `nightly copy 2`: one that nobody has yet. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const end = count === 1 ? " copy" : ` copy ${count}`;
    const candidate = name.slice(0, 100 - end.length) + end;
    if (!taken.has(candidate)) return candidate;
  }
}

export function removeJobs(jobs: readonly SavedJob[]): void {
  removeWithUndo({
    ids: jobs.map(({ id }) => id),
    title: jobsText.removed(jobs.map(({ name }) => name)),
    action: jobsText.remove,
    commit: (jobId) => call("jobs.remove", { jobId }),
  });
}

export function exportJobs(jobs: readonly SavedJob[]): Promise<boolean> {
  return attempt(jobsText.export, async () => {
    const { fileName, text } = await call("jobs.syncFile", { jobIds: jobs.map(({ id }) => id) });
    saveFile({ fileName, text, mediaType: "application/yaml" });
  });
}

onLive("job.changed", rememberJob);
onLive("job.removed", ({ jobId }) => forgetJob(jobId));
onGap(() => void loadJobs());
