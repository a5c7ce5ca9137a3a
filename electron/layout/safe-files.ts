// Files inside a layout folder: no symlink is followed, nothing half-written is ever seen under its name.
import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf, ioError, isMissing, isSystemError } from "../files/errors.ts";
import { replaceFile } from "../files/replace-file.ts";
import { layoutError } from "./layout-error.ts";
import { partialName } from "./stale-files.ts";

// Windows knows no O_NOFOLLOW; there lstat alone has to do.
export const noFollow = constants.O_NOFOLLOW ?? 0;

function refuseLink(path: string): never {
  throw layoutError(
    "protocol",
    "open-file",
    `${path} is a symbolic link or no plain file; a layout may not hold such.`,
  );
}

export interface FileStatus {
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the file is replaced or written. */
  readonly stamp: string;
}

/** Undefined where there is none. @throws `protocol` for anything that is no plain file. */
export async function fileStatus(path: string): Promise<FileStatus | undefined> {
  try {
    const stat = await lstat(path, { bigint: true });
    if (!stat.isFile()) refuseLink(path);
    return { size: Number(stat.size), stamp: `${stat.ino}/${stat.size}/${stat.mtimeNs}` };
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw ioError("open-file", path, thrown);
  }
}

/** True for a folder, false where there is nothing. @throws `protocol` for a link to one or for a file. */
export async function isRealFolder(path: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isDirectory()) return true;
  } catch (thrown) {
    if (isMissing(thrown)) return false;
    throw ioError("open-folder", path, thrown);
  }
  throw layoutError("protocol", "open-folder", `${path} is not a plain folder; a layout may not hold links.`);
}

/** A plain file for reading, or undefined where there is none. @throws `protocol` for a link. */
export async function openPlain(path: string): Promise<{ handle: FileHandle; size: number } | undefined> {
  if ((await fileStatus(path)) === undefined) return undefined;
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | noFollow);
    const stat = await handle.stat();
    if (!stat.isFile()) refuseLink(path);
    return { handle, size: stat.size };
  } catch (thrown) {
    await handle?.close();
    if (errnoOf(thrown) === "ELOOP") refuseLink(path);
    if (isMissing(thrown)) return undefined;
    throw ioError("open-file", path, thrown);
  }
}

/** The whole of a plain file, or undefined where there is none. @throws `too-large` above `cap` bytes. */
export async function readPlain(path: string, cap: number): Promise<Buffer | undefined> {
  const opened = await openPlain(path);
  if (opened === undefined) return undefined;
  try {
    if (opened.size > cap)
      throw layoutError(
        "too-large",
        "read-file",
        `${path} holds ${opened.size} bytes; at most ${cap} are read.`,
      );
    return await opened.handle.readFile();
  } catch (thrown) {
    throw ioError("read-file", path, thrown);
  } finally {
    await opened.handle.close();
  }
}

/**
 * Writes a file completely, or not at all: into a new file in the same folder, flushed, then renamed.
 * @param fill writes the content; what it throws is thrown on as it is.
 */
export async function writeAtomically(
  path: string,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const beside = join(dirname(path), partialName(basename(path)));
  try {
    await replaceFile({ path, beside, mode: 0o644 }, fill);
  } catch (thrown) {
    throw isSystemError(thrown) ? ioError("write-file", path, thrown) : thrown;
  }
}
