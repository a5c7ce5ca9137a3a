// The last guard before an upload: the closing bytes leave only after the body has ended well and with the right length.
import { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";

/** What is held ready for the connection, in bytes; the body's own buffer comes on top. */
const readAhead = 64 * 1024;

/**
 * A request with Content-Length is complete with its last byte, not with the end of the stream behind it. A body that
 * finds out at its end that its digest is wrong would come too late. So the newest piece is always held back until the next
 * one or the end has come; an error then leaves the request incomplete and nothing is committed. Either's end ends the other.
 */
export class UploadBody extends Readable {
  readonly #source: Readable;
  readonly #size: number;
  readonly #what: string;
  #held: Uint8Array | undefined;
  #count = 0;

  /** @param size bytes that must come, exactly. */
  constructor(source: Readable, size: number, what: string) {
    super({ highWaterMark: readAhead });
    this.#source = source;
    this.#size = size;
    this.#what = what;
    // The transport may not have attached itself yet; the error stays on the stream and is seen then.
    this.on("error", () => undefined);
    source.pause();
    source.on("data", (chunk: Uint8Array) => this.#take(chunk));
    source.once("end", () => this.#ended());
    source.once("error", () => this.#broke());
    source.once("close", () => {
      if (!source.readableEnded) this.#broke();
    });
    if (source.destroyed) this.#broke();
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
    this.#count += chunk.length;
    if (this.#count > this.#size) {
      this.destroy(this.#wrongSize(`more than ${this.#size}`));
      return;
    }
    const previous = this.#held;
    this.#held = chunk;
    if (previous !== undefined && !this.push(previous)) this.#source.pause();
  }

  #ended(): void {
    if (this.destroyed) return;
    if (this.#count !== this.#size) {
      this.destroy(this.#wrongSize(String(this.#count)));
      return;
    }
    if (this.#held !== undefined) this.push(this.#held);
    this.push(null);
  }

  #broke(): void {
    this.destroy(this.#source.errored ?? new Error("The body was closed before its end."));
  }

  #wrongSize(found: string): FreightlinerError {
    return new FreightlinerError({
      code: "size-mismatch",
      operation: "put-blob",
      message: `${this.#what} has ${found} bytes; ${this.#size} were expected. The upload was not completed.`,
    });
  }
}
