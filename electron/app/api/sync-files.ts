// The contract's methods for sync files: runs and saved jobs written as one, and one read into saved jobs.
import { join, resolve } from "node:path";
import type { Api } from "../../../shared/contract.ts";
import { type EndpointSettings, endpointAddress, endpointSettingsSchema } from "../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { type CheckedJobInput, type SavedJob, savedJobInputSchema } from "../../../shared/job.ts";
import { isHost } from "../../../shared/reference.ts";
import type { StoredEndpoint } from "../../store/store.ts";
import type { CallContext } from "../dispatch.ts";
import { newEndpointId } from "../endpoint-id.ts";
import type { Services } from "../services.ts";
import { checkSyncText, type SyncFile } from "../sync-file.ts";
import { writeSyncFile } from "../sync-file-writer.ts";
import { jobSpecOf, savedJobOf } from "../sync-job.ts";

type SyncFileMethods = Pick<Api<CallContext>, "runs.syncFile" | "jobs.syncFile" | "jobs.fromSyncFile">;

export function syncFileMethods(services: Services, home: string): SyncFileMethods {
  const { store } = services;
  const ends = (spec: { readonly sourceId: string; readonly destinationId: string }) => ({
    source: store.endpoints.get(spec.sourceId),
    destination: store.endpoints.get(spec.destinationId),
  });
  return {
    "runs.syncFile": async ({ runId, options }) => {
      const { spec: kept } = store.runs.get(runId);
      const spec = options === undefined ? kept : { ...kept, options };
      const { source, destination } = ends(spec);
      const name = `${source.name} to ${destination.name}`;
      return { fileName: "sync.yaml", text: writeSyncFile([{ name, spec, source, destination }]) };
    },
    "jobs.syncFile": async ({ jobIds }) => {
      const chosen = jobIds.map((id) => store.jobs.get(id));
      const text = writeSyncFile(chosen.map((job) => ({ ...job, ...ends(job.spec) })));
      return { fileName: "sync.yaml", text };
    },
    "jobs.fromSyncFile": async ({ text, save }) => {
      // What is relative in it is relative to the data folder: a text has no place of its own.
      const checked = checkSyncText({ path: join(home, "sync.yaml"), source: text, profile: undefined });
      const problems = checked.problems.map(({ line, column, path, message }) => ({
        ...{ line, column },
        text: path === "" ? message : `${path}: ${message}`,
      }));
      const { file } = checked;
      if (file === undefined) return { jobs: [], problems, saved: [] };
      const summaries = file.jobs.map(({ name, from, to, schedule }) => ({
        ...{ name, summary: `${from} → ${to}`, schedule: schedule?.cron ?? null },
      }));
      return { jobs: summaries, problems, saved: save ? saveAll(services, file, home) : [] };
    },
  };
}

/** All jobs of the file and the registries that they need, or nothing; told of when all of it is kept. */
function saveAll(services: Services, file: SyncFile, home: string): SavedJob[] {
  const { store, pool, hub, jobs } = services;
  const added: StoredEndpoint[] = [];
  const kept = store.together("save-jobs", () =>
    inputsOf(services, { file, home, added }).map((input) => jobs.keep(input)),
  );
  for (const endpoint of added) hub.emit("endpoint.changed", pool.describe(endpoint));
  for (const { id } of kept) jobs.changed(id);
  return kept;
}

interface Wanted {
  readonly file: SyncFile;
  readonly home: string;
  /** Grows by the registries that were not there. */
  readonly added: StoredEndpoint[];
}

/** Jobs that are there under a name are replaced. */
function inputsOf(services: Services, { file, home, added }: Wanted): CheckedJobInput[] {
  const { store } = services;
  const saved = store.endpoints.list();
  const wanted = file.jobs.map((job) => ({
    job,
    from: settingsOf({ file, saved, home }, job.from),
    to: settingsOf({ file, saved, home }, job.to),
  }));
  const known = new Map(store.jobs.list().map((job) => [job.name, job.id]));
  return wanted.map(({ job, from, to }) => {
    const [sourceId, destinationId] = [endpointFor(services, from, added), endpointFor(services, to, added)];
    const spec = jobSpecOf(job, { sourceId, destinationId }, file.defaults);
    return savedJobInputSchema.parse(savedJobOf(job, spec, known.get(job.name)));
  });
}

interface NamedSettings {
  readonly name: string;
  readonly settings: EndpointSettings;
}

interface KnownEnds {
  readonly file: SyncFile;
  readonly saved: readonly StoredEndpoint[];
  /** What is relative is relative to it. */
  readonly home: string;
}

/** A registry of the file, a saved one by its name, or an address. */
function settingsOf({ file, saved, home }: KnownEnds, end: string): NamedSettings {
  const inFile = file.registries.get(end);
  if (inFile !== undefined) return { name: end, settings: inFile.settings };
  const known = saved.find((endpoint) => endpoint.name === end && !endpoint.temporary);
  if (known !== undefined) return known;
  const [, archive] = /^(?:oci|docker)-archive:(.+)$/.exec(end) ?? [];
  if (archive !== undefined)
    return { name: end, settings: { kind: "archive", path: resolve(home, archive) } };
  if (end.startsWith("oci:"))
    return { name: end, settings: { kind: "layout", path: resolve(home, end.slice(4)) } };
  const [, scheme, host = end] = /^(https?):\/\/([^/]+)\/*$/.exec(end) ?? [];
  if (isHost(host)) {
    const plainHttp = scheme === "http" ? "always" : scheme === "https" ? "never" : "auto";
    return { name: host, settings: endpointSettingsSchema.parse({ kind: "registry", host, plainHttp }) };
  }
  throw new FreightlinerError({
    code: "usage",
    operation: "read-sync-file",
    message: `There is no registry "${end}"; a name of the file, a saved registry or an address was expected.`,
  });
}

/** The saved one with that address, or else a new one. */
function endpointFor(
  { store }: Services,
  { name, settings }: NamedSettings,
  added: StoredEndpoint[],
): string {
  const address = endpointAddress(settings);
  const same = store.endpoints
    .list()
    .filter((one) => !one.temporary && endpointAddress(one.settings) === address);
  const known = same.find((one) => one.name === name) ?? same[0];
  if (known !== undefined) return known.id;
  const health = { state: "unknown", checkedAt: null, steps: [] } as const;
  const fresh: StoredEndpoint = {
    ...{ id: newEndpointId(), name, settings, sample: false, temporary: false, username: null },
    health: { ...health, steps: [] },
    capabilities: null,
  };
  store.endpoints.insert(fresh);
  added.push(fresh);
  return fresh.id;
}
