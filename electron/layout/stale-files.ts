// Files that a killed process left half-written in a layout: who wrote them is in their names.
import { randomBytes } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isDead } from "../files/dead-process.ts";

/** Ends the names of files that are being written; leftovers of a killed process carry it. */
export const partialSuffix = ".partial";
/** Ends the names of blobs that are written in parts: another process may go on with them. */
export const uploadSuffix = `.upload${partialSuffix}`;

/** Milliseconds after which nobody is expected to finish a file that is written in one go. */
const staleAfter = 24 * 3_600_000;
/** Uploads wait as long as distribution keeps its own (`uploadpurging`, 168 hours). */
const uploadStaleAfter = 168 * 3_600_000;

const machine = hostname()
  .replace(/[^A-Za-z0-9]/g, "")
  .slice(0, 40);

/** Says which process of which machine it is; another one for each call. */
export function writerName(): string {
  return `${machine}-${process.pid}-${randomBytes(6).toString("hex")}`;
}

/** False where that cannot be known: the process may be one of another machine. */
export function isWriterDead(name: string): boolean {
  const [, host, pid] = /^([A-Za-z0-9]*)-([0-9]{1,10})-[0-9a-f]{12}$/.exec(name) ?? [];
  return host === machine && pid !== undefined && isDead(Number(pid));
}

/** A name beside `name`, which says which process of which machine writes there. */
export function partialName(name: string): string {
  return `.${name}.${writerName()}${partialSuffix}`;
}

export interface StaleOptions {
  /** The file that was being written; any, where it is not said. */
  readonly of?: string | undefined;
  readonly now?: number | undefined;
}

/** Removes what nobody finishes any more. Best effort: the next one who writes tries again. */
export async function removeStaleFiles(
  folder: string,
  { of, now = Date.now() }: StaleOptions = {},
): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    // No folder, no leftovers; one that cannot be read shows with the write itself.
    return;
  }
  const start = of === undefined ? "." : `.${of}.`;
  for (const name of names.filter((one) => one.startsWith(start) && one.endsWith(partialSuffix))) {
    const path = join(folder, name);
    if (await isStale(path, name, now)) await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isStale(path: string, name: string, now: number): Promise<boolean> {
  const patience = name.endsWith(uploadSuffix) ? uploadStaleAfter : staleAfter;
  const [, writer = ""] = /\.([A-Za-z0-9]*-[0-9]{1,10}-[0-9a-f]{12})\.partial$/.exec(name) ?? [];
  if (isWriterDead(writer)) return true;
  try {
    const stat = await lstat(path);
    return stat.isFile() && now - stat.mtimeMs > patience;
  } catch {
    // Somebody else removed it, or finished it.
    return false;
  }
}
