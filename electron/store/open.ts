// Opens the database and builds the store over it. The only file that names the SQLite driver.
import { renameSync } from "node:fs";
import SqliteDriver from "better-sqlite3";
import { FreightlinerError } from "../../shared/errors.ts";
import { BlobRecords } from "./blob-records.ts";
import { asStoreError, type Database, wrapDatabase } from "./database.ts";
import { endpointRecords } from "./endpoint-records.ts";
import { partOf, prepareFile, quarantine } from "./files.ts";
import { ImageRows } from "./image-rows.ts";
import { jobRecords } from "./job-records.ts";
import { createJournal } from "./journal.ts";
import { Leases } from "./leases.ts";
import { migrate, migrations, schemaVersion } from "./migrate.ts";
import { namedRepositories } from "./named-repositories.ts";
import { Parked } from "./parked.ts";
import { RunChanges } from "./run-changes.ts";
import type { RunParts } from "./run-parts.ts";
import { runRecords } from "./run-records.ts";
import { RunRows } from "./run-rows.ts";
import { sealedSecrets } from "./sealed-secrets.ts";
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
  /** Asked for the file that the database is copied to before its schema changes; an empty `partOf` it is there. */
  readonly backupFile?: (() => string) | undefined;
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
    beforeMigration(opened.database, options);
    migrate(opened.database, options.file);
    return buildStore(opened.database, opened.quarantined, options);
  } catch (thrown) {
    opened.database.close();
    throw asStoreError(thrown, "open-store");
  }
}

/** A copy of what was there before its schema changes; a database that was just made has nothing to lose. */
function beforeMigration(database: Database, { backupFile }: StoreOptions): void {
  const version = schemaVersion(database);
  if (backupFile === undefined || version === 0 || version >= migrations.length) return;
  const file = backupFile();
  database.prepare("VACUUM INTO ?").run([partOf(file)]);
  renameSync(partOf(file), file);
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
      ...bindingOf(options.nativeBinding),
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
    sealedSecrets: sealedSecrets(database, now),
    namedRepositories: namedRepositories(database),
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
    backup: (file) => database.backup(file),
    together: (operation, work) => database.write(operation, work),
    sqliteVersion: () => {
      const { version } = database.prepare("SELECT sqlite_version() AS version").get() ?? {};
      return String(version);
    },
    integrity: () => database.read("check-integrity", () => String(database.pragma("integrity_check(1)"))),
    close: () => database.close(),
  };
}

/**
 * Looks at a database that is not opened as the store: whether it is sound and of a schema that is known here.
 * @throws FreightlinerError `store` that says what is wrong with it.
 */
export function checkDatabase(file: string, nativeBinding: string | undefined): void {
  let connection: SqliteDriver.Database | undefined;
  try {
    connection = new SqliteDriver(file, { readonly: true, fileMustExist: true, ...bindingOf(nativeBinding) });
    const found = String(connection.pragma("integrity_check(1)", { simple: true }));
    if (found !== "ok") throw problem(file, found);
    const version = Number(connection.pragma("user_version", { simple: true }));
    if (version < 1 || version > migrations.length)
      throw problem(file, `it has schema ${version}; this program knows 1 to ${migrations.length}`);
  } catch (thrown) {
    if (thrown instanceof FreightlinerError) throw thrown;
    throw problem(file, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  } finally {
    connection?.close();
  }
}

/**
 * Brings what lies in the write-ahead log of a database into its one file. One that cannot be read is left as it is.
 * @throws FreightlinerError `busy` while any other process has it open.
 */
export function settleDatabase(file: string, nativeBinding: string | undefined): void {
  let connection: SqliteDriver.Database | undefined;
  try {
    connection = new SqliteDriver(file, { fileMustExist: true, timeout: 0, ...bindingOf(nativeBinding) });
    // Only who is alone with it may leave the log behind: https://www.sqlite.org/wal.html#persistence_of_wal_mode
    connection.pragma("journal_mode = DELETE");
  } catch (thrown) {
    const code = thrown instanceof SqliteDriver.SqliteError ? thrown.code : "";
    if (!/^SQLITE_(?:BUSY|LOCKED)/.test(code)) return;
    throw new FreightlinerError({
      code: "busy",
      operation: "settle-database",
      message: `Another process works with the database ${file}.`,
      cause: thrown,
    });
  } finally {
    connection?.close();
  }
}

function bindingOf(nativeBinding: string | undefined): { readonly nativeBinding?: string } {
  return nativeBinding === undefined ? {} : { nativeBinding };
}

function problem(file: string, why: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "store",
    operation: "check-database",
    message: `The database ${file} cannot be used: ${why}.`,
    cause,
  });
}
