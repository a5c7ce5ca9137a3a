// The contract's client side over any frame pipe: calls with cancel, events with gap detection, progress with credits.
import {
  type EventData,
  type EventName,
  eventNames,
  events,
  type MethodInput,
  type MethodName,
  type MethodResult,
  methods,
  type ProgressValue,
} from "./contract.ts";
import { FreightlinerError, fromWire } from "./errors.ts";
import { type ClientFrame, type FramePipe, hostFrameSchema } from "./wire.ts";

/** The part of an AbortSignal that is needed; shared/ knows neither DOM nor Node. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface ClientListeners {
  /** A numbered state event. */
  readonly onEvent: <E extends EventName>(name: E, data: EventData<E>) => void;
  /** Merged progress; null says that the key is over. Call the returned function of `subscribe` after it was shown. */
  readonly onProgress: (values: readonly (readonly [string, ProgressValue | null])[]) => void;
  /** Events were missed: everything shown must be read again. */
  readonly onGap: () => void;
  readonly onClose: () => void;
}

interface Pending {
  readonly method: MethodName;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly done: () => void;
}

export class ContractClient {
  readonly #pipe: FramePipe<ClientFrame>;
  readonly #pending = new Map<number, Pending>();
  #listeners: ClientListeners | undefined;
  #nextId = 1;
  #lastSeq: number | undefined;
  #closed = false;

  constructor(pipe: FramePipe<ClientFrame>) {
    this.#pipe = pipe;
    pipe.onFrame((frame) => this.#receive(frame));
    pipe.onClose(() => this.#end());
  }

  /**
   * Calls a method of the contract.
   * @throws FreightlinerError as sent by the host; `disconnected` when the connection to the host is lost, `cancelled` by the signal.
   */
  call<M extends MethodName>(
    method: M,
    params: MethodInput<M>,
    signal?: CancelSignal,
  ): Promise<MethodResult<M>> {
    if (this.#closed) return Promise.reject(lost(method));
    if (signal?.aborted) return Promise.reject(cancelled(method));
    const id = this.#nextId++;
    return new Promise<MethodResult<M>>((resolve, reject) => {
      const cancel = (): void => {
        this.#pipe.send({ t: "cancel", id });
        this.#settle(id)?.reject(cancelled(method));
      };
      signal?.addEventListener("abort", cancel);
      const done = (): void => signal?.removeEventListener("abort", cancel);
      this.#pending.set(id, { method, resolve, reject, done });
      this.#pipe.send({ t: "call", id, method, params });
    });
  }

  /** Starts events and progress. A second call continues after the last number seen. */
  subscribe(listeners: ClientListeners): void {
    this.#listeners = listeners;
    this.#pipe.send({ t: "subscribe", ...(this.#lastSeq === undefined ? {} : { since: this.#lastSeq }) });
    this.credit(2);
  }

  /** Lets the host send this many further progress batches; call it with 1 when a batch was shown. */
  credit(batches: number): void {
    if (!this.#closed) this.#pipe.send({ t: "credit", batches });
  }

  /** The number of the last event seen, to continue from on another connection. */
  get lastSeq(): number | undefined {
    return this.#lastSeq;
  }
  set lastSeq(seq: number | undefined) {
    this.#lastSeq = seq;
  }

  close(): void {
    this.#pipe.close();
    this.#end();
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.done();
    return pending;
  }

  #receive(raw: unknown): void {
    const parsed = hostFrameSchema.safeParse(raw);
    if (!parsed.success) {
      this.close();
      return;
    }
    const frame = parsed.data;
    switch (frame.t) {
      case "result": {
        const pending = this.#settle(frame.id);
        if (pending === undefined) return;
        const value = methods[pending.method].output.safeParse(frame.value);
        if (value.success) pending.resolve(value.data as never);
        else pending.reject(unreadable(pending.method, value.error));
        return;
      }
      case "error":
        this.#settle(frame.id)?.reject(fromWire(frame.error));
        return;
      case "event":
        this.#receiveEvent(frame.seq, frame.name, frame.data);
        return;
      case "progress":
        this.#listeners?.onProgress(frame.values);
        return;
      case "subscribed":
        this.#lastSeq = frame.seq;
        if (frame.gap) this.#listeners?.onGap();
        return;
    }
  }

  #receiveEvent(seq: number, name: string, data: unknown): void {
    const missed = this.#lastSeq !== undefined && seq > this.#lastSeq + 1;
    if (this.#lastSeq !== undefined && seq <= this.#lastSeq) return;
    this.#lastSeq = seq;
    const known = eventNames.find((candidate) => candidate === name);
    const parsed = known === undefined ? undefined : events[known].safeParse(data);
    if (known === undefined || parsed?.success !== true || missed) this.#listeners?.onGap();
    if (known !== undefined && parsed?.success === true)
      this.#listeners?.onEvent(known, parsed.data as never);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#pending.keys()]) {
      const pending = this.#settle(id);
      pending?.reject(lost(pending.method));
    }
    this.#listeners?.onClose();
  }
}

function lost(method: string): FreightlinerError {
  return new FreightlinerError({
    code: "disconnected",
    operation: method,
    message: "The connection to Freightliner's engine was lost.",
  });
}
function cancelled(method: string): FreightlinerError {
  return new FreightlinerError({ code: "cancelled", operation: method, message: "The call was cancelled." });
}
function unreadable(method: string, cause: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "protocol",
    operation: method,
    message: `The engine's answer to ${method} has an unexpected shape.`,
    cause,
  });
}
