// Finds out how a registry is reached: https or plain http, and what its ping asks for.
import type { PlainHttp } from "../../shared/endpoint.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isLoopbackHost } from "./addresses.ts";
import { discard, readBody } from "./body.ts";
import { type Challenge, parseChallenges } from "./challenges.ts";
import { type ExchangeResponse, headersOf, mediaTypeOf, type Transport } from "./exchange.ts";
import { caps, maxRedirects } from "./limits.ts";
import { systemCodeOf } from "./network-error.ts";
import { isRedirect, RedirectChain } from "./redirects.ts";
import { responseError } from "./response-error.ts";

export interface PingOptions {
  /** `host[:port]` of the API. */
  readonly host: string;
  readonly plainHttp: PlainHttp;
  readonly userAgent: string;
  readonly deadlineMs: number;
  readonly transport: Transport;
}

/** Where the registry answers and what it asked for. */
export interface Home {
  /** Ends in `/`. */
  readonly base: URL;
  readonly challenges: readonly Challenge[];
}

/** What a plain http server makes of a TLS greeting, or no server at all. A bad certificate is none of these. */
const notTls: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPROTO",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
]);

/**
 * https first, also on loopback: where the port speaks TLS, a password never goes over it in the clear, and the price
 * is one failed handshake in the life of a client. Plain http follows on its own only to loopback, and only
 * where https found no TLS there; everywhere else it takes the user's word (`always`).
 * @throws FreightlinerError `unreachable`, `tls`, `timeout`, `protocol` where no registry answers.
 */
export async function findHome(options: PingOptions, signal: AbortSignal): Promise<Home> {
  const { host, plainHttp } = options;
  const secure = new URL(`https://${host}/`);
  const plain = new URL(`http://${host}/`);
  if (plainHttp === "always") return ping(plain, options, signal);
  if (plainHttp === "never" || !isLoopbackHost(secure.hostname)) return ping(secure, options, signal);
  try {
    return await ping(secure, options, signal);
  } catch (error) {
    const system = error instanceof FreightlinerError ? systemCodeOf(error.cause) : undefined;
    if (system === undefined || !notTls.has(system)) throw error;
    return ping(plain, options, signal);
  }
}

async function ping(base: URL, options: PingOptions, signal: AbortSignal): Promise<Home> {
  const response = await follow(new URL("/v2/", base), options, signal);
  const context = {
    operation: "ping",
    subject: "registry",
    what: "GET /v2/",
    home: response.url.origin,
    deadlineMs: options.deadlineMs,
  } as const;
  const { status } = response;
  // 403 is how some registries greet a stranger; their repositories may still be open.
  if (status !== 200 && status !== 401 && status !== 403) {
    await assertNoClientCertificate(response, options);
    const error = await responseError(response, context);
    if (error.retryable) throw error;
    throw notRegistry(options.host, `GET /v2/ was answered with ${status}`, error);
  }
  discard(response.body);
  if (status === 200 && mediaTypeOf(response.headers) === "text/html") {
    throw notRegistry(options.host, "GET /v2/ was answered with a web page");
  }
  // A redirect on the same host (http to https, a port) moves the base; one to elsewhere was only for this request.
  const moved = response.url.hostname === base.hostname;
  return {
    base: moved ? new URL("/", response.url) : base,
    challenges: parseChallenges(headersOf(response.headers, "www-authenticate")),
  };
}

/**
 * nginx tells in a page of its own, after the handshake, that it wants a client's certificate or will not have this one.
 * https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors
 */
async function assertNoClientCertificate(response: ExchangeResponse, options: PingOptions): Promise<void> {
  const { status, url, headers } = response;
  if (status !== 400 || url.protocol !== "https:" || mediaTypeOf(headers) !== "text/html") return;
  const page = await readBody(response, {
    limit: caps.error,
    what: "an error",
    operation: "ping",
    deadlineMs: options.deadlineMs,
  });
  if (!/SSL certificate/.test(Buffer.from(page).toString("latin1"))) return;
  throw new FreightlinerError({
    code: "tls",
    operation: "ping",
    message: `${options.host} asks for a client certificate, or for another one than it was shown.`,
    retryable: false,
    status,
  });
}

async function follow(start: URL, options: PingOptions, signal: AbortSignal): Promise<ExchangeResponse> {
  const chain = new RedirectChain(start, maxRedirects, "ping");
  let url = start;
  for (;;) {
    const response = await options.transport.send({
      method: "GET",
      url,
      headers: { "accept-encoding": "identity", "user-agent": options.userAgent },
      lane: "control",
      operation: "ping",
      signal,
    });
    if (!isRedirect(response)) return response;
    discard(response.body);
    url = chain.next(response, "GET");
  }
}

function notRegistry(host: string, found: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "protocol",
    operation: "ping",
    message: `${host} is not a container registry: ${found}; 200 or 401 was expected.`,
    cause,
  });
}
