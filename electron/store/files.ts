// The database's files on disk: made for this user only, and moved aside (never deleted) where they cannot be read.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { asStoreError } from "./database.ts";

/**
 * Makes folder (0700) and file (0600) where they are missing. A folder that exists keeps its mode: it may not be ours alone.
 * @throws FreightlinerError `store`.
 */
export function prepareFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // SQLite gives its -wal and -shm files the mode of the database's.
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  } catch (thrown) {
    throw asStoreError(thrown, "open-store");
  }
}

/** Moves the database and its companions to `….corrupt-<time>`; returns the new path of the database. */
export function quarantine(file: string, time: number): string {
  const stamp = new Date(time).toISOString().replaceAll(":", "-");
  let target = `${file}.corrupt-${stamp}`;
  for (let count = 2; existsSync(target); count += 1) target = `${file}.corrupt-${stamp}-${count}`;
  try {
    renameSync(file, target);
    for (const suffix of ["-wal", "-shm"]) {
      if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
    }
  } catch (thrown) {
    throw asStoreError(thrown, "quarantine-store");
  }
  return target;
}

/** What a file is called until it is whole. */
export function partOf(file: string): string {
  return `${file}.part`;
}
