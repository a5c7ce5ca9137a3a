// What every run of the engine shares: the journal, the clock, the hosts' slots, the flights of blobs, and who hears the news.
import type { FreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import type { BlobFlights } from "./blob-flights.ts";
import type { HostSlots } from "./host-slots.ts";
import type { Clock, Journal } from "./ports.ts";

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

/** One per process: slots and flights only protect what they both see. */
export interface EngineContext {
  readonly journal: Journal;
  readonly clock: Clock;
  /** `setLimit(host, connections)` belongs to whoever opens the endpoint. */
  readonly slots: HostSlots;
  readonly flights: BlobFlights;
  readonly listener: EngineListener;
}
