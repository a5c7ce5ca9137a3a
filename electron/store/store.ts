// The store's door: what endpoints, runs and settings are kept, and what may be done to them.

import type { EndpointHealth, EndpointSettings } from "../../shared/endpoint.ts";
import type { ImageState, JobSpec, Run, RunBlob, RunImage, RunOptions, RunState } from "../../shared/run.ts";
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
}

export interface RunRecords {
  /** A run in state planning, leased by this owner, with its job. */
  insert(input: {
    readonly spec: JobSpec;
    readonly source: Run["source"];
    readonly destination: Run["destination"];
  }): Run;
  /** @throws `not-found`; `store` where its row is parked. */
  get(id: string): Run;
  /** Newest first. */
  list(query: {
    readonly states?: readonly RunState[] | undefined;
    readonly offset: number;
    readonly limit: number;
  }): { readonly runs: readonly Run[]; readonly total: number };
  /** In plan order. */
  images(
    runId: string,
    query: {
      readonly states?: readonly ImageState[] | undefined;
      readonly offset: number;
      readonly limit: number;
    },
  ): { readonly images: readonly RunImage[]; readonly total: number };
  image(runId: string, imageId: number): RunImage;
  /** In the order of the manifests. */
  blobs(runId: string, imageId: number): readonly RunBlob[];
  /** planned → queued; the images named are left out. @throws `not-found` for an image of another run. */
  start(runId: string, unselectedImageIds: readonly number[], options?: RunOptions): Run;
  /** queued → running under this owner's lease; undefined where another process was first. `startedAt` is set once. */
  claim(runId: string): Run | undefined;
  /**
   * queued → paused, paused → queued, planning/planned/queued/paused → cancelled.
   * @throws `busy` for a running run (its runner ends it through the journal); `illegal-transition`.
   */
  transition(runId: string, to: RunState, reason: Run["stateReason"]): Run;
  /** failed or cancelled → queued; its failed and cancelled images → planned. @throws `illegal-transition`. */
  retryFailed(runId: string): Run;
  /** Finished or planned ones only. @throws `busy`. */
  remove(runId: string): void;
  /** Oldest first. */
  queued(): readonly Run[];
  /** Expired leases: running → queued, planning → failed. Returns what changed. */
  recover(): readonly Run[];
}

export interface Store {
  readonly endpoints: EndpointRecords;
  readonly runs: RunRecords;
  readonly journal: Journal;
  readonly settings: {
    all(): Readonly<Record<string, unknown>>;
    set(key: string, value: unknown): void;
  };
  /** Extends this owner's leases; returns ids of runs whose lease was lost since the last call. */
  heartbeat(): readonly string[];
  /** Milliseconds that a lease lasts without a heartbeat. */
  readonly leaseMs: number;
  /** Reads all endpoints, runs and settings, and tells those that cannot be read; they stay in the database. */
  parked(): readonly ParkedRow[];
  /** Where a database that could not be read was moved when this one was opened. */
  readonly quarantined: string | null;
  /** "ok", or what SQLite found. */
  integrity(): string;
  close(): void;
}
