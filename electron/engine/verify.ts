// Every byte that passes is counted and hashed in our own process; what is wrong fails before its end is let through.
import { createHash, type Hash } from "node:crypto";
import { pipeline, type Readable, Transform, type TransformCallback } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, type DigestAlgorithm, digestAlgorithm, isDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";

/** The longest piece hashed without giving way to other work, in bytes: under a millisecond. */
const pieceSize = 512 * 1024;

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
 * Passes a body through and keeps the last piece back until the whole is known to be what its descriptor says: a receiver
 * that waits for `size` bytes can never have them all of a wrong body.
 */
export class VerifiedBody extends Transform {
  readonly #check: ContentCheck;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #held: Uint8Array | undefined;
  #failure: Error | undefined;

  constructor(blob: Descriptor, options: VerifyOptions) {
    super({ highWaterMark: 256 * 1024 });
    this.#check = new ContentCheck(blob, options.what);
    this.#onBytes = options.onBytes;
  }

  /** Connects the source; either's end ends the other. */
  static of(source: Readable, blob: Descriptor, options: VerifyOptions): VerifiedBody {
    const body = new VerifiedBody(blob, options);
    // A reader that gives up ends the source with its own error: only what came first counts.
    source.once("error", (error) => {
      if (!body.destroyed) body.#failure ??= asBrokenBody(error, options.what, blob);
    });
    source.once("close", () => {
      if (source.readableEnded || body.destroyed) return;
      body.#failure ??= asBrokenBody(new Error("it was closed before its end"), options.what, blob);
    });
    // Errors reach whoever reads the body; what is left for the callback is nothing.
    pipeline(source, body, () => undefined);
    return body;
  }

  /** Bytes taken from the source. */
  get bytes(): number {
    return this.#check.bytes;
  }

  /** What was wrong with the source or its content; undefined where the reader gave up first. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hashFrom(chunk, 0, (error) => {
      if (error !== undefined) done(error);
      else done(null, this.#keep(chunk));
    });
  }

  override _flush(done: TransformCallback): void {
    const error = this.#try(() => this.#check.finish());
    if (error !== undefined) done(error);
    else done(null, this.#held);
  }

  /** Keeps the newest piece back and gives the one before it. */
  #keep(chunk: Uint8Array): Uint8Array | undefined {
    if (chunk.length === 0) return undefined;
    const before = this.#held;
    this.#held = chunk;
    this.#onBytes?.(this.#check.bytes);
    return before;
  }

  /** Piece by piece, so that a huge chunk does not hold up everything else. */
  #hashFrom(chunk: Uint8Array, start: number, done: (error: Error | undefined) => void): void {
    const end = start + pieceSize;
    const error = this.#try(() => this.#check.add(chunk.subarray(start, end)));
    if (error !== undefined || end >= chunk.length) done(error);
    else setImmediate(() => this.#hashFrom(chunk, end, done));
  }

  #try(step: () => void): Error | undefined {
    try {
      step();
      return undefined;
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      return this.#failure;
    }
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
  const body = VerifiedBody.of(source, blob, options);
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
