// Cuts one body into parts without copying: each part is a stream of an exact length, hashed as it leaves.
import { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import type { ContentCheck } from "./verify.ts";

/** What a part holds ready for its connection, in bytes; the source's own buffer comes on top. */
const partBuffer = 64 * 1024;

interface OpenPart {
  readonly stream: Readable;
  readonly onBytes: ((bytes: number) => void) | undefined;
  left: number;
}

/** Only one part is open at a time; between two the source fills its buffer and waits. */
export class BodyParts {
  readonly #source: Readable;
  readonly #check: ContentCheck;
  #part: OpenPart | undefined;
  /** What came behind the end of a part. */
  #rest: Uint8Array | undefined;
  #failure: Error | undefined;

  constructor(source: Readable, check: ContentCheck) {
    this.#source = source;
    this.#check = check;
    source.pause();
    source.on("data", (chunk: Uint8Array) => this.#give(chunk));
    source.once("error", (error) => this.#fail(error));
    source.once("close", () => {
      if (!source.readableEnded) this.#fail(closedEarly());
    });
    source.once("end", () => {
      if (this.#part !== undefined) this.#fail(closedEarly());
    });
  }

  /** What was wrong with the source or its content; undefined where only a part's reader gave up. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /**
   * The next `size` bytes, at least one, as a stream. Destroying it in the middle spoils the whole body.
   * @param onBytes told how many bytes each piece has that leaves.
   */
  next(size: number, onBytes?: (bytes: number) => void): Readable {
    const stream = new Readable({
      highWaterMark: partBuffer,
      read: () => this.#go(),
      destroy: (error, done) => {
        if (this.#part?.stream === stream) this.#part = undefined;
        done(error);
      },
    });
    // The transport may not have attached itself yet; the error stays on the stream and is seen then.
    stream.on("error", () => undefined);
    if (this.#failure !== undefined) stream.destroy(this.#failure);
    else this.#part = { stream, onBytes, left: size };
    return stream;
  }

  /** Hashes bytes that need not go anywhere. @throws what the source failed with. */
  async pass(size: number): Promise<void> {
    if (size === 0) return;
    const part = this.next(size);
    // Reading is the point: the hash is fed on the way.
    for await (const _ of part);
  }

  #go(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#give(rest);
    else if (this.#part !== undefined) this.#source.resume();
  }

  #give(chunk: Uint8Array): void {
    const part = this.#part;
    if (part === undefined) {
      this.#source.pause();
      this.#rest = chunk;
      return;
    }
    const piece = chunk.length > part.left ? chunk.subarray(0, part.left) : chunk;
    if (piece.length < chunk.length) this.#rest = chunk.subarray(piece.length);
    try {
      this.#check.add(piece);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    part.left -= piece.length;
    part.onBytes?.(piece.length);
    const complete = part.left === 0;
    // First: a push may ask for more at once.
    if (complete) this.#part = undefined;
    const wanted = part.stream.push(piece);
    if (complete) {
      part.stream.push(null);
      this.#source.pause();
    } else if (!wanted) this.#source.pause();
    else this.#source.resume();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const part = this.#part;
    this.#part = undefined;
    part?.stream.destroy(this.#failure);
  }
}

function closedEarly(): FreightlinerError {
  return new FreightlinerError({
    code: "unreachable",
    operation: "read-blob",
    message: "The body was closed before its end.",
  });
}
