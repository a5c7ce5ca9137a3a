// The store's door: what endpoints, runs and settings are kept, and what may be done to them.

import type { CapabilityReport, EndpointHealth, EndpointSettings } from "../../shared/endpoint.ts";
import type { CheckedJobInput, SavedJob } from "../../shared/job.ts";
import type {
  ImageAction,
  ImageState,
  JobSpec,
  Run,
  RunBlob,
  RunImage,
  RunOptions,
  RunState,
} from "../../shared/run.ts";
import type { Journal } from "../engine/ports.ts";
import type { ParkedRow } from "./parked.ts";

export interface StoredEndpoint {
  readonly id: string;
  readonly name: string;
  readonly settings: EndpointSettings;
  readonly sample: boolean;
  readonly temporary: boolean;
  /** Name of the credential that was entered last; its password is never stored. */
  readonly username: string | null;
  readonly health: EndpointHealth;
  /** What its probe found; null where none was made. */
  readonly capabilities: CapabilityReport | null;
}

export interface EndpointRecords {
  /** In order of insertion. */
  list(): readonly StoredEndpoint[];
  /** @throws `not-found`; `store` where its row is parked. */
  get(id: string): StoredEndpoint;
  insert(endpoint: StoredEndpoint): void;
  /** @throws `not-found`. */
  update(endpoint: StoredEndpoint): void;
  /** Also forgets which blobs it holds. @throws `not-found`; `busy` where a run that is not finished uses it. */
  remove(id: string): void;
  /** Somebody signed in or out there, in a way that other processes have a part in. Returns how often that was by now. */
  countSignIn(id: string): number;
  /** How often that was, by endpoint. */
  signIns(): ReadonlyMap<string, number>;
  /** Those that no host has heard of until now; from here on one has. */
  hearSignIns(): readonly string[];
}

/** A run that this process works on, as far as others may have changed it. */
export interface HeldRun {
  readonly id: string;
  readonly wish: RunWish | null;
  /** Undefined where they cannot be read. */
  readonly options: RunOptions | undefined;
}
export type RunWish = "pause" | "cancel";

export interface NewRun {
  readonly spec: JobSpec;
  readonly source: Run["source"];
  readonly destination: Run["destination"];
  /** The saved job that it is a run of. */
  readonly jobId?: string | undefined;
}

interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Conditions that are left out do not count. */
export interface RunQuery extends Page {
  readonly states?: readonly RunState[] | undefined;
  readonly jobId?: string | undefined;
  readonly endpointId?: string | undefined;
  /** Created in that time; milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface RunSearch extends RunQuery {
  /** Part of the name of a repository, tag or registry, in any case. */
  readonly text: string;
}

export interface ImageQuery extends Page {
  readonly states?: readonly ImageState[] | undefined;
  readonly actions?: readonly ImageAction[] | undefined;
  /** Part of a repository's or tag's name, in any case. */
  readonly text?: string | undefined;
}

/** Runs that are over. */
export interface EndedRuns {
  /** Ended before then; milliseconds since 1970. */
  readonly before?: number | undefined;
  readonly states?: readonly RunState[] | undefined;
}

export interface RunRecords {
  /**
   * A run in state planning, leased by this owner.
   * @throws `busy` where another run of that saved job is being planned, waits, runs or is paused; `not-found` without such a job.
   */
  insert(input: NewRun): Run;
  /** @throws `not-found`; `store` where its row is parked. */
  get(id: string): Run;
  /** Newest first. */
  list(query: RunQuery): { readonly runs: readonly Run[]; readonly total: number };
  /** As `list`, of those in which the text is found; it yields after every few milliseconds of work. */
  search(query: RunSearch): Generator<undefined, { readonly runs: readonly Run[]; readonly total: number }>;
  /** Those that are not over, oldest first. */
  open(): readonly Run[];
  /** Of all runs, in no order. */
  ids(): readonly string[];
  /** In plan order. */
  images(runId: string, query: ImageQuery): { readonly images: readonly RunImage[]; readonly total: number };
  image(runId: string, imageId: number): RunImage;
  /** In the order of the manifests. */
  blobs(runId: string, imageId: number): readonly RunBlob[];
  /**
   * planned → queued, behind all others; the images named are left out.
   * @throws `not-found` for an image of another run; `usage` where the plan has a guard; `busy` as `insert`.
   */
  start(runId: string, unselectedImageIds: readonly number[], options?: RunOptions): Run;
  /** queued → running under this owner's lease; undefined where another process was first. `startedAt` is set once. */
  claim(runId: string): Run | undefined;
  /**
   * queued → paused, paused → queued, planning/planned/queued/paused → cancelled.
   * @throws `busy` for a running run (its runner ends it through the journal); `illegal-transition`.
   */
  transition(runId: string, to: RunState, reason: Run["stateReason"]): Run;
  /**
   * failed or cancelled → queued; its failed and cancelled images → planned, or of the failed ones only those named.
   * @throws `illegal-transition`, also where an image that is named did not fail; `busy` as `insert`.
   */
  retryFailed(runId: string, imageIds?: readonly number[]): Run;
  /** Finished or planned ones only. @throws `busy`. */
  remove(runId: string): void;
  /** Removes older runs of a saved job that ended well and had nothing to do, but for the newest; returns which are gone. */
  forgetIdle(jobId: string): readonly string[];
  /** Removes runs that are over, at most `limit` in one transaction; returns which are gone. */
  removeEnded(which: EndedRuns, limit: number): readonly string[];
  /** Those that are to run first come first. */
  queued(): readonly Run[];
  /**
   * Puts a queued run before another queued one, or (null) last; it takes over that one's priority, or that of the last.
   * Returns what changed: that run first, and others that had to make room.
   * @throws `illegal-transition` where one of the two does not wait.
   */
  move(runId: string, before: string | null): readonly Run[];
  /** Changes a run that is not over. @throws `illegal-transition`. */
  adjust(
    runId: string,
    change: {
      readonly parallelImages?: number | undefined;
      readonly bandwidth?: number | null | undefined;
      readonly priority?: number | undefined;
    },
  ): Run;
  /** Asks whoever runs it to stop it; false where it does not run. Every change of state forgets the wish. */
  wish(runId: string, wish: RunWish): boolean;
  /** No longer renews the lease: when it has run out, `recover` takes up what became of the run. Writes nothing. */
  letGo(runId: string): void;
  /** What this owner plans and runs. */
  held(): readonly HeldRun[];
  /**
   * Expired leases: running → queued (or what was wished for: paused, cancelled), planning → failed. Returns what changed.
   * Also frees what dead processes claimed.
   */
  recover(): readonly Run[];
}

/** Names are unique; a row that cannot be read is parked. */
export interface JobRecords {
  /** By name. */
  list(): readonly SavedJob[];
  /** @throws `not-found`; `store` where its row is parked. */
  get(id: string): SavedJob;
  /** Adds the job, or replaces the one with that id. @throws `usage` where the name is taken; `not-found`. */
  save(job: CheckedJobInput, nextRunAt: number | null): SavedJob;
  /** Its runs stay in the history. @throws `not-found`. */
  remove(id: string): void;
  /** @throws `not-found`. */
  setEnabled(id: string, enabled: boolean, nextRunAt: number | null): SavedJob;
  /** Enabled jobs whose time has come, the longest due first. */
  due(): readonly SavedJob[];
  /**
   * Takes a due time: the job's next time is set, and the run inserted where one is given, in one transaction.
   * "taken" where another process was faster or the job was changed meanwhile.
   * @throws `busy` where a run of the job is not over, and what `ends` throws: the time is not taken then.
   */
  fire(job: SavedJob, nextRunAt: number | null, what: FiredRun | SkippedTime): FireResult;
  /** Says of a job what came of its last time, where that was no run; null = nothing to say. */
  setNote(id: string, note: string | null): void;
}
export interface FiredRun {
  readonly kind: "run";
  readonly ends: (spec: JobSpec) => Pick<Run, "source" | "destination">;
}
/** Nothing is run at this time, for that reason. */
export interface SkippedTime {
  readonly kind: "skip";
  readonly note: string;
}
export type FireResult =
  | { readonly kind: "taken" }
  | { readonly kind: "skipped"; readonly note: string }
  | { readonly kind: "run"; readonly run: Run };

export interface BlobLocation {
  readonly digest: string;
  readonly endpointId: string;
  readonly repository: string;
}

export interface SealedSecrets {
  keys(): readonly string[];
  get(key: string): Uint8Array | undefined;
  /** Adds or replaces all of them, or none. */
  setAll(sealed: ReadonlyMap<string, Uint8Array>): void;
  remove(key: string): void;
}

export interface Store {
  readonly endpoints: EndpointRecords;
  readonly runs: RunRecords;
  readonly jobs: JobRecords;
  readonly journal: Journal;
  /** Where blobs were seen, at endpoints that are still there: at most eight repositories each. */
  blobLocations(digests: readonly string[]): readonly BlobLocation[];
  /** Secrets as the system's keychain sealed them: ciphertext only. */
  readonly sealedSecrets: SealedSecrets;
  /** Repositories that people named at registries that do not list. */
  readonly namedRepositories: {
    list(endpointId: string): readonly string[];
    add(endpointId: string, names: readonly string[]): void;
    remove(endpointId: string, names: readonly string[]): void;
  };
  readonly settings: {
    all(): Readonly<Record<string, unknown>>;
    set(key: string, value: unknown): void;
  };
  /** Extends this owner's leases; returns ids of runs whose lease was lost since the last call. */
  heartbeat(): readonly string[];
  /** Milliseconds that a lease lasts without a heartbeat. */
  readonly leaseMs: number;
  /** Reads all endpoints, runs, jobs and settings, and tells those that cannot be read; they stay in the database. */
  parked(): readonly ParkedRow[];
  /** Where a database that could not be read was moved when this one was opened. */
  readonly quarantined: string | null;
  /** Copies the database into a file while it is worked with. @throws `store`. */
  backup(file: string): Promise<void>;
  /** One transaction around several changes: all of them, or none where it throws. Waits for nothing. */
  together<T>(operation: string, work: () => T): T;
  sqliteVersion(): string;
  /** "ok", or what SQLite found. */
  integrity(): string;
  close(): void;
}
