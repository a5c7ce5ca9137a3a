// Opens an archive file as a stream of bytes, unpacked where it is packed by gzip; and keeps it from filling the disk.
import { createReadStream } from "node:fs";
import { open, rename, rm, stat, statfs } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { errnoOf } from "../files/errors.ts";
import { layoutError } from "./layout-error.ts";
import { isRealFolder } from "./safe-files.ts";
import { writerName } from "./stale-files.ts";

const mostEntries = 200_000;
/** Bytes that are left free on the disk. */
const spared = 64 * 1024 * 1024;

export interface Archive {
  readonly chunks: AsyncIterable<Buffer>;
  readonly close: () => void;
}

/** Gzip is known by its first two bytes, whatever the file is called. @throws what the file system says; `protocol`. */
export async function openArchive(path: string, signal: AbortSignal): Promise<Archive> {
  // Opening a pipe that nobody writes to would wait without end, and no signal reaches it there.
  if (!(await stat(path)).isFile()) throw refusedArchive("it is no file");
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const source = createReadStream(path, { signal, highWaterMark: 256 * 1024 });
    // Whoever reads it gets the error; a stop that comes while nobody does must not end the process.
    source.on("error", () => {});
    if (buffer[0] !== 0x1f || buffer[1] !== 0x8b)
      return { chunks: source, close: () => void source.destroy() };
    const gunzip = createGunzip();
    source.once("error", (error) => gunzip.destroy(error));
    const close = (): void => {
      source.destroy();
      gunzip.destroy();
    };
    return { chunks: source.pipe(gunzip), close };
  } finally {
    await handle.close();
  }
}

/** Counts what comes out of an archive. */
export class Room {
  #left: number;
  #entries = 0;

  private constructor(left: number) {
    this.#left = left;
  }

  /** What the disk of a folder has to spare. */
  static async of(folder: string): Promise<Room> {
    const { bavail, bsize } = await statfs(folder);
    return new Room(bavail * bsize - spared);
  }

  /** @throws FreightlinerError `too-large` where the entry, or one more, is too much. */
  take(name: string, size: number, most: number = Number.POSITIVE_INFINITY): void {
    this.#left -= size;
    this.#entries += 1;
    if (this.#left >= 0 && this.#entries <= mostEntries && size <= most) return;
    throw layoutError(
      "too-large",
      "open-archive",
      `The archive cannot be used: ${name} is too much for the disk or for a layout.`,
    );
  }
}

export function refusedArchive(why: string): Error {
  return layoutError("protocol", "open-archive", `The archive cannot be used: ${why}.`);
}

/** The name of an entry without what means nothing. @throws `protocol` for one that leads elsewhere. */
export function entryName(text: string): string {
  const name = text.replace(/^(?:\.\/)+/, "");
  if (name.startsWith("/") || name.includes("\\") || name.split("/").includes(".."))
    throw refusedArchive(`"${text.slice(0, 200)}" leads out of the folder`);
  return name;
}

/** Another process may unpack the same archive at the same time: each has a folder of its own. */
export function partialFolder(folder: string): string {
  return `${folder}.${writerName()}.partial`;
}

/** Where another process was faster, its folder holds the same and stays. */
export async function intoPlace(partial: string, folder: string): Promise<void> {
  try {
    await rename(partial, folder);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== "ENOTEMPTY" && errno !== "EEXIST" && errno !== "EPERM") throw error;
    if (!(await isRealFolder(folder))) throw error;
    await rm(partial, { recursive: true, force: true });
  }
}
