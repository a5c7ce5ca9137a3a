// The last guard before an upload: the closing bytes leave only after the body has ended well and with the right length.
import { Transform, type TransformCallback } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";

/**
 * A request with Content-Length is complete with its last byte, not with the end of the stream behind it. A body that
 * finds out at its end that its digest is wrong would come too late. So the newest piece is always held back until
 * the next one or the end has come; an error then leaves the request incomplete and nothing is committed.
 */
export class UploadBody extends Transform {
  readonly #size: number;
  readonly #what: string;
  #held: Uint8Array | undefined;
  #count = 0;

  /** @param size bytes that must come, exactly. */
  constructor(size: number, what: string) {
    super({ readableHighWaterMark: 256 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#size = size;
    this.#what = what;
    // The transport may not have attached itself yet; the error stays on the stream and is seen then.
    this.on("error", () => {});
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    if (chunk.length === 0) {
      done();
      return;
    }
    this.#count += chunk.length;
    if (this.#count > this.#size) {
      done(this.#wrongSize(`more than ${this.#size}`));
      return;
    }
    const previous = this.#held;
    this.#held = chunk;
    done(null, previous);
  }

  override _flush(done: TransformCallback): void {
    if (this.#count !== this.#size) done(this.#wrongSize(String(this.#count)));
    else done(null, this.#held);
  }

  #wrongSize(found: string): FreightlinerError {
    return new FreightlinerError({
      code: "size-mismatch",
      operation: "put-blob",
      message: `${this.#what} has ${found} bytes; ${this.#size} were expected. The upload was not completed.`,
    });
  }
}
