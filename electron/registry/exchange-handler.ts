// Carries one exchange from the HTTP library's callbacks to a promise and a stream with back-pressure.
import { Readable } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import type { ExchangeRequest, ExchangeResponse, HeaderMap } from "./exchange.ts";
import type { Deadlines } from "./limits.ts";
import { toNetworkError } from "./network-error.ts";
import { Watchdog } from "./watchdog.ts";

/** The part of the library's controller that is used. */
interface Controller {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/**
 * One piece as the socket reads it: the socket's own buffers keep it busy while the other side of a copy writes. What lies here
 * while a part is acknowledged outlives the young generation of the heap, and is then freed only after 64 MiB of such:
 * with four pieces here a 4 GiB copy had a peak of 156 MiB instead of 148, and took no less time.
 */
const highWaterMark = 64 * 1024;

/** Answers like 103 that may come before the answer (protocol.md 8, row 20). */
const mostInformational = 8;

export class ExchangeHandler {
  readonly response: Promise<ExchangeResponse>;
  readonly #request: ExchangeRequest;
  readonly #deadlines: Deadlines;
  readonly #resolve: (response: ExchangeResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onAbort = () => this.fail(this.#request.signal.reason);
  #controller: Controller | undefined;
  #body: Readable | undefined;
  #failure: Error | undefined;
  #ended = false;
  #paused = false;
  #sent = false;
  #informational = 0;
  #watchdog: Watchdog | undefined;

  constructor(request: ExchangeRequest, deadlines: Deadlines) {
    this.#request = request;
    this.#deadlines = deadlines;
    const { promise, resolve, reject } = Promise.withResolvers<ExchangeResponse>();
    this.response = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal.addEventListener("abort", this.#onAbort, { once: true });
    // A request that waits for a free connection is not yet known to the library's abort, but it must hear its signal too.
    if (request.signal.aborted) this.#onAbort();
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#failure !== undefined) {
      controller.abort(this.#failure);
      return;
    }
    const body = this.#request.body;
    // Paused by the library = the socket takes no more: then it is the registry that has to move.
    if (body instanceof Readable) this.#watch(() => body.isPaused() && !this.#sent);
  }

  onBodySent(chunk: Uint8Array | string): void {
    this.#watchdog?.count(chunk.length);
  }

  onRequestSent(): void {
    this.#sent = true;
  }

  onResponseStart(controller: Controller, status: number, headers: HeaderMap): void {
    if (status < 200) {
      // Each of them begins the time for the headers anew: without an end to them it would have none.
      this.#informational += 1;
      if (this.#informational > mostInformational) this.fail(this.#neverAnswers());
      return;
    }
    const bulk = this.#request.lane === "download";
    const body = new Readable({
      highWaterMark,
      read: () => {
        this.#paused = false;
        controller.resume();
      },
      destroy: (error, done) => {
        this.#stop();
        if (!this.#ended) controller.abort(error ?? new Error("the answer was not wanted to its end"));
        done(error);
      },
    });
    // An error may come before the reader has attached itself; it stays on the stream and is seen then.
    body.on("error", () => {});
    this.#body = body;
    if (bulk) this.#watch(() => !this.#paused);
    this.#resolve({ status, headers, url: this.#request.url, body });
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#body === undefined || this.#body.destroyed) return;
    this.#watchdog?.count(chunk.length);
    if (!this.#body.push(chunk)) {
      this.#paused = true;
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#ended = true;
    // The signal is heard until the last buffered piece is read, too.
    this.#watchdog?.stop();
    this.#body?.push(null);
    // An answer before the whole body was taken: nobody will read the rest of it.
    if (!this.#sent && this.#request.body instanceof Readable) this.#request.body.destroy();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(error);
  }

  /** Ends the exchange whatever state it is in; later calls do nothing. */
  fail(thrown: unknown): void {
    if (this.#failure !== undefined) return;
    const error = toNetworkError(thrown, this.#request);
    this.#failure = error;
    this.#stop();
    this.#reject(error);
    this.#body?.destroy(error);
    if (this.#ended) return;
    if (this.#request.body instanceof Readable) this.#request.body.destroy(error);
    this.#controller?.abort(error);
  }

  #watch(networkIsDue: () => boolean): void {
    this.#watchdog?.stop();
    const { throughputWindowMs, minimumBytesPerSecond } = this.#deadlines;
    this.#watchdog = new Watchdog({
      windowMs: throughputWindowMs,
      minimumBytesPerSecond,
      networkIsDue,
      onStall: () => this.fail(this.#tooSlow()),
    });
  }

  #neverAnswers(): FreightlinerError {
    return new FreightlinerError({
      code: "protocol",
      operation: this.#request.operation,
      message: `${this.#request.url.host} announced its answer more than ${mostInformational} times and did not give it.`,
    });
  }

  #tooSlow(): FreightlinerError {
    const { throughputWindowMs, minimumBytesPerSecond } = this.#deadlines;
    return new FreightlinerError({
      code: "timeout",
      operation: this.#request.operation,
      message: `${this.#request.url.host} moved fewer than ${minimumBytesPerSecond} bytes a second for ${throughputWindowMs / 1000} seconds; the transfer was given up.`,
    });
  }

  #stop(): void {
    this.#watchdog?.stop();
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }
}
