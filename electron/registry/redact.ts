// What may be said of a request in logs and errors: never a credential, a token, a signature or an upload's state.
import type { ErrorCode } from "../../shared/errors.ts";
import type { Method } from "./exchange.ts";

/** One exchange as it may be logged. */
export interface RequestLogEntry {
  readonly operation: string;
  readonly method: Method;
  /** Without secrets: values of unknown query parameters are replaced. */
  readonly url: string;
  /** Null where no answer came. */
  readonly status: number | null;
  /** Milliseconds until the answer's headers, or the failure. */
  readonly durationMs: number;
  readonly error: ErrorCode | "stopped" | null;
}

/** Query parameters whose values say nothing secret. Everything else (signatures, `_state`, tokens) is replaced. */
export const openParameters: ReadonlySet<string> = new Set([
  "n",
  "last",
  "digest",
  "mount",
  "from",
  "service",
  "scope",
  "client_id",
  "artifactType",
]);

/** Scheme, host, path, and the query with only known harmless values left. User info is dropped. */
export function redactUrl(url: URL): string {
  const query = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const name = part.split("=", 1)[0] ?? "";
      return openParameters.has(name) || part === name ? part : `${name}=…`;
    });
  return `${url.protocol}//${url.host}${url.pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** Control characters, and the ones that turn text around: C0, DEL, C1, bidirectional marks. */
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text of another machine for a message of ours: printable, on one line, cut. */
export function printable(text: string, limit = 300): string {
  const plain = text.replace(unprintable, " ").trim();
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1)}…`;
}
