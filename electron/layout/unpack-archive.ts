// Unpacks an OCI archive (.tar, .tar.gz) into a layout folder: only what belongs to a layout, each digest checked as it is written.
import { createHash } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { ioError } from "../files/errors.ts";
import { layoutError } from "./layout-error.ts";
import {
  type Archive,
  entryName,
  intoPlace,
  openArchive,
  partialFolder,
  Room,
  refusedArchive,
} from "./read-archive.ts";
import { type TarEntry, tarEntries } from "./tar-entries.ts";

/** Bytes of `index.json` and `oci-layout`. */
const largestIndex = 8 * 1024 * 1024;

/**
 * The folder is there whole or not at all.
 * @throws FreightlinerError `protocol` for what is no OCI archive, `digest-mismatch`, `too-large`, `io`.
 */
export async function unpackArchive(path: string, folder: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const partial = partialFolder(folder);
  try {
    await mkdir(join(partial, "blobs"), { recursive: true, mode: 0o700 });
    const archive = await openArchive(path, signal);
    const found = await writeAll(archive, partial, signal).finally(archive.close);
    for (const name of ["oci-layout", "index.json"])
      if (!found.has(name))
        throw refusedArchive(`it has no ${name}; an archive as of skopeo's oci-archive: was expected`);
    await intoPlace(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    signal.throwIfAborted();
    throw ioError("open-archive", path, error);
  }
}

async function writeAll(archive: Archive, folder: string, signal: AbortSignal): Promise<Set<string>> {
  const found = new Set<string>();
  const room = await Room.of(dirname(folder), archive);
  for await (const entry of tarEntries(archive.chunks)) {
    signal.throwIfAborted();
    const name = layoutName(entry.name);
    // docker writes a list of its own beside the layout.
    if (name === undefined) continue;
    if (found.has(name)) throw refusedArchive(`${name} is in it twice`);
    found.add(name);
    room.take(name, entry.size, name.startsWith("blobs/") ? undefined : largestIndex);
    await writeEntry(entry, name, folder);
  }
  return found;
}

/** Undefined for what does not belong to a layout. */
function layoutName(text: string): string | undefined {
  const name = entryName(text);
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
