// Runs and jobs of lists with all that they copy: lists leave names of long selections out.
import type { SavedJob } from "../../shared/job.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import { call } from "../api/client.ts";
import { showError } from "../components/toast.tsx";
import { rulesText } from "../text/rules.ts";

/** @throws FreightlinerError */
export async function wholeSpec(job: SavedJob): Promise<JobSpec> {
  return job.spec.namesLeft === undefined ? job.spec : (await call("jobs.get", { jobId: job.id })).spec;
}

/** Undefined where it cannot be read, which is told. */
export async function wholeJob(job: SavedJob): Promise<SavedJob | undefined> {
  return told(async () =>
    job.spec.namesLeft === undefined ? job : await call("jobs.get", { jobId: job.id }),
  );
}

/** Undefined where it cannot be read, which is told. */
export async function wholeRun(run: Run): Promise<Run | undefined> {
  return told(async () =>
    run.spec.namesLeft === undefined ? run : await call("runs.get", { runId: run.id }),
  );
}

async function told<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    showError(rulesText.readWhole, thrown);
    return undefined;
  }
}
