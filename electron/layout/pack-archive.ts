// Packs a layout folder into an OCI archive: what its index leads to and nothing else, each blob hashed while it is written.
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { type Descriptor, parseManifest } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, parseDigest } from "../../shared/digest.ts";
import { ioError } from "../files/errors.ts";
import { diskOf, noRoom } from "../files/free-space.ts";
import { BlobFolder } from "./blob-folder.ts";
import { IndexFile } from "./index-file.ts";
import { layoutError } from "./layout-error.ts";
import { maxManifestSize } from "./manifest-store.ts";
import { readPlain, writeAtomically } from "./safe-files.ts";
import { removeStaleFiles } from "./stale-files.ts";
import { type TarFile, tarOf, tarSize } from "./write-tar.ts";

const largestIndex = 64 * 1024 * 1024;

/**
 * The file is replaced by a whole one, or stays as it is; nothing is written where the disk has no room for it.
 * @throws FreightlinerError `blob-unknown`, `digest-mismatch` where the folder is not whole, `io` for a full disk; the signal's reason.
 */
export async function packArchive(folder: string, path: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const blobs = new BlobFolder(folder);
  const digests = await reachable(folder, blobs, signal);
  const files = [...(await listsOf(folder)), ...blobFiles(blobs, digests, signal)];
  // What a killed process left of it may be as large as the archive.
  await removeStaleFiles(dirname(path), { of: basename(path) });
  await assertRoom(path, tarSize(files));
  try {
    await writeAtomically(path, async (handle) => {
      for await (const chunk of tarOf(files)) {
        signal.throwIfAborted();
        await handle.writeFile(chunk);
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw ioError("write-archive", path, error);
  }
}

/**
 * Digests in order, so that the same images make the same archive. What is not there was not there when the archive was
 * opened (layers that must not be distributed, children that its writer left out): a manifest is only ever written behind
 * its parts.
 */
async function reachable(
  folder: string,
  blobs: BlobFolder,
  signal: AbortSignal,
): Promise<ReadonlyMap<Digest, number>> {
  const entries = await new IndexFile(folder, "archive").entries();
  const found = new Map<Digest, number>();
  const open = entries.map(({ descriptor }) => descriptor);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    signal.throwIfAborted();
    const { digest, mediaType } = next;
    if (found.has(digest)) continue;
    const bytes = await blobs.read(digest, maxManifestSize);
    if (bytes === undefined) continue;
    found.set(digest, bytes.length);
    const manifest = parseManifest(bytes.toString("utf8"), mediaType, digest);
    if (manifest.kind === "index") open.push(...manifest.manifests);
    if (manifest.kind !== "image") continue;
    for (const blob of [...(manifest.config === undefined ? [] : [manifest.config]), ...manifest.layers]) {
      const size = await blobs.size(blob.digest);
      if (size !== undefined) found.set(blob.digest, size);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function assertRoom(path: string, needed: number): Promise<void> {
  const { free } = await diskOf(dirname(path));
  if (needed > free) throw noRoom("write-archive", `for ${path}`, { needed, free });
}

async function listsOf(folder: string): Promise<readonly TarFile[]> {
  const files: TarFile[] = [];
  for (const name of ["oci-layout", "index.json"]) {
    const bytes = await readPlain(join(folder, name), largestIndex);
    if (bytes === undefined)
      throw layoutError(
        "protocol",
        "write-archive",
        `${folder} is no layout any more: ${name} is not there.`,
      );
    files.push({ name, size: bytes.length, body: once(bytes) });
  }
  return files;
}

function* blobFiles(
  blobs: BlobFolder,
  digests: ReadonlyMap<Digest, number>,
  signal: AbortSignal,
): Generator<TarFile> {
  for (const [digest, size] of digests) {
    const name = `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
    yield { name, size, body: verified(blobs, { digest, size }, signal) };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Opened when its turn comes. A file that rotted on the disk must not go on its way. */
async function* verified(
  blobs: BlobFolder,
  blob: Pick<Descriptor, "digest" | "size">,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { digest } = blob;
  const algorithm = digestAlgorithm(digest);
  const hash = createHash(algorithm);
  for await (const chunk of await blobs.open(blob, { signal })) {
    hash.update(chunk);
    yield chunk;
  }
  const found = parseDigest(`${algorithm}:${hash.digest("hex")}`, "A computed digest");
  if (found !== digest)
    throw layoutError(
      "digest-mismatch",
      "write-archive",
      `The blob ${digest} has become ${found} on the disk.`,
    );
}
