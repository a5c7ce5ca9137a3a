// A blob's body that goes on by itself where its connection breaks, so that an upload in progress need not be sent again.
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { BandwidthMeter } from "./bandwidth.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Clock, OpenedBlob } from "./ports.ts";
import { asBrokenBody } from "./verify.ts";

/** A second break counts as one of its own after so many bytes, or after so long (containerd's rule, protocol.md 2.7). */
const progressBytes = 1024 * 1024;
const progressMs = 60_000;
/** Fewer bytes are no progress however long they took: a source that drips would be waited for without end. */
const leastProgress = 64 * 1024;
/** What is read ahead while the other end of a copy is busy, in bytes. */
const readAhead = 64 * 1024;

export interface SourceBodyOptions {
  readonly side: EndpointSide;
  readonly repository: string;
  readonly blob: Descriptor;
  /** The first byte that is wanted; 0 by default. */
  readonly offset?: number;
  /** What an earlier answer called this content. */
  readonly validator?: string | undefined;
  readonly meter: BandwidthMeter;
  readonly clock: Pick<Clock, "monotonic">;
  readonly signal: AbortSignal;
}

interface Break {
  readonly position: number;
  readonly time: number;
}

function hasProgress(before: Break, now: Break): boolean {
  const bytes = now.position - before.position;
  return bytes >= progressBytes || (bytes >= leastProgress && now.time - before.time >= progressMs);
}

export class SourceBody extends Readable {
  readonly #options: SourceBodyOptions;
  #inner: Readable | undefined;
  /** Of the next byte to be handed on. */
  #position: number;
  /** Bytes of the current connection that were handed on before it. */
  #skip = 0;
  #validator: string | undefined;
  #brokeAt: Break | undefined;
  /** A bandwidth limit holds a chunk back. */
  #held = false;
  #innerEnded = false;

  private constructor(options: SourceBodyOptions) {
    super({ highWaterMark: readAhead });
    this.#options = options;
    this.#position = options.offset ?? 0;
    this.#validator = options.validator;
    // An error may come before the reader has attached itself; it stays on the stream and is seen then.
    this.on("error", () => undefined);
  }

  /** @throws what opening throws, said of its side; later failures are the stream's error. */
  static async open(options: SourceBodyOptions): Promise<SourceBody> {
    const body = new SourceBody(options);
    try {
      body.#attach(await body.#ask());
    } catch (error) {
      throw options.side.named(error, "get-blob");
    }
    return body;
  }

  /** What the newest answer called the content. */
  get validator(): string | undefined {
    return this.#validator;
  }

  override _read(): void {
    if (!this.#held) this.#inner?.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner?.destroy();
    done(error);
  }

  #ask(): Promise<OpenedBlob> {
    const { side, repository, blob, signal } = this.#options;
    const options = { signal, offset: this.#position, validator: this.#validator };
    return side.endpoint.openBlob(repository, blob, options);
  }

  #attach({ body, offset, validator }: OpenedBlob): void {
    if (this.destroyed || offset > this.#position) {
      body.destroy();
      if (!this.destroyed) throw this.#error("protocol", `began at byte ${offset}, not ${this.#position}`);
      return;
    }
    this.#skip = this.#position - offset;
    this.#validator = validator;
    this.#inner = body;
    this.#innerEnded = false;
    body.pause();
    body.on("data", (chunk: Uint8Array) => this.#take(chunk));
    body.once("error", (error) => this.#broke(body, error));
    body.once("end", () => {
      this.#innerEnded = true;
      if (!this.#held) this.#ended();
    });
    body.once("close", () => {
      if (!body.readableEnded) this.#broke(body, new Error("it was closed before its end"));
    });
  }

  #take(chunk: Uint8Array): void {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    const fresh = skipped === 0 ? chunk : chunk.subarray(skipped);
    if (fresh.length === 0) return;
    this.#position += fresh.length;
    const { meter, signal } = this.#options;
    if (meter.piece < Number.POSITIVE_INFINITY) {
      void this.#handOnPaced(fresh);
      return;
    }
    // Without a limit only counted.
    void meter.take(fresh.length, signal);
    if (!this.push(fresh)) this.#inner?.pause();
  }

  /** Piece by piece, as the limit allows; nothing more is read meanwhile. A changed limit holds from the next piece on. */
  async #handOnPaced(chunk: Uint8Array): Promise<void> {
    const { meter, signal } = this.#options;
    this.#held = true;
    this.#inner?.pause();
    let wanted = true;
    try {
      for (let at = 0; at < chunk.length && !this.destroyed; ) {
        const piece = chunk.subarray(at, at + meter.piece);
        await meter.take(piece.length, signal);
        at += piece.length;
        if (!this.destroyed) wanted = this.push(piece);
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
    this.#held = false;
    if (this.destroyed) return;
    if (this.#innerEnded) this.#ended();
    else if (wanted) this.#inner?.resume();
  }

  #ended(): void {
    const { size } = this.#options.blob;
    const inner = this.#inner;
    if (this.#position >= size) this.push(null);
    else if (inner !== undefined)
      this.#broke(
        inner,
        this.#error("size-mismatch", `served ${this.#position} bytes where ${size} were expected`),
      );
  }

  #broke(inner: Readable, thrown: Error): void {
    if (this.destroyed || this.#inner !== inner) return;
    this.#inner = undefined;
    const { side, signal, repository, blob, clock } = this.#options;
    const error = asBrokenBody(thrown, `${side.endpoint.host}/${repository}`, blob);
    if (signal.aborted) {
      this.destroy(signal.reason instanceof Error ? signal.reason : error);
      return;
    }
    const before = this.#brokeAt;
    this.#brokeAt = { position: this.#position, time: clock.monotonic() };
    if (before !== undefined && !hasProgress(before, this.#brokeAt)) {
      this.destroy(error);
      return;
    }
    // The break is a failed try like any other: it is counted and waited for, and the host's door is passed again.
    side
      .retrying(
        "get-blob",
        signal,
        (attempt) => (attempt === 1 ? Promise.reject(error) : side.askInSlot(signal, () => this.#ask())),
        "call",
      )
      .then((opened) => {
        this.#attach(opened);
        if (!this.#held) this.#inner?.resume();
      })
      .catch((reason: unknown) => this.destroy(reason instanceof Error ? reason : error));
  }

  #error(code: "protocol" | "size-mismatch", found: string): FreightlinerError {
    const { side, repository, blob } = this.#options;
    return new FreightlinerError({
      code,
      operation: "read-blob",
      message: `${side.endpoint.host}/${repository}@${blob.digest} ${found}.`,
    });
  }
}
