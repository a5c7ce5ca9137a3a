// A blob that is written in parts: its file waits under a name of its own until all bytes are there, also for another process.
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { z } from "zod";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { CallOptions, UploadSession } from "../engine/ports.ts";
import { ioError, isSystemError } from "../files/errors.ts";
import { flushFolder } from "../files/replace-file.ts";
import { layoutError } from "./layout-error.ts";
import { fileStatus, noFollow, openPlain } from "./safe-files.ts";
import { uploadSuffix } from "./stale-files.ts";

/** Only the file's own name is believed of a token: it must not lead out of the folder. */
const tokenSchema = z.object({
  name: z.string().regex(/^\.[0-9a-f]{12}\.[0-9a-f]{64,128}\.upload\.partial$/),
});

export class PartialBlob implements UploadSession {
  readonly leastPart = 0;
  readonly #blob: Pick<Descriptor, "digest" | "size">;
  /** Where the whole blob belongs. */
  readonly #path: string;
  readonly #partial: string;
  #offset: number;

  private constructor(blob: Pick<Descriptor, "digest" | "size">, path: string, name: string, offset: number) {
    this.#blob = blob;
    this.#path = path;
    this.#partial = join(dirname(path), name);
    this.#offset = offset;
  }

  /** @param path where the blob belongs; its folder exists. */
  static async begin(blob: Pick<Descriptor, "digest" | "size">, path: string): Promise<PartialBlob> {
    const name = `.${randomBytes(6).toString("hex")}.${basename(path)}${uploadSuffix}`;
    const partial = new PartialBlob(blob, path, name, 0);
    await partial.#within("wx", async () => undefined);
    return partial;
  }

  /** Undefined where the file is gone, or the token is of no file of this blob. */
  static async continue(
    blob: Pick<Descriptor, "digest" | "size">,
    path: string,
    token: string,
  ): Promise<PartialBlob | undefined> {
    const { success, data } = tokenSchema.safeParse(tokenOf(token));
    if (!success || !data.name.endsWith(`.${basename(path)}${uploadSuffix}`)) return undefined;
    const there = await fileStatus(join(dirname(path), data.name));
    if (there === undefined || there.size > blob.size) return undefined;
    return new PartialBlob(blob, path, data.name, there.size);
  }

  get offset(): number {
    return this.#offset;
  }

  get token(): string {
    return JSON.stringify({ name: basename(this.#partial) } satisfies z.infer<typeof tokenSchema>);
  }

  async append(part: Readable, size: number, { signal }: CallOptions): Promise<void> {
    const stop = (): void => {
      part.destroy(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      signal.throwIfAborted();
      await this.#within("r+", async (handle) => {
        let at = this.#offset;
        for await (const chunk of part as AsyncIterable<Uint8Array>) at += await writeAll(handle, chunk, at);
        if (at !== this.#offset + size) throw this.#wrongSize("a part", at - this.#offset, size);
      });
      this.#offset += size;
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown;
    } finally {
      signal.removeEventListener("abort", stop);
      part.destroy();
    }
  }

  async readBack(): Promise<Readable> {
    const opened = await openPlain(this.#partial);
    if (opened === undefined)
      throw layoutError("upload-lost", "read-blob", `${this.#partial} is gone; the blob has to start again.`);
    return opened.handle.createReadStream({ start: 0, end: this.#offset - 1, highWaterMark: 1024 * 1024 });
  }

  async commit({ signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    await this.#within("r+", async (handle) => {
      const { size } = await handle.stat();
      if (size !== this.#blob.size) throw this.#wrongSize("the whole", size, this.#blob.size);
      await handle.sync();
    });
    await rename(this.#partial, this.#path).catch((thrown: unknown) => {
      throw ioError("write-file", this.#path, thrown);
    });
    await flushFolder(dirname(this.#path));
  }

  async cancel(): Promise<void> {
    // Best effort by design: what stays is removed with the other leftovers.
    await rm(this.#partial, { force: true }).catch(() => undefined);
  }

  async #within(flags: "wx" | "r+", work: (handle: FileHandle) => Promise<void>): Promise<void> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.#partial, flags === "wx" ? "wx" : openForWriting, 0o644);
      await work(handle);
    } catch (thrown) {
      throw isSystemError(thrown) ? ioError("write-file", this.#partial, thrown) : thrown;
    } finally {
      await handle?.close();
    }
  }

  #wrongSize(what: string, found: number, expected: number): Error {
    return layoutError(
      "size-mismatch",
      "put-blob",
      `The blob ${this.#blob.digest} has ${found} bytes in ${what}; ${expected} were expected.`,
    );
  }
}

/** For reading and writing, without following a link and without making a file. */
const openForWriting = constants.O_RDWR | noFollow;

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<number> {
  let written = 0;
  while (written < chunk.byteLength)
    written += (await handle.write(chunk, written, chunk.byteLength - written, position + written))
      .bytesWritten;
  return written;
}

function tokenOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No token of ours: the upload begins anew.
    return undefined;
  }
}
