// The one door: every frame of every transport is parsed here, known methods are called, answers and errors go back.
import { z } from "zod";
import {
  type Api,
  isMethodName,
  type MethodName,
  type MethodParams,
  type MethodResult,
  methods,
} from "../../shared/contract.ts";
import { FreightlinerError, toFreightlinerError, toWire } from "../../shared/errors.ts";
import {
  type ClientFrame,
  clientFrameSchema,
  type FramePipe,
  type HostFrame,
  maxCallsInFlight,
} from "../../shared/wire.ts";
import { Stopped } from "../engine/ports.ts";
import type { EventHub, Subscriber } from "./event-hub.ts";
import type { Log } from "./log.ts";

/** What a method is given besides its parameters. */
export interface CallContext {
  /** Aborts when the client cancels or goes away, and at the deadline; the reason is a Stopped. */
  readonly signal: AbortSignal;
}

export interface DispatchOptions {
  readonly api: Api<CallContext>;
  readonly hub: EventHub;
  readonly log: Log;
}

/** Serves one client over a pipe until it closes. */
export function serveClient(pipe: FramePipe<HostFrame>, options: DispatchOptions): void {
  new Connection(pipe, options).open();
}

class Connection {
  readonly #pipe: FramePipe<HostFrame>;
  readonly #options: DispatchOptions;
  readonly #calls = new Map<number, AbortController>();
  #subscriber: Subscriber | undefined;
  #closed = false;

  constructor(pipe: FramePipe<HostFrame>, options: DispatchOptions) {
    this.#pipe = pipe;
    this.#options = options;
  }

  open(): void {
    this.#pipe.onFrame((raw) => this.#receive(raw));
    this.#pipe.onClose(() => this.#end());
  }

  #receive(raw: unknown): void {
    // A transport may still deliver what was on its way when the connection was closed.
    if (this.#closed) return;
    const frame = clientFrameSchema.safeParse(raw);
    if (!frame.success) {
      // Nothing that we ship sends such a frame, and an answer has no call to belong to.
      this.#options.log.warn(
        { reason: z.prettifyError(frame.error).slice(0, 500) },
        "closed a client that sent an unreadable frame",
      );
      this.#pipe.close();
      this.#end();
      return;
    }
    this.#handle(frame.data);
  }

  #handle(frame: ClientFrame): void {
    switch (frame.t) {
      case "call":
        this.#begin(frame);
        return;
      case "cancel":
        this.#calls.get(frame.id)?.abort(new Stopped("caller"));
        return;
      case "subscribe":
        this.#subscriber?.leave();
        this.#subscriber = this.#options.hub.join(this.#pipe, frame.since);
        return;
      case "credit":
        this.#subscriber?.grant(frame.batches);
        return;
    }
  }

  #begin(frame: Extract<ClientFrame, { t: "call" }>): void {
    const problem = this.#problemWith(frame.id, frame.method);
    if (problem !== undefined) {
      this.#fail(frame.id, frame.method, problem);
      return;
    }
    if (!isMethodName(frame.method)) {
      this.#fail(frame.id, frame.method, usage(frame.method, `There is no method "${frame.method}".`));
      return;
    }
    const params = methods[frame.method].input.safeParse(frame.params);
    if (params.success) {
      void this.#run(frame.id, frame.method, params.data, frame.deadlineMs);
      return;
    }
    const reason = z.prettifyError(params.error).slice(0, 2000);
    const message = `${frame.method} was called with unexpected parameters: ${reason}`;
    this.#fail(frame.id, frame.method, usage(frame.method, message));
  }

  #problemWith(id: number, method: string): FreightlinerError | undefined {
    if (this.#calls.has(id)) return usage(method, `The call number ${id} is still in use.`);
    if (this.#calls.size < maxCallsInFlight) return undefined;
    const message = `More than ${maxCallsInFlight} calls are open at once; wait for some to end.`;
    return new FreightlinerError({ code: "busy", operation: method, message });
  }

  async #run<M extends MethodName>(
    id: number,
    method: M,
    params: unknown,
    wanted: number | undefined,
  ): Promise<void> {
    const controller = new AbortController();
    this.#calls.set(id, controller);
    const limit = Math.min(wanted ?? Number.POSITIVE_INFINITY, methods[method].deadlineMs);
    const timer = setTimeout(() => controller.abort(new Stopped("deadline")), limit);
    try {
      const value = await untilAborted(
        this.#options.api[method](params as MethodParams<M>, { signal: controller.signal }),
        controller.signal,
      );
      this.#answer(id, method, value);
    } catch (thrown) {
      this.#fail(id, method, explain(thrown, method, limit));
    } finally {
      clearTimeout(timer);
      this.#calls.delete(id);
    }
  }

  #answer<M extends MethodName>(id: number, method: M, value: MethodResult<M>): void {
    const parsed = methods[method].output.safeParse(value);
    if (parsed.success) {
      this.#send({ t: "result", id, value: parsed.data });
      return;
    }
    const reason = z.prettifyError(parsed.error).slice(0, 1000);
    const message = `${method} made an answer that the contract does not allow: ${reason}`;
    this.#fail(id, method, new FreightlinerError({ code: "internal", operation: method, message }));
  }

  #fail(id: number, method: string, error: FreightlinerError): void {
    if (error.code === "internal")
      this.#options.log.error({ method, err: error }, "a call failed for a reason of our own");
    this.#send({ t: "error", id, error: toWire(error) });
  }

  #send(frame: HostFrame): void {
    if (!this.#closed) this.#pipe.send(frame);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscriber?.leave();
    for (const controller of this.#calls.values()) controller.abort(new Stopped("caller"));
  }
}

function usage(operation: string, message: string): FreightlinerError {
  return new FreightlinerError({ code: "usage", operation, message });
}

/** A method that overlooks its signal does not keep the client waiting. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function explain(thrown: unknown, method: string, limitMs: number): FreightlinerError {
  if (!(thrown instanceof Stopped)) return toFreightlinerError(thrown, method);
  return thrown.reason === "deadline"
    ? new FreightlinerError({
        code: "timeout",
        operation: method,
        message: `${method} took longer than ${limitMs} ms.`,
      })
    : new FreightlinerError({ code: "cancelled", operation: method, message: `${method} was cancelled.` });
}
