// blobs/<algorithm>/<hex>: https://github.com/opencontainers/image-spec/blob/main/image-layout.md#blobs
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex, parseDigest } from "../../shared/digest.ts";
import type { OpenBlobOptions } from "../engine/ports.ts";
import { ioError } from "../files/errors.ts";
import { layoutError } from "./layout-error.ts";
import { PartialBlob } from "./partial-blob.ts";
import { fileStatus, isRealFolder, openPlain, readPlain, writeAtomically } from "./safe-files.ts";
import { removeStaleFiles } from "./stale-files.ts";

/** Bytes of a read: one call to the disk each. */
const readSize = 1024 * 1024;

export interface BlobWrite {
  readonly blob: Pick<Descriptor, "digest" | "size">;
  readonly body: Readable;
  readonly signal: AbortSignal;
}

export class BlobFolder {
  readonly #root: string;
  readonly #tidied = new Set<string>();

  constructor(layout: string) {
    this.#root = join(layout, "blobs");
  }

  /** Bytes, or undefined where it is not there. @throws `protocol` where a link is in the way. */
  async size(digest: Digest): Promise<number | undefined> {
    const path = await this.#path(digest);
    return path === undefined ? undefined : (await fileStatus(path))?.size;
  }

  async has(blob: Pick<Descriptor, "digest" | "size">): Promise<boolean> {
    return (await this.size(blob.digest)) === blob.size;
  }

  /** Bytes of all that lies in it, also of what is not whole yet. */
  async bytes(): Promise<number> {
    const files = await readdir(this.#root, { recursive: true, withFileTypes: true }).catch(() => []);
    let bytes = 0;
    for (const file of files.filter((one) => one.isFile()))
      bytes += (await stat(join(file.parentPath, file.name)).catch(() => ({ size: 0 }))).size;
    return bytes;
  }

  /** A stream of the file's bytes from `offset` on. @throws `blob-unknown`, `size-mismatch`. */
  async open(
    blob: Pick<Descriptor, "digest" | "size">,
    { signal, offset = 0 }: OpenBlobOptions,
  ): Promise<Readable> {
    signal.throwIfAborted();
    const path = await this.#path(blob.digest);
    const opened = path === undefined ? undefined : await openPlain(path);
    if (opened === undefined)
      throw layoutError("blob-unknown", "get-blob", `${this.#root} holds no blob ${blob.digest}.`);
    if (opened.size !== blob.size) {
      await opened.handle.close();
      throw layoutError(
        "size-mismatch",
        "get-blob",
        `The blob ${blob.digest} in ${this.#root} has ${opened.size} bytes; ${blob.size} were expected.`,
      );
    }
    return streamOf(opened.handle, offset, signal);
  }

  /** The whole of a small blob, unverified; undefined where it is not there. @throws `too-large`. */
  async read(digest: Digest, cap: number): Promise<Buffer | undefined> {
    const path = await this.#path(digest);
    return path === undefined ? undefined : readPlain(path, cap);
  }

  /**
   * Streams a blob into place. Its hash is the body's matter; its length is checked here too.
   * @throws `size-mismatch`, `io`, what the body errors with, the signal's reason. Nothing stays under the name then.
   */
  async write({ blob, body, signal }: BlobWrite): Promise<void> {
    const stop = (): void => {
      body.destroy(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      signal.throwIfAborted();
      const path = await this.#pathToWrite(blob.digest);
      await writeAtomically(path, (handle) => fill(handle, body, blob));
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown;
    } finally {
      signal.removeEventListener("abort", stop);
      // Where nothing was read of it, it would stay open.
      body.destroy();
    }
  }

  /** A blob that is written in parts. */
  async begin(blob: Pick<Descriptor, "digest" | "size">): Promise<PartialBlob> {
    return PartialBlob.begin(blob, await this.#pathToWrite(blob.digest));
  }

  /** Undefined where there is nothing to go on with. */
  async continue(blob: Pick<Descriptor, "digest" | "size">, token: string): Promise<PartialBlob | undefined> {
    const path = await this.#path(blob.digest);
    return path === undefined ? undefined : PartialBlob.continue(blob, path, token);
  }

  /** @throws `digest-mismatch` where the bytes are not the digest's. */
  async writeBytes(digest: Digest, bytes: Uint8Array): Promise<void> {
    const found = digestOf(digest, bytes);
    if (found !== digest)
      throw layoutError(
        "digest-mismatch",
        "put-manifest",
        `The bytes of ${digest} have the digest ${found}.`,
      );
    const path = await this.#pathToWrite(digest);
    await writeAtomically(path, async (handle) => {
      await handle.writeFile(bytes);
    });
  }

  /** A digest is checked again before it becomes a path: it may come from anywhere. */
  #folder(digest: Digest): { readonly folder: string; readonly name: string } {
    const checked = parseDigest(digest, "The blob");
    return { folder: join(this.#root, digestAlgorithm(checked)), name: digestHex(checked) };
  }

  async #path(digest: Digest): Promise<string | undefined> {
    const { folder, name } = this.#folder(digest);
    if (!(await isRealFolder(this.#root)) || !(await isRealFolder(folder))) return undefined;
    return join(folder, name);
  }

  async #pathToWrite(digest: Digest): Promise<string> {
    const { folder, name } = this.#folder(digest);
    for (const path of [this.#root, folder]) {
      if (await isRealFolder(path)) continue;
      await mkdir(path, { recursive: true, mode: 0o755 }).catch((thrown: unknown) => {
        throw ioError("make-folder", path, thrown);
      });
    }
    await this.#tidy(folder);
    return join(folder, name);
  }

  /** Once for each folder: leftovers of a killed process would stay for ever. */
  async #tidy(folder: string): Promise<void> {
    if (this.#tidied.has(folder)) return;
    this.#tidied.add(folder);
    await removeStaleFiles(folder);
  }
}

export function digestOf(like: Digest, bytes: Uint8Array): Digest {
  const algorithm = digestAlgorithm(like);
  const hex = createHash(algorithm).update(bytes).digest("hex");
  return parseDigest(`${algorithm}:${hex}`, "A computed digest");
}

async function fill(
  handle: FileHandle,
  body: Readable,
  { digest, size }: Pick<Descriptor, "digest" | "size">,
): Promise<void> {
  let written = 0;
  const mismatch = (count: string): never => {
    throw layoutError(
      "size-mismatch",
      "put-blob",
      `The blob ${digest} has ${count} bytes; ${size} were expected.`,
    );
  };
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    written += chunk.byteLength;
    if (written > size) mismatch(`more than ${size}`);
    // writeFile on a handle goes on where the last one ended, and writes all of the chunk.
    await handle.writeFile(chunk);
  }
  if (written < size) mismatch(`only ${written}`);
}

function streamOf(handle: FileHandle, start: number, signal: AbortSignal): Readable {
  const stream = handle.createReadStream({ start, highWaterMark: readSize });
  const stop = (): void => {
    stream.destroy(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  stream.once("close", () => signal.removeEventListener("abort", stop));
  if (signal.aborted) stop();
  return stream;
}
