// What the operating system, TLS and the HTTP library throw, as our codes.
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import type { ExchangeRequest } from "./exchange.ts";
import { tlsReason, unreachableReason } from "./network-words.ts";

const codes: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  ECONNABORTED: "unreachable",
  EPIPE: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  EAI_NODATA: "unreachable",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  UND_ERR_SOCKET: "unreachable",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "too-large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "size-mismatch",
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: "size-mismatch",
  UND_ERR_DESTROYED: "cancelled",
  UND_ERR_CLOSED: "cancelled",
  EPROTO: "tls",
};

const certificate =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|CRL_)/;

/** The code of a system, TLS or library error; a connection tried on several addresses keeps it one level down. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // The parser knows codes for some of its errors only.
  if (error.name === "HTTPParserError") return "HPE_INVALID";
  if ("code" in error && typeof error.code === "string" && error.code !== "") return error.code;
  if (error instanceof AggregateError) return systemCodeOf(error.errors[0]);
  return undefined;
}

function codeFor(system: string | undefined): ErrorCode {
  if (system === undefined) return "internal";
  const known = codes[system];
  if (known !== undefined) return known;
  if (certificate.test(system)) return "tls";
  return system.startsWith("HPE_") ? "protocol" : "internal";
}

/** `example.com:443`: the port is named even where it is the scheme's own. */
export function addressOf(url: URL): string {
  return `${url.hostname}:${url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port}`;
}

function sentence(code: ErrorCode, system: string | undefined, address: string, detail: string): string {
  switch (code) {
    case "unreachable":
      return `${address} cannot be reached: ${unreachableReason(system, detail)}.`;
    case "timeout":
      return `${address} did not answer in time (${system}).`;
    case "tls":
      return `No trusted TLS connection to ${address}: ${tlsReason(system, detail)}.`;
    case "too-large":
      return `${address} sent response headers beyond the limit.`;
    case "size-mismatch":
      return `The transfer with ${address} ended before its announced length.`;
    case "cancelled":
      return `The connection to ${address} was closed by this program.`;
    case "protocol":
      return `${address} does not speak HTTP/1.1 correctly: ${detail} (${system}).`;
    default:
      return `The request to ${address} failed: ${detail}${system === undefined ? "" : ` (${system})`}.`;
  }
}

/**
 * The error to throw for whatever an exchange threw. The signal's own reason and our own errors
 * (a body that did not match its digest, a refused address) pass unchanged.
 */
export function toNetworkError(
  thrown: unknown,
  request: Pick<ExchangeRequest, "url" | "operation" | "signal">,
): Error {
  if (request.signal.aborted) {
    const reason: unknown = request.signal.reason;
    return reason instanceof Error ? reason : new Error("stopped", { cause: reason });
  }
  if (thrown instanceof FreightlinerError) return thrown;
  const system = systemCodeOf(thrown);
  const code = codeFor(system);
  const first = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const detail =
    (first instanceof Error ? first.message : String(first)).split("\n", 1)[0]?.slice(0, 200) ?? "";
  return new FreightlinerError({
    code,
    operation: request.operation,
    message: sentence(code, system, addressOf(request.url), detail),
    cause: thrown,
  });
}
