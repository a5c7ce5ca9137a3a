// The transport: one HTTP/1.1 exchange over pooled connections. It and network/connections.ts alone name the HTTP library.
import Agent from "undici/lib/dispatcher/agent.js";
import { FreightlinerError } from "../../shared/errors.ts";
import { discard } from "./body.ts";
import {
  type ExchangeRequest,
  type ExchangeResponse,
  headerOf,
  headersOf,
  type Lane,
  type Transport,
} from "./exchange.ts";
import { ExchangeHandler } from "./exchange-handler.ts";
import { caps, type Deadlines } from "./limits.ts";
import { type ConnectionOptions, Connections, type Connector } from "./network/connections.ts";
import type { HttpProxy } from "./network/proxy.ts";
import { proxyRefused } from "./network/proxy-error.ts";
import { toNetworkError } from "./network-error.ts";
import { type TlsFacts, tlsFactsOf } from "./tls-facts.ts";

export interface HttpOptions extends Omit<ConnectionOptions, "connectMs"> {
  /** Connections per host and lane. */
  readonly connections: number;
  readonly deadlines: Deadlines;
}

export class Http implements Transport {
  readonly #options: HttpOptions;
  readonly #connections: Connections;
  /** By lane, and by proxy where requests are handed to one whole. */
  readonly #agents = new Map<string, Agent>();
  #closed = false;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#connections = new Connections({ ...options, connectMs: options.deadlines.connectMs });
  }

  /**
   * @throws FreightlinerError `unreachable`, `tls`, `timeout`, `protocol`, `redirect-refused`, `configuration` for files and
   * proxies that cannot be used; or the signal's reason.
   */
  async send(request: ExchangeRequest): Promise<ExchangeResponse> {
    request.signal.throwIfAborted();
    const { url } = request;
    // The error of a file is told as it is, before any connection is tried.
    await this.#connections.ready();
    const proxy = this.#connections.relayOf(url);
    const signIn =
      proxy === undefined ? undefined : await this.#connections.authorizationFor(proxy, request.signal);
    const agent = this.#agent(request.lane, proxy);
    const handler = new ExchangeHandler(request, this.#options.deadlines);
    if (request.signal.aborted) return handler.response;
    try {
      agent.dispatch(
        {
          ...(proxy === undefined ? direct(request) : relayed(request, proxy, signIn)),
          method: request.method,
          body: request.body ?? null,
          headersTimeout: request.headersMs ?? this.#options.deadlines.headersMs,
          bodyTimeout: this.#options.deadlines.idleBodyMs,
          // The library closes after a HEAD unless told not to; that would be a new connection for every blob check.
          ...(request.method === "HEAD" ? { reset: false } : {}),
        },
        handler,
      );
    } catch (thrown) {
      handler.fail(thrown);
    }
    const response = await handler.response;
    if (proxy === undefined || !refusesByItself(response, signIn !== undefined)) return response;
    discard(response.body);
    const challenges = headersOf(response.headers, "proxy-authenticate");
    throw proxyRefused(proxy, url.host, { status: 407, challenges, signedIn: signIn !== undefined });
  }

  /**
   * What the TLS of a host looks like, over a connection of its own that sends nothing.
   * @throws FreightlinerError as `send`; or the signal's reason.
   */
  async tlsFacts(base: URL, signal: AbortSignal): Promise<TlsFacts> {
    signal.throwIfAborted();
    try {
      return await tlsFactsOf(this.#connections, base, signal);
    } catch (thrown) {
      throw toNetworkError(thrown, { url: base, operation: "tls-facts", signal });
    }
  }

  /** `http://host:port` of the proxy by which a host is reached. @throws FreightlinerError `configuration`. */
  proxyFor(url: URL): string | undefined {
    return this.#connections.proxyFor(url)?.url.origin;
  }

  /** Ends all exchanges and connections. */
  async close(): Promise<void> {
    this.#closed = true;
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    this.#connections.close();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  #agent(lane: Lane, proxy: HttpProxy | undefined): Agent {
    if (this.#closed) {
      throw new FreightlinerError({
        code: "cancelled",
        operation: "connect",
        message: `The client of ${this.#options.host} was closed.`,
      });
    }
    const key = proxy === undefined ? lane : `${lane} ${proxy.url.origin}`;
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const agent = this.#newAgent(
      proxy === undefined ? this.#connections.connect : this.#connections.connectProxy(proxy),
    );
    this.#agents.set(key, agent);
    return agent;
  }

  #newAgent(connect: Connector): Agent {
    const { connections, deadlines } = this.#options;
    return new Agent({
      connect,
      connections,
      // One HTTP/2 connection would carry every blob through one window (design: HTTP/1.1 for bulk).
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: deadlines.keepAliveMs,
      keepAliveMaxTimeout: deadlines.keepAliveMs,
      maxHeaderSize: caps.responseHeaders,
    });
  }
}

/**
 * True where a proxy speaks for itself and has not asked the registry. tinyproxy answers a wrong password with 401, as a
 * registry would; but it signs with its own name only what it did not pass on.
 */
function refusesByItself({ status, headers }: ExchangeResponse, signedIn: boolean): boolean {
  if (status === 407) return true;
  if (status !== 401 || !signedIn) return false;
  return headerOf(headers, "server")?.startsWith("tinyproxy/") === true && headers.via === undefined;
}

function direct({ url, headers }: ExchangeRequest) {
  // The query keeps its bytes: upload sessions and signed URLs are checked by those who wrote them.
  return { origin: url.origin, path: `${url.pathname}${url.search}`, headers };
}

/** The absolute form: https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form */
function relayed({ url, headers }: ExchangeRequest, proxy: HttpProxy, signIn: string | undefined) {
  return {
    origin: proxy.url.origin,
    path: `${url.origin}${url.pathname}${url.search}`,
    headers: {
      ...headers,
      host: url.host,
      ...(signIn === undefined ? {} : { "proxy-authorization": signIn }),
    },
    // Without it the library would ask an https proxy for the registry's certificate.
    ...(proxy.url.protocol === "https:" ? { servername: proxy.url.hostname } : {}),
  };
}
