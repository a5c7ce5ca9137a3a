// Every byte that passes is counted and hashed in our own process; what is wrong fails before its end is let through.
import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, type DigestAlgorithm, digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";

/** What is held ready for the reader, in bytes; the source's own buffer comes on top. */
const readAhead = 64 * 1024;

export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm): Digest {
  return toDigest(algorithm, createHash(algorithm).update(bytes).digest("hex"));
}

function toDigest(algorithm: DigestAlgorithm, hex: string): Digest {
  const text = `${algorithm}:${hex}`;
  if (isDigest(text)) return text;
  throw new FreightlinerError({
    code: "internal",
    operation: "hash",
    message: `${text} is not a digest.`,
  });
}

/** How far a check has come, kept so that another one can go on from there; only within this process. */
export interface CheckState {
  readonly bytes: number;
  readonly hash: Hash;
}

/** Counts and hashes content against its descriptor. */
export class ContentCheck {
  readonly #blob: Descriptor;
  readonly #what: string;
  readonly #hash: Hash;
  #bytes = 0;

  /**
   * @param what names where the content comes from, for errors.
   * @param from goes on behind the bytes of an earlier check of the same blob.
   */
  constructor(blob: Descriptor, what: string, from?: CheckState) {
    this.#blob = blob;
    this.#what = what;
    this.#hash = from === undefined ? createHash(digestAlgorithm(blob.digest)) : from.hash.copy();
    this.#bytes = from?.bytes ?? 0;
  }

  /** The state at this byte. */
  state(): CheckState {
    return { bytes: this.#bytes, hash: this.#hash.copy() };
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws FreightlinerError `size-mismatch` at the first byte too many. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#blob.size)
      throw this.#wrong("size-mismatch", `more than the ${this.#blob.size} bytes expected`);
    this.#hash.update(chunk);
  }

  /** @throws FreightlinerError `size-mismatch` where bytes are missing, `digest-mismatch`. */
  finish(): void {
    if (this.#bytes !== this.#blob.size)
      throw this.#wrong("size-mismatch", `${this.#bytes} bytes where ${this.#blob.size} were expected`);
    const algorithm = digestAlgorithm(this.#blob.digest);
    const found = toDigest(algorithm, this.#hash.digest("hex"));
    if (found !== this.#blob.digest)
      throw this.#wrong("digest-mismatch", `bytes of ${found} where ${this.#blob.digest} was expected`);
  }

  #wrong(code: "size-mismatch" | "digest-mismatch", found: string): FreightlinerError {
    return new FreightlinerError({
      code,
      operation: "read-blob",
      message: `${this.#what}@${this.#blob.digest} served ${found}.`,
    });
  }
}

export interface VerifyOptions {
  /** Names where the content comes from, for errors: `host/repository`. */
  readonly what: string;
  /** Bytes that came so far; called for every chunk. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Passes a body on and keeps its last piece back until the whole is known to be what its descriptor says: a receiver that
 * waits for `size` bytes can never have them all of a wrong body. Either's end ends the other.
 */
export class VerifiedBody extends Readable {
  readonly #source: Readable;
  readonly #blob: Descriptor;
  readonly #options: VerifyOptions;
  readonly #check: ContentCheck;
  #last: Uint8Array | undefined;
  #failure: Error | undefined;

  constructor(source: Readable, blob: Descriptor, options: VerifyOptions) {
    super({ highWaterMark: readAhead });
    this.#source = source;
    this.#blob = blob;
    this.#options = options;
    this.#check = new ContentCheck(blob, options.what);
    // An error may come before the reader has attached itself; it stays on the stream and is seen then.
    this.on("error", () => undefined);
    source.pause();
    source.on("data", (chunk: Uint8Array) => this.#take(chunk));
    source.once("end", () => this.#ended());
    source.once("error", (error) => this.#broke(error));
    source.once("close", () => {
      if (!source.readableEnded) this.#broke(source.errored);
    });
    if (source.destroyed) this.#broke(source.errored);
  }

  /** Bytes taken from the source. */
  get bytes(): number {
    return this.#check.bytes;
  }

  /** What was wrong with the source or its content; undefined where the reader gave up first. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#source.destroy();
    done(error);
  }

  #take(chunk: Uint8Array): void {
    if (this.destroyed || chunk.length === 0) return;
    try {
      this.#check.add(chunk);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#options.onBytes?.(this.#check.bytes);
    // Whether anything comes behind the last piece, only the source's end tells.
    if (this.#check.bytes === this.#blob.size) this.#last = chunk;
    else if (!this.push(chunk)) this.#source.pause();
  }

  #ended(): void {
    if (this.destroyed) return;
    try {
      this.#check.finish();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#last !== undefined) this.push(this.#last);
    this.push(null);
  }

  #broke(error: Error | null): void {
    const thrown = error ?? new Error("it was closed before its end");
    if (!this.destroyed) this.#fail(asBrokenBody(thrown, this.#options.what, this.#blob));
  }

  #fail(thrown: unknown): void {
    this.#failure = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.destroy(this.#failure);
  }
}

/** An adapter's own error stays; anything else is a connection that broke in mid-body and may be tried again. */
export function asBrokenBody(error: Error, what: string, blob: Descriptor): FreightlinerError {
  if (error instanceof FreightlinerError) return error;
  return new FreightlinerError({
    code: "unreachable",
    operation: "read-blob",
    message: `The body of ${what}@${blob.digest} broke off: ${error.message}`,
    cause: error,
  });
}

export interface ReadOptions extends VerifyOptions {
  /** Asked before more is read; a promise holds the reading back (bandwidth). */
  readonly pace?: (bytes: number) => Promise<void> | undefined;
}

/**
 * Reads a body to its end and throws where it is not what the descriptor says.
 * @throws FreightlinerError `digest-mismatch`, `size-mismatch`, or the body's own error.
 */
export async function readVerified(source: Readable, blob: Descriptor, options: ReadOptions): Promise<void> {
  const body = new VerifiedBody(source, blob, options);
  try {
    // Reading is the point: the check sits in the stream.
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      const held = options.pace?.(chunk.length);
      if (held !== undefined) await held;
    }
  } catch (error) {
    throw body.failure ?? error;
  }
}
