// What every run of the engine shares: the journal, the clock, the hosts, the flights of blobs, and who hears the news.
import type { FreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { Bandwidth } from "./bandwidth.ts";
import { BlobFlights } from "./blob-flights.ts";
import { BoundedMap } from "./bounded-map.ts";
import { Hosts, type HostsOptions } from "./hosts.ts";
import { ManifestCache } from "./manifest-cache.ts";
import { defaultTransfer, type TransferOptions } from "./part-sizes.ts";
import { PlanSights } from "./plan-sights.ts";
import type { Clock, Journal } from "./ports.ts";
import { UnfinishedUploads } from "./unfinished.ts";

/** Bytes moved so far and bytes expected; both absolute, so that a lost report does no harm. */
export interface ByteCount {
  readonly bytes: number;
  readonly total: number;
}

/**
 * How far something has come. `over` says that the key will not move any more and can be forgotten.
 * Reports are thinned at the source: at most ten a second for each key, and always the last.
 */
export type TransferProgress = ByteCount & { readonly runId: string; readonly over: boolean } & (
    | { readonly kind: "run" }
    | { readonly kind: "image"; readonly imageId: number }
    | {
        readonly kind: "blob";
        readonly imageId: number;
        readonly repository: string;
        readonly digest: string;
      }
  );

/** Hears what happens; it must return at once and never throw. */
export interface EngineListener {
  /** An image's row changed; the row as it stands in the journal. */
  imageChanged(image: RunImage): void;
  progress(progress: TransferProgress): void;
  /** Something failed and is tried again; told for every try, and counted in the run's tallies before. */
  retried?(runId: string, error: FreightlinerError): void;
}

/** One per process: hosts and flights only protect what they both see. */
export interface EngineContext {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Every request goes through here; `configure(host, limits)` belongs to whoever opens the endpoint. */
  readonly hosts: Hosts;
  /** Every body's bytes are counted here and held back where a limit says so. */
  readonly bandwidth: Bandwidth;
  readonly flights: BlobFlights;
  /** What sources served, shared by plans and runs: a GET of a manifest counts as a pull. */
  readonly manifests: ManifestCache;
  /** What plans of this process saw missing a moment ago. */
  readonly sights: PlanSights;
  /** How large blobs are cut into parts. */
  readonly transfer: TransferOptions;
  /** Bytes of a part that hosts turned out to take at most. */
  readonly partLimits: BoundedMap<string, number>;
  /** Uploads in parts that this process left in the middle. */
  readonly unfinished: UnfinishedUploads;
  readonly listener: EngineListener;
}

export interface EngineParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly listener: EngineListener;
  /** Requests at once to a host without a limit of its own. */
  readonly requestsAtOnce?: number;
  /** How patient it is with hosts that fail or have no pulls left. */
  readonly patience?: Pick<HostsOptions, "breaker" | "quota">;
  readonly transfer?: TransferOptions;
}

/** The context of a process, with everything that needs no choice of the caller. */
export function createEngineContext({
  journal,
  clock,
  listener,
  requestsAtOnce,
  patience,
  transfer = defaultTransfer,
}: EngineParts): EngineContext {
  const bandwidth = new Bandwidth({ clock });
  return {
    journal,
    clock,
    listener,
    hosts: new Hosts({
      clock,
      bandwidth,
      ...(requestsAtOnce === undefined ? {} : { defaultLimit: requestsAtOnce }),
      ...patience,
    }),
    bandwidth,
    flights: new BlobFlights(clock),
    manifests: new ManifestCache(clock),
    sights: new PlanSights(clock, journal),
    transfer,
    partLimits: new BoundedMap(1_000),
    unfinished: new UnfinishedUploads(),
  };
}
