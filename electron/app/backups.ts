// Backups of the database: made once a day and before changes of its schema, kept in number, put back at the next start.
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Backup } from "../../shared/contract.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { readSetting } from "../../shared/settings.ts";
import { partOf } from "../store/files.ts";
import { checkDatabase, settleDatabase } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { makeFolder } from "./data-folder.ts";
import type { Log } from "./log.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** Names the backup that takes the database's place at the next start. */
const markFile = "restore-at-next-start";
const namePattern = /^freightliner-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z(?:-before-(?:update|restore))?\.db$/;

const partPattern = /^freightliner-[^/]*\.db\.part(?:-\w+)?$/;
/** Milliseconds without a write after which nobody works on it any more. */
const leftAfterMs = 600_000;

type Occasion = "" | "-before-update" | "-before-restore";

interface Begun {
  readonly name: string;
  readonly file: string;
}

export interface BackupFolderOptions {
  readonly home: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly nativeBinding?: string | undefined;
}

/** The files, without a database that is open. */
export class BackupFolder {
  readonly #options: BackupFolderOptions;

  constructor(options: BackupFolderOptions) {
    this.#options = options;
  }

  get path(): string {
    return join(this.#options.home, "backups");
  }

  /** Newest first. */
  list(): Backup[] {
    if (!existsSync(this.path)) return [];
    const restoring = this.#marked();
    return readdirSync(this.path)
      .filter((name) => namePattern.test(name))
      .toSorted((a, b) => (a < b ? 1 : -1))
      .map((name) => {
        const { size } = statSync(join(this.path, name));
        return { name, size, createdAt: timeOf(name), restoring: name === restoring };
      });
  }

  /**
   * A new, empty file for this user only: it is filled as `partOf(file)`, and is a backup from when it is called `file`.
   * Whoever is killed in the middle leaves none that is not whole.
   */
  begin(occasion: Occasion): Begun {
    makeFolder(this.path);
    this.sweep();
    const stamp = new Date(this.#options.now()).toISOString().replaceAll(/[:.]/g, "-");
    const name = `freightliner-${stamp}${occasion}.db`;
    const file = join(this.path, name);
    closeSync(openSync(partOf(file), "w", 0o600));
    return { name, file };
  }

  /** Removes what backups left that never came to their end. One that is being made, also elsewhere, grows all the time. */
  sweep(): void {
    if (!existsSync(this.path)) return;
    for (const name of readdirSync(this.path).filter((one) => partPattern.test(one))) {
      const file = join(this.path, name);
      // Another process may be faster.
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
      if (this.#options.now() - mtimeMs > leftAfterMs) rmSync(file, { force: true });
    }
  }

  /** Removes the oldest beyond that number; what waits to be put back stays. */
  keep(count: number): void {
    for (const { name, restoring } of this.list().slice(count))
      if (!restoring) rmSync(join(this.path, name), { force: true });
  }

  /** @throws FreightlinerError `not-found`; `store` where the backup is damaged or a newer program's. */
  mark(name: string): void {
    if (!this.list().some((one) => one.name === name))
      throw new FreightlinerError({
        code: "not-found",
        operation: "restore-backup",
        message: `There is no backup "${name}".`,
      });
    checkDatabase(join(this.path, name), this.#options.nativeBinding);
    writeFileSync(join(this.path, markFile), name, { mode: 0o600 });
  }

  /**
   * Puts the marked backup in the place of the database, which is kept as a backup. To be called before it is opened.
   * @throws FreightlinerError `busy` while another process uses the database, and it stays marked; `store`.
   */
  restoreMarked(database: string): string | undefined {
    const name = this.#marked();
    if (name === undefined) return undefined;
    const source = join(this.path, name);
    const mark = join(this.path, markFile);
    try {
      checkDatabase(source, this.#options.nativeBinding);
      if (existsSync(database)) this.#keepDatabase(database);
      // In one step: whenever the process is killed, a database is there, and it stays marked until this one is.
      renameSync(source, database);
    } catch (error) {
      // A start that fails here must not fail again and again.
      if (!(error instanceof FreightlinerError) || error.code !== "busy") rmSync(mark, { force: true });
      throw error;
    }
    rmSync(mark, { force: true });
    return name;
  }

  /** Copies it with its write-ahead log, which must not be there for the next one to be read with. */
  #keepDatabase(database: string): void {
    settleDatabase(database, this.#options.nativeBinding);
    const { file: kept } = this.begin("-before-restore");
    for (const suffix of ["", "-wal", "-shm"])
      if (existsSync(database + suffix)) copyFileSync(database + suffix, partOf(kept) + suffix);
    for (const suffix of ["-wal", "-shm", ""])
      if (existsSync(partOf(kept) + suffix)) renameSync(partOf(kept) + suffix, kept + suffix);
    for (const suffix of ["-wal", "-shm"]) rmSync(database + suffix, { force: true });
  }

  #marked(): string | undefined {
    const file = join(this.path, markFile);
    if (!existsSync(file)) return undefined;
    const name = readFileSync(file, "utf8").trim();
    return namePattern.test(name) && existsSync(join(this.path, name)) ? name : undefined;
  }
}

function timeOf(name: string): number {
  const [, date = "", hours, minutes, seconds, milliseconds] =
    /^freightliner-(.{10})T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/.exec(name) ?? [];
  return Date.parse(`${date}T${hours}:${minutes}:${seconds}.${milliseconds}Z`);
}

export interface BackupsOptions {
  readonly store: Pick<Store, "backup" | "settings">;
  readonly folder: BackupFolder;
  readonly now: () => number;
  readonly log: Pick<Log, "info" | "error">;
}

export class Backups {
  readonly #options: BackupsOptions;
  #timer: NodeJS.Timeout | undefined;
  #making: Promise<unknown> = Promise.resolve();
  #underWay = 0;

  constructor(options: BackupsOptions) {
    this.#options = options;
  }

  open(): void {
    void this.#daily();
    this.#timer = setInterval(() => void this.#daily(), hour);
    this.#timer.unref();
  }

  /** Waits for one that is being made: the database must not be closed below it. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#making;
  }

  list(): Backup[] {
    return this.#options.folder.list();
  }

  restore(name: string): void {
    this.#options.folder.mark(name);
  }

  /** One that a person asks for is made also where none are made by themselves. */
  async create(): Promise<Backup> {
    const { folder } = this.#options;
    const { name } = await this.#make();
    folder.keep(Math.max(1, this.#wanted()));
    const made = folder.list().find((one) => one.name === name);
    if (made === undefined) throw new Error(`the backup ${name} is gone`);
    return made;
  }

  async #make(): Promise<Begun> {
    const { folder, store } = this.#options;
    const begun = folder.begin("");
    const part = partOf(begun.file);
    const making = store.backup(part).then(
      () => renameSync(part, begun.file),
      (error: unknown) => {
        rmSync(part, { force: true });
        throw error;
      },
    );
    this.#underWay++;
    this.#making = making
      .catch(() => undefined)
      .finally(() => {
        this.#underWay--;
      });
    await making;
    return begun;
  }

  #wanted(): number {
    return readSetting(this.#options.store.settings.all(), "backups");
  }

  async #daily(): Promise<void> {
    const { folder, now, log } = this.#options;
    try {
      folder.sweep();
      const wanted = this.#wanted();
      const newest = folder.list()[0]?.createdAt ?? 0;
      if (wanted === 0 || this.#underWay > 0 || now() - newest < day) return;
      const { name } = await this.#make();
      folder.keep(wanted);
      log.info({ name }, "made a backup of the database");
    } catch (error) {
      // Nobody catches what a timer throws; the next hour tries again.
      log.error({ err: error }, "making a backup failed");
    }
  }
}
