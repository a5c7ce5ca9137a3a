// How a cloud's own library sends its requests: by a port, so that they go the way of the registry they are for.
import type { CancelSignal } from "./client.ts";
import type { FreightlinerError } from "./errors.ts";

export interface CloudRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: CancelSignal | undefined;
  /** Milliseconds after which it is stopped as by its signal; 0 = as long as the line itself waits. */
  readonly timeoutMs?: number | undefined;
}

export interface CloudAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Sends one request, follows no redirect, and reads the whole answer.
 * @throws FreightlinerError where there is no answer.
 */
export type CloudCall = (request: CloudRequest) => Promise<CloudAnswer>;

/** The network of one registry, for the libraries of clouds. */
export interface CloudLine {
  readonly call: CloudCall;
  /** Why the last request had no answer; undefined where it had one. Libraries lose it among their own errors. */
  readonly failure: FreightlinerError | undefined;
  close(): Promise<void>;
}
