// Opens an archive file as a stream of bytes, unpacked where it is packed by gzip; and keeps it from filling the disk.
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { errnoOf } from "../files/errors.ts";
import { diskOf, noRoom } from "../files/free-space.ts";
import { layoutError } from "./layout-error.ts";
import { isRealFolder } from "./safe-files.ts";
import { writerName } from "./stale-files.ts";

const mostEntries = 200_000;
/** Bytes that are left free on the disk. */
const spared = 64 * 1024 * 1024;

export interface Archive {
  readonly path: string;
  /** Bytes of the tar; undefined where it is packed, and nobody knows before it is unpacked. */
  readonly size: number | undefined;
  readonly chunks: AsyncIterable<Buffer>;
  readonly close: () => void;
}

/** Gzip is known by its first two bytes, whatever the file is called. @throws what the file system says; `protocol`. */
export async function openArchive(path: string, signal: AbortSignal): Promise<Archive> {
  // Opening a pipe that nobody writes to would wait without end, and no signal reaches it there.
  const status = await stat(path);
  if (!status.isFile()) throw refusedArchive("it is no file");
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const source = createReadStream(path, { signal, highWaterMark: 256 * 1024 });
    source.on("error", whoeverReadsGetsIt);
    if (buffer[0] !== 0x1f || buffer[1] !== 0x8b)
      return { path, size: status.size, chunks: source, close: () => void source.destroy() };
    const gunzip = createGunzip();
    gunzip.on("error", whoeverReadsGetsIt);
    source.once("error", (error) => gunzip.destroy(error));
    const close = (): void => {
      source.destroy();
      gunzip.destroy();
    };
    return { path, size: undefined, chunks: unpacked(source.pipe(gunzip)), close };
  } finally {
    await handle.close();
  }
}

async function* unpacked(gunzip: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* gunzip;
  } catch (error) {
    throw errnoOf(error)?.startsWith("Z_") === true ? refusedArchive("it is damaged, or cut off") : error;
  }
}

/** What breaks off, or is broken, before anybody reads must not end the process. */
function whoeverReadsGetsIt(): void {}

/** Counts what comes out of an archive. */
export class Room {
  /** What it is for, in words. */
  readonly #what: string;
  /** Bytes that its disk had to spare. */
  readonly #free: number;
  #taken = 0;
  #entries = 0;

  private constructor(what: string, free: number) {
    this.#what = what;
    this.#free = free;
  }

  /** @throws FreightlinerError `io` where the disk has no room for the whole archive, as far as its size is known. */
  static async of(folder: string, { path, size = 0 }: Pick<Archive, "path" | "size">): Promise<Room> {
    const room = new Room(`to unpack ${path} in ${folder}`, (await diskOf(folder)).free - spared);
    room.#assert(size);
    return room;
  }

  /** @throws FreightlinerError `io` where the disk has no room for the entry; `too-large` where it, or one more, is too much. */
  take(name: string, size: number, most: number = Number.POSITIVE_INFINITY): void {
    this.#entries += 1;
    if (this.#entries > mostEntries || size > most)
      throw layoutError(
        "too-large",
        "open-archive",
        `The archive cannot be used: ${name} is too much for a layout.`,
      );
    this.#taken += size;
    this.#assert(this.#taken);
  }

  #assert(needed: number): void {
    if (needed > this.#free) throw noRoom("open-archive", this.#what, { needed, free: this.#free });
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
