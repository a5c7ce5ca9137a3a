// The app's one connection to the engine: opens it, keeps it open, and lets every screen call the contract.
import { ContractClient } from "../../shared/client.ts";
import type { Capabilities, MethodInput, MethodName, MethodResult } from "../../shared/contract.ts";
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { emitEvent, emitGap, ProgressFrame } from "./live.ts";
import type { Transport } from "./transport.ts";

export type ConnectionState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open"; readonly capabilities: Capabilities }
  /** Tries again by itself at `retryAt` (milliseconds since 1970). */
  | { readonly kind: "lost"; readonly error: FreightlinerError; readonly retryAt: number }
  /** Only a new start link helps. */
  | { readonly kind: "signed-out"; readonly error: FreightlinerError };

const firstDelayMs = 500;
const longestDelayMs = 10_000;

export class Connection {
  #transport: Transport | undefined;
  #client: ContractClient | undefined;
  #state: ConnectionState = { kind: "connecting" };
  #attempt = 0;
  #lastSeq: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  /** Opens the connection and keeps it open until the page ends. */
  start(transport: Transport): void {
    this.#transport = transport;
    void this.#open(transport);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tries now instead of at the end of the wait. */
  retryNow(): void {
    if (this.#transport === undefined || this.#client !== undefined) return;
    clearTimeout(this.#timer);
    void this.#open(this.#transport);
  }

  /** @throws FreightlinerError as sent by the host; `disconnected` while there is no connection. */
  call<M extends MethodName>(
    method: M,
    params: MethodInput<M>,
    signal?: AbortSignal,
  ): Promise<MethodResult<M>> {
    if (this.#client !== undefined) return this.#client.call(method, params, signal);
    return Promise.reject(
      new FreightlinerError({
        code: "disconnected",
        operation: method,
        message: "There is no connection to Freightliner at the moment. It is being tried again.",
      }),
    );
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  async #open(transport: Transport): Promise<void> {
    this.#set({ kind: "connecting" });
    try {
      const client = new ContractClient(await transport.open());
      const again = this.#lastSeq !== undefined;
      client.lastSeq = this.#lastSeq;
      const frame = new ProgressFrame({
        nextFrame: (draw) => requestAnimationFrame(draw),
        credit: (batches) => client.credit(Math.min(64, batches)),
      });
      client.subscribe({
        onEvent: emitEvent,
        onProgress: (values) => frame.add(values),
        onGap: emitGap,
        onClose: () => this.#closed(client),
      });
      const capabilities = await client.call("app.hello", {});
      this.#client = client;
      this.#attempt = 0;
      this.#set({ kind: "open", capabilities });
      // Calls that failed while the connection was away are asked again.
      if (again) emitGap();
    } catch (thrown) {
      this.#failed(toFreightlinerError(thrown, "connect"));
    }
  }

  #closed(client: ContractClient): void {
    this.#lastSeq = client.lastSeq ?? 0;
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#failed(
      new FreightlinerError({
        code: "disconnected",
        operation: "connect",
        message: "The connection to Freightliner was lost. It is being tried again.",
      }),
    );
  }

  #failed(error: FreightlinerError): void {
    if (error.code === "unauthorized") {
      this.#set({ kind: "signed-out", error });
      return;
    }
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** this.#attempt++);
    this.#set({ kind: "lost", error, retryAt: Date.now() + delay });
    this.#timer = setTimeout(() => this.retryNow(), delay);
  }
}

export const connection = new Connection();

/** Calls a method of the contract over the app's connection. */
export function call<M extends MethodName>(
  method: M,
  params: MethodInput<M>,
  signal?: AbortSignal,
): Promise<MethodResult<M>> {
  return connection.call(method, params, signal);
}
