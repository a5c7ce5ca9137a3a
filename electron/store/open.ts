// Opens the database and builds the store over it. The only file that names the SQLite driver.
import SqliteDriver from "better-sqlite3";
import { BlobRecords } from "./blob-records.ts";
import { asStoreError, type Database, wrapDatabase } from "./database.ts";
import { endpointRecords } from "./endpoint-records.ts";
import { prepareFile, quarantine } from "./files.ts";
import { ImageRows } from "./image-rows.ts";
import { jobRecords } from "./job-records.ts";
import { createJournal } from "./journal.ts";
import { Leases } from "./leases.ts";
import { migrate } from "./migrate.ts";
import { Parked } from "./parked.ts";
import { RunChanges } from "./run-changes.ts";
import type { RunParts } from "./run-parts.ts";
import { runRecords } from "./run-records.ts";
import { RunRows } from "./run-rows.ts";
import { settingRecords } from "./setting-records.ts";
import type { Store } from "./store.ts";

export interface StoreOptions {
  /** Path of the database; it and its folder are made where they are missing. */
  readonly file: string;
  /** Path of the driver's binary, where it does not lie beside its package. */
  readonly nativeBinding?: string | undefined;
  /** Names this process in leases; unique per process. */
  readonly owner: string;
  /** Tells of an owner whether its process is known to be dead; never by default. */
  readonly ownerIsGone?: (owner: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a lease lasts without a heartbeat. */
  readonly leaseMs?: number | undefined;
}

/** How long a process waits for another one's write, in milliseconds. */
const busyTimeoutMs = 5000;

/**
 * Opens the store. A file that SQLite cannot read is moved aside and told in `quarantined`.
 * @throws FreightlinerError `configuration` for another program's or a newer database, `store` where the disk refuses.
 */
export function openStore(options: StoreOptions): Store {
  const opened = openSound(options);
  try {
    migrate(opened.database, options.file);
    return buildStore(opened.database, opened.quarantined, options);
  } catch (thrown) {
    opened.database.close();
    throw asStoreError(thrown, "open-store");
  }
}

function openSound(options: StoreOptions): { database: Database; quarantined: string | null } {
  prepareFile(options.file);
  const database = connect(options);
  if (database !== "damaged") return { database, quarantined: null };
  const quarantined = quarantine(options.file, options.now());
  prepareFile(options.file);
  const fresh = connect(options);
  if (fresh !== "damaged") return { database: fresh, quarantined };
  throw asStoreError(new Error(`a new database in ${options.file} is damaged at once`), "open-store");
}

function connect(options: StoreOptions): Database | "damaged" {
  let database: Database | undefined;
  try {
    const connection = new SqliteDriver(options.file, {
      timeout: busyTimeoutMs,
      ...(options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }),
    });
    database = wrapDatabase(connection);
    if (database.pragma("quick_check(1)") === "ok") {
      database.pragma("journal_mode = WAL");
      // WAL with NORMAL survives a killed process completely; a power cut may lose the last transactions, never the file.
      database.pragma("synchronous = NORMAL");
      database.pragma("foreign_keys = ON");
      return database;
    }
    database.close();
    return "damaged";
  } catch (thrown) {
    database?.close();
    if (isDamage(thrown)) return "damaged";
    throw asStoreError(thrown, "open-store");
  }
}

function isDamage(thrown: unknown): boolean {
  const code = thrown instanceof SqliteDriver.SqliteError ? thrown.code : "";
  return code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT");
}

function buildStore(database: Database, quarantined: string | null, options: StoreOptions): Store {
  const { now, owner, leaseMs = 15_000, ownerIsGone = () => false } = options;
  const parked = new Parked();
  const leases = new Leases(database, { owner, now, leaseMs, ownerIsGone });
  const parts: RunParts = {
    database,
    leases,
    now,
    changes: new RunChanges(database, leases, now),
    rows: new RunRows(database, parked),
    images: new ImageRows(database),
    blobs: new BlobRecords(database),
  };
  const endpoints = endpointRecords(database, parked, now);
  const settings = settingRecords(database, parked);
  const runs = runRecords(parts);
  const jobs = jobRecords({ ...parts, parked, insertRun: runs.insert });
  return {
    endpoints,
    settings,
    runs,
    jobs,
    journal: createJournal(parts),
    blobLocations: (digests) => database.look("find-blobs", () => parts.blobs.everywhere(digests)),
    heartbeat: () => leases.heartbeat(),
    leaseMs,
    parked: () => {
      parked.clear();
      endpoints.list();
      jobs.list();
      settings.all();
      parts.rows.list({ offset: 0, limit: -1 });
      return parked.all();
    },
    quarantined,
    integrity: () => database.read("check-integrity", () => String(database.pragma("integrity_check(1)"))),
    close: () => database.close(),
  };
}
