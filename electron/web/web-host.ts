// The web host: a loopback HTTP server for the renderer's files, sign-in, operations and the WebSocket.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { FreightlinerError } from "../../shared/errors.ts";
import { readRendererFiles } from "../app/renderer-files.ts";
import { type Exchange, refuse } from "./answer.ts";
import { answerRaw } from "./answer-raw.ts";
import { Attempts } from "./attempts.ts";
import { allowedHosts, refusal } from "./guard.ts";
import type { HostedApp, HostLog } from "./hosted-app.ts";
import { createServer } from "./node-http.ts";
import { type RouteContext, route } from "./routes.ts";
import { Sessions } from "./sessions.ts";
import { SocketDoor } from "./socket-door.ts";

export interface WebHostOptions {
  readonly app: HostedApp;
  /** Folder of the built renderer. */
  readonly rendererFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: HostLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly limits?: Partial<WebHostLimits>;
}

export interface WebHostLimits {
  /** Requests that are answered at once; more get 503. */
  readonly maxRequests: number;
  /** Open WebSockets; more get 503. */
  readonly maxSockets: number;
  /** TCP connections; more are closed without a word. */
  readonly maxConnections: number;
  /** Milliseconds for the request's headers to arrive. */
  readonly headersMs: number;
  /** Milliseconds for the whole request to arrive. */
  readonly requestMs: number;
  /** Milliseconds that a connection may stay while no byte moves on it, also where an answer is not read. */
  readonly idleMs: number;
  /** Milliseconds for a client to hang up after it was refused or closed. */
  readonly lingerMs: number;
  readonly pingMs: number;
  readonly maxPending: number;
}

const defaultLimits: Omit<WebHostLimits, "pingMs" | "maxPending"> = {
  maxRequests: 64,
  maxSockets: 32,
  maxConnections: 256,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  lingerMs: 1_000,
};
const sweepMs = 30_000;

export interface WebHost {
  /** `http://127.0.0.1:PORT/#t=TOKEN`: signs one browser in, once, within ten minutes. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  /** A fresh launch URL; `isolated` names a `*.localhost` host of its own, which Chromium resolves by itself. */
  newLaunchUrl(name?: "loopback" | "isolated"): string;
  /** Open WebSockets. */
  readonly connections: number;
  /** Ends all connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts the host on 127.0.0.1, and only there.
 * @throws FreightlinerError `configuration` without a built renderer or where the port is taken.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { app, log, now } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const files = await readRendererFiles(options.rendererFolder);
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
    keepAliveTimeout: 5_000,
  });
  server.maxConnections = limits.maxConnections;
  server.timeout = limits.idleMs;
  const port = await listen(server, options.port);
  const label = `fl-${randomBytes(8).toString("hex")}`;
  const hosts = allowedHosts({ port, label });
  const context: RouteContext = {
    app,
    files,
    sessions: new Sessions(now),
    attempts: new Attempts(now),
    port,
    log,
  };
  const door = new SocketDoor({ context, hosts, ...limits });
  let busy = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    busy++;
    response.once("close", () => busy--);
    void answer({ request, response }, { context, hosts, full: busy > limits.maxRequests });
  });
  server.on("error", (error) => log.error({ err: error }, "the web host's listening socket failed"));
  server.on("clientError", (error, socket) => answerUnreadable(error, socket, limits.lingerMs));
  server.on("upgrade", (request, socket, head) => door.upgrade(request, socket, head));
  const sweeper = setInterval(() => context.sessions.sweep(), sweepMs);
  sweeper.unref();
  const newLaunchUrl = (name: "loopback" | "isolated" = "loopback"): string => {
    const host = name === "isolated" ? `${label}.localhost` : "127.0.0.1";
    return `http://${host}:${port}/#t=${context.sessions.issueToken()}`;
  };
  return {
    url: newLaunchUrl(),
    origin: `http://127.0.0.1:${port}`,
    port,
    newLaunchUrl,
    get connections() {
      return door.count;
    },
    async close() {
      clearInterval(sweeper);
      door.close();
      await stop(server, limits.lingerMs);
    },
  };
}

interface Rules {
  readonly context: RouteContext;
  readonly hosts: ReadonlySet<string>;
  readonly full: boolean;
}

async function answer(exchange: Exchange, { context, hosts, full }: Rules): Promise<void> {
  const { request, response } = exchange;
  const hostHeaders = request.headersDistinct.host?.length ?? 0;
  const asked = { method: request.method ?? "GET", headers: request.headers, hostHeaders, upgrade: false };
  const refused = refusal(asked, hosts);
  if (refused !== undefined) return refuse(exchange, refused.status, refused.reason);
  if (full) return refuse(exchange, 503, "The host is busy.", { "Retry-After": "1" });
  try {
    await route(exchange, context);
  } catch (error) {
    // One bad request never ends the process; details go to the log, not to the client.
    context.log.error({ err: error, path: request.url?.split("?", 1)[0] }, "a request failed");
    if (response.headersSent) response.destroy();
    else refuse(exchange, 500, "The host failed to answer.");
  }
}

/** What is no HTTP, too large or too slow gets an answer as well, with the same headers as any other. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex, lingerMs: number): void {
  const status = unreadable[error.code ?? ""] ?? 400;
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else answerRaw(socket, { host: undefined, status, reason: "The request cannot be read.", lingerMs });
}

const unreadable: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${cause.code})`;
      const message = `Port ${port} on 127.0.0.1 ${why}; choose another with --port, or 0 for any free one.`;
      reject(new FreightlinerError({ code: "configuration", operation: "listen", message, cause }));
    });
    // Never another address: a registry manager with its credentials has no business on a network.
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.removeAllListeners("error");
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server, lingerMs: number): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    const rest = setTimeout(() => server.closeAllConnections(), lingerMs);
    rest.unref();
  });
}
