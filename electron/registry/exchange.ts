// One HTTP request with its answer as the parts of the client pass it on; knows no HTTP library.
import type { Readable } from "node:stream";

export type Method = "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";

/**
 * Which pool of connections carries it. Blob bodies have pools of their own in each direction, so that
 * a copy inside one registry cannot wait for a connection that its own download holds.
 */
export type Lane = "control" | "download" | "upload";

export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ExchangeRequest {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable | undefined;
  readonly lane: Lane;
  /** What is being done, for errors and the log: "get-manifest". */
  readonly operation: string;
  /** Replaces the deadline for the answer's headers. */
  readonly headersMs?: number | undefined;
  readonly signal: AbortSignal;
}

export interface ExchangeResponse {
  readonly status: number;
  readonly headers: HeaderMap;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** Must be read to its end or destroyed. It carries a silent error listener, so an early error waits for its reader. */
  readonly body: Readable;
}

/** Sends one request, once. @throws FreightlinerError, or the signal's reason. */
export interface Transport {
  send(request: ExchangeRequest): Promise<ExchangeResponse>;
}

/** The header's value; the first where it came several times. `name` in lower case. */
export function headerOf(headers: HeaderMap, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** Every value of a header that may come several times. */
export function headersOf(headers: HeaderMap, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** The media type of a Content-Type, lower case and without parameters; undefined where there is none. */
export function mediaTypeOf(headers: HeaderMap): string | undefined {
  const value = headerOf(headers, "content-type");
  const type = value?.split(";", 1)[0]?.trim().toLowerCase();
  return type === "" ? undefined : type;
}

/** Content-Length as a number, undefined where missing or nonsense. */
export function lengthOf(headers: HeaderMap): number | undefined {
  const value = headerOf(headers, "content-length");
  if (value === undefined || !/^[0-9]{1,16}$/.test(value.trim())) return undefined;
  const length = Number(value);
  return Number.isSafeInteger(length) ? length : undefined;
}
