// Unpacks an OCI archive (.tar, .tar.gz) into a layout folder: only what belongs to a layout, each digest checked as it is written.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createGunzip } from "node:zlib";
import { digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { ioError, layoutError } from "./layout-error.ts";
import { type TarEntry, tarEntries } from "./tar-entries.ts";

const mostEntries = 200_000;
/** Bytes of `index.json` and `oci-layout`. */
const largestIndex = 8 * 1024 * 1024;
/** Bytes that are left free on the disk. */
const spared = 64 * 1024 * 1024;

/**
 * The folder is there whole or not at all.
 * @throws FreightlinerError `protocol` for what is no OCI archive, `digest-mismatch`, `too-large`, `io`.
 */
export async function unpackArchive(path: string, folder: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const partial = `${folder}.partial`;
  try {
    await mkdir(join(partial, "blobs"), { recursive: true, mode: 0o700 });
    const { chunks, close } = await openArchive(path, signal);
    const found = await writeAll(chunks, partial, signal).finally(close);
    for (const name of ["oci-layout", "index.json"])
      if (!found.has(name))
        throw refused(`it has no ${name}; an archive as of skopeo's oci-archive: was expected`);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    signal.throwIfAborted();
    throw ioError("open-archive", path, error);
  }
}

interface Archive {
  readonly chunks: AsyncIterable<Buffer>;
  readonly close: () => void;
}

/** Gzip is known by its first two bytes, whatever the file is called. */
async function openArchive(path: string, signal: AbortSignal): Promise<Archive> {
  // Opening a pipe that nobody writes to would wait without end, and no signal reaches it there.
  if (!(await stat(path)).isFile()) throw refused("it is no file");
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

async function writeAll(
  chunks: AsyncIterable<Buffer>,
  folder: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const found = new Set<string>();
  const { bavail, bsize } = await statfs(folder);
  let room = bavail * bsize - spared;
  for await (const entry of tarEntries(chunks)) {
    signal.throwIfAborted();
    const name = plainName(entry.name);
    // docker writes a list of its own beside the layout.
    if (name === undefined) continue;
    if (found.has(name)) throw refused(`${name} is in it twice`);
    found.add(name);
    room -= entry.size;
    const isIndex = !name.startsWith("blobs/");
    if (found.size > mostEntries || room < 0 || (isIndex && entry.size > largestIndex))
      throw layoutError(
        "too-large",
        "open-archive",
        `The archive cannot be used: ${name} is too much for the disk or for a layout.`,
      );
    await writeEntry(entry, name, folder);
  }
  return found;
}

/** Undefined for what does not belong to a layout. @throws `protocol` for a name that leads elsewhere. */
function plainName(text: string): string | undefined {
  const name = text.replace(/^\.\//, "");
  if (name.startsWith("/") || name.includes("\\") || name.split("/").includes(".."))
    throw refused(`"${text.slice(0, 200)}" leads out of the folder`);
  if (name === "oci-layout" || name === "index.json") return name;
  const [, algorithm, hex] = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(name) ?? [];
  return isDigest(`${algorithm}:${hex}`) ? name : undefined;
}

async function writeEntry({ body }: TarEntry, name: string, folder: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const digest = name.startsWith("blobs/") ? name.slice("blobs/".length).replace("/", ":") : undefined;
  const hash = digest !== undefined && isDigest(digest) ? createHash(digestAlgorithm(digest)) : undefined;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of body) {
      hash?.update(chunk);
      await file.appendFile(chunk);
    }
  } finally {
    await file.close();
  }
  const written = hash?.digest("hex");
  if (written !== undefined && !digest?.endsWith(`:${written}`))
    throw layoutError(
      "digest-mismatch",
      "open-archive",
      `The archive cannot be used: ${name} does not have the digest that it is named by.`,
    );
}

function refused(why: string): Error {
  return layoutError("protocol", "open-archive", `The archive cannot be used: ${why}.`);
}
