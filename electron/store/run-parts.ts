// What everything that has to do with runs is made of.
import type { BlobRecords } from "./blob-records.ts";
import type { Database } from "./database.ts";
import type { ImageRows } from "./image-rows.ts";
import type { Leases } from "./leases.ts";
import type { RunChanges } from "./run-changes.ts";
import type { RunRows } from "./run-rows.ts";

export interface RunParts {
  readonly database: Database;
  readonly leases: Leases;
  readonly changes: RunChanges;
  readonly rows: RunRows;
  readonly images: ImageRows;
  readonly blobs: BlobRecords;
  readonly now: () => number;
}
