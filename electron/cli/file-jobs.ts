// The jobs of a sync file: which are meant, their ends opened, and how they become saved jobs.
import type { Endpoint } from "../../shared/endpoint.ts";
import type { JobSpec } from "../../shared/run.ts";
import type { SyncFile } from "../app/sync-file.ts";
import type { JobEntry } from "../app/sync-file-schema.ts";
import { jobSpecOf, savedJobOf } from "../app/sync-job.ts";
import { openEndpoint, type SavedEndpoints, savedEndpoints } from "./endpoints.ts";
import type { Session } from "./session.ts";
import { noConnectionOptions, type SideOptions } from "./sides.ts";
import { parseTarget } from "./target.ts";
import { usageError } from "./usage-error.ts";

/** A file says of each registry how it is reached; a command line adds nothing. */
const noOptions: SideOptions = {
  username: undefined,
  passwordStdin: false,
  ...noConnectionOptions,
};

/** @throws FreightlinerError `usage` that names the jobs there are. */
export function chooseJobs(file: SyncFile, names: readonly string[]): readonly JobEntry[] {
  const known = file.jobs.map((job) => job.name);
  if (known.length === 0) throw usageError(`${file.path} has no jobs.`);
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined)
    throw usageError(`There is no job "${missing}"; expected one of ${known.join(", ")}.`);
  return names.length === 0
    ? file.jobs.filter((job) => job.enabled)
    : file.jobs.filter((job) => names.includes(job.name));
}

/** The job with its ends opened for this command. */
export async function openJob(
  session: Session,
  file: SyncFile,
  job: JobEntry,
  saved: SavedEndpoints,
): Promise<JobSpec> {
  const source = await openEnd(session, saved, job.from);
  const destination = await openEnd(session, saved, job.to);
  return jobSpecOf(job, { sourceId: source.id, destinationId: destination.id }, file.defaults);
}

function openEnd(session: Session, saved: SavedEndpoints, text: string): Promise<Endpoint> {
  const target = parseTarget(text, saved.names);
  return openEndpoint(session, { target, side: "only", options: noOptions, passwords: new Map(), saved });
}

/**
 * Saves the file's registries under their names and its jobs under theirs; what is there already under a name is
 * replaced. Returns the names of the jobs.
 */
export async function saveFileJobs(session: Session): Promise<string[]> {
  const { client, file, stop } = session;
  if (file === undefined) return [];
  await saveRegistries(session, file);
  const known = await savedEndpoints(session);
  // By now they are saved under their names: the jobs refer to those, not to ones for this command alone.
  const saved: SavedEndpoints = {
    ...known,
    inFile: (name) => (known.inFile(name)?.credential === "saved" ? known.inFile(name) : undefined),
  };
  const jobs = new Map((await client.call("jobs.list", {}, stop)).jobs.map((job) => [job.name, job.id]));
  for (const job of file.jobs) {
    const spec = await openJob(session, file, job, saved);
    await client.call("jobs.save", savedJobOf(job, spec, jobs.get(job.name)), stop);
  }
  return file.jobs.map((job) => job.name);
}

async function saveRegistries({ client, stop }: Session, file: SyncFile): Promise<void> {
  const { endpoints } = await client.call("endpoints.list", {}, stop);
  const known = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint.id]));
  for (const { name, settings, credential } of file.registries.values()) {
    if (credential === "saved") continue;
    const id = known.get(name);
    if (id === undefined) await client.call("endpoints.add", { name, settings }, stop);
    else await client.call("endpoints.update", { id, settings }, stop);
  }
}
