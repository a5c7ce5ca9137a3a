// The transport: one HTTP/1.1 exchange over pooled connections. The only file that names the HTTP library.
import { lookup as resolveName } from "node:dns";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { createSecureContext, rootCertificates } from "node:tls";
import type { buildConnector as connecting } from "undici";
// Only what is used: the whole library brings fetch, caches and mocks, and every command would pay for them at its start.
import buildConnector from "undici/lib/core/connect.js";
import Agent from "undici/lib/dispatcher/agent.js";
import { FreightlinerError } from "../../shared/errors.ts";
import { mayReach, type Zone, zoneOf } from "./addresses.ts";
import type { ExchangeRequest, ExchangeResponse, Lane, Transport } from "./exchange.ts";
import { ExchangeHandler } from "./exchange-handler.ts";
import { guardedLookup } from "./guarded-lookup.ts";
import { caps, type Deadlines } from "./limits.ts";

export interface HttpOptions {
  /** The registry's own host name: its TLS settings count only there, and its address is trusted as entered. */
  readonly hostname: string;
  /** Further host names that the user gave: their addresses are trusted as entered, too. */
  readonly entered?: readonly string[];
  readonly insecureSkipVerify: boolean;
  readonly caFile?: string | undefined;
  /** Connections per host and lane. */
  readonly connections: number;
  readonly deadlines: Deadlines;
}

export class Http implements Transport {
  readonly #options: HttpOptions;
  readonly #agents = new Map<Lane, Agent>();
  #connector: Promise<connecting.connector> | undefined;
  #homeZone: Zone = "public";
  #closed = false;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** @throws FreightlinerError `unreachable`, `tls`, `timeout`, `protocol`, `redirect-refused`; or the signal's reason. */
  async send(request: ExchangeRequest): Promise<ExchangeResponse> {
    request.signal.throwIfAborted();
    const agent = await this.#agent(request.lane);
    const handler = new ExchangeHandler(request, this.#options.deadlines);
    if (request.signal.aborted) return handler.response;
    const { url } = request;
    try {
      agent.dispatch(
        {
          origin: url.origin,
          // The query keeps its bytes: upload sessions and signed URLs are checked by those who wrote them.
          path: `${url.pathname}${url.search}`,
          method: request.method,
          headers: request.headers,
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
    return handler.response;
  }

  /** Ends all exchanges and connections. */
  async close(): Promise<void> {
    this.#closed = true;
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }

  async #agent(lane: Lane): Promise<Agent> {
    this.#connector ??= this.#buildConnector();
    let connect: connecting.connector;
    try {
      connect = await this.#connector;
    } catch (error) {
      this.#connector = undefined;
      throw error;
    }
    if (this.#closed) {
      throw new FreightlinerError({
        code: "cancelled",
        operation: "connect",
        message: `The client of ${this.#options.hostname} was closed.`,
      });
    }
    const known = this.#agents.get(lane);
    if (known !== undefined) return known;
    const { connections, deadlines } = this.#options;
    const agent = new Agent({
      connect,
      connections,
      // One HTTP/2 connection would carry every blob through one window (design: HTTP/1.1 for bulk).
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: deadlines.keepAliveMs,
      keepAliveMaxTimeout: deadlines.keepAliveMs,
      maxHeaderSize: caps.responseHeaders,
    });
    this.#agents.set(lane, agent);
    return agent;
  }

  /** Our own registry is reached as configured; every other host only where this registry may send us. */
  async #buildConnector(): Promise<connecting.connector> {
    const { hostname: home, entered = [], insecureSkipVerify, deadlines } = this.#options;
    const common = {
      timeout: deadlines.connectMs,
      allowH2: false,
      minVersion: "TLSv1.2" as const,
      ...(await this.#trust()),
    };
    const homeConnector = buildConnector({ ...common, rejectUnauthorized: !insecureSkipVerify });
    const enteredConnector = buildConnector(common);
    const lookup = guardedLookup(resolveName, (host, address) => this.#judge(host, address));
    const abroadConnector = buildConnector({ ...common, lookup });
    return (options, callback) => {
      if (options.hostname === home) {
        homeConnector(options, (...result) => {
          const address = result[1]?.remoteAddress;
          if (address !== undefined) this.#homeZone = zoneOf(address);
          callback(...result);
        });
        return;
      }
      const { hostname } = options;
      if (entered.includes(hostname)) {
        enteredConnector(options, callback);
        return;
      }
      // A literal address is never looked up.
      const refusal = isIP(hostname) === 0 ? undefined : this.#judge(hostname, hostname);
      if (refusal !== undefined) callback(refusal, null);
      else abroadConnector(options, callback);
    };
  }

  /** Further authorities come on top of the built-in ones: naming `ca` alone would replace them. */
  async #trust(): Promise<{ secureContext?: ReturnType<typeof createSecureContext> }> {
    const { caFile, hostname } = this.#options;
    if (caFile === undefined) return {};
    try {
      const own = await readFile(caFile, "utf8");
      return {
        secureContext: createSecureContext({ ca: [...rootCertificates, own], minVersion: "TLSv1.2" }),
      };
    } catch (cause) {
      throw new FreightlinerError({
        code: "configuration",
        operation: "read-ca-file",
        message: `The certificate file "${caFile}" of ${hostname} cannot be used; a readable PEM file was expected.`,
        cause,
      });
    }
  }

  /** The error for an address that this registry may not send us to. */
  #judge(host: string, address: string): FreightlinerError | undefined {
    return mayReach(this.#homeZone, zoneOf(address)) ? undefined : this.#refusal(host, address);
  }

  #refusal(host: string, address: string): FreightlinerError {
    return new FreightlinerError({
      code: "redirect-refused",
      operation: "connect",
      message: `${this.#options.hostname} sent us to ${host}, which is an internal address (${address}) while the registry is not; the request was not sent.`,
      retryable: false,
    });
  }
}
