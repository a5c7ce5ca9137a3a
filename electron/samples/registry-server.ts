// A small registry that speaks the OCI distribution protocol on a loopback port, over a folder.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { assertNever } from "../../shared/assert-never.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { DiskStore } from "./disk-store.ts";
import {
  answerJson,
  type Exchange,
  newExchange,
  type Reply,
  type RequestHook,
  refuse,
  sendReply,
} from "./exchange.ts";
import { Pacer } from "./pacer.ts";
import { parseRoute } from "./route.ts";
import { serveBlob } from "./serve-blobs.ts";
import { serveCatalog, serveReferrers, serveTags } from "./serve-lists.ts";
import { serveManifest } from "./serve-manifests.ts";
import { serveUpload, startUpload } from "./serve-uploads.ts";
import type { Services } from "./services.ts";

export interface RegistryServerOptions {
  /** Everything is kept in it. One server per folder. */
  readonly folder: string;
  /** 0 = a free one. */
  readonly port?: number;
  /** All bodies of this server together, both directions; 0 = as fast as it goes. */
  readonly bytesPerSecond?: number;
  /** Runs before each request is handled. */
  readonly hook?: RequestHook;
}

export interface RegistryServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly store: DiskStore;
  /** Breaks off what is under way and stops listening. */
  close(): Promise<void>;
}

/** Upload sessions that nothing touched for so long are given up when the server starts. */
const leftoverMs = 24 * 60 * 60 * 1000;

/** @throws FreightlinerError `io` where the port is taken. */
export async function startRegistryServer(options: RegistryServerOptions): Promise<RegistryServer> {
  const services: Services = {
    store: new DiskStore(options.folder),
    pacer: new Pacer(options.bytesPerSecond),
    busyUploads: new Set(),
  };
  await services.store.clearLeftovers(leftoverMs);
  const hook = options.hook ?? (() => "go-on" as const);
  const server = createServer((request, response) => void handle(services, hook, request, response));
  // A paced body may take long; the client's patience decides.
  server.requestTimeout = 0;
  const port = await listen(server, options.port ?? 0);
  const host = `127.0.0.1:${port}`;
  return { host, port, url: `http://${host}`, store: services.store, close: () => closeServer(server) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new FreightlinerError({
          code: "io",
          side: "local",
          operation: "listen",
          message: `The sample registry cannot listen on 127.0.0.1:${port}.`,
          cause,
        }),
      ),
    );
    server.listen({ port, host: "127.0.0.1" }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Never rejects: a client that went away is no failure of the server. */
async function handle(
  services: Services,
  hook: RequestHook,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("docker-distribution-api-version", "registry/2.0");
  const url = readUrl(request.url);
  const exchange = newExchange(request, response, { url, route: parseRoute(url.pathname) });
  try {
    if ((await hook(exchange)) === "answered") return;
    await sendReply(exchange, await safeReply(services, exchange), services.pacer);
  } catch {
    // The connection broke while a body moved; there is nobody to tell.
    response.destroy();
  }
}

/** The request's path and query; what is no path (`*`, an absolute form) becomes the root, which is not served. */
function readUrl(target = "/"): URL {
  const url = `http://registry${target.startsWith("/") ? target : "/"}`;
  return URL.parse(url) ?? new URL("http://registry/");
}

async function safeReply(services: Services, exchange: Exchange): Promise<Reply> {
  const foreign = refuseForeign(exchange.request);
  if (foreign !== undefined) return foreign;
  try {
    return await route(services, exchange);
  } catch (thrown) {
    if (exchange.request.destroyed && !exchange.request.complete) throw thrown;
    return refuse(500, "UNKNOWN", thrown instanceof Error ? thrown.message : "unknown failure");
  }
}

/** Web pages have no business here: neither under a foreign name (DNS rebinding) nor across origins. */
function refuseForeign(request: IncomingMessage): Reply | undefined {
  const name = (request.headers.host ?? "").replace(/:[0-9]+$/, "");
  if (!["127.0.0.1", "localhost", "[::1]"].includes(name)) {
    return refuse(403, "DENIED", "this registry answers on this machine only");
  }
  return request.headers.origin === undefined
    ? undefined
    : refuse(403, "DENIED", "no requests from web pages");
}

function route(services: Services, exchange: Exchange): Promise<Reply> | Reply {
  const { route: to, method } = exchange;
  const reads = method === "GET" || method === "HEAD";
  switch (to.kind) {
    case "refused":
      return refuse(to.status, to.code, to.message);
    case "manifest":
      return serveManifest(services, exchange, to);
    case "blob":
      return serveBlob(services, exchange, to);
    case "uploads":
      return startUpload(services, exchange, to.repository);
    case "upload":
      return serveUpload(services, exchange, to);
    case "base":
      return reads ? answerJson({}) : onlyReads();
    case "catalog":
      return reads ? serveCatalog(services, exchange) : onlyReads();
    case "tags":
      return reads ? serveTags(services, exchange, to.repository) : onlyReads();
    case "referrers":
      return reads ? serveReferrers(services, exchange, to) : onlyReads();
    default:
      return assertNever(to);
  }
}

function onlyReads(): Reply {
  return refuse(405, "UNSUPPORTED", "expected GET or HEAD");
}
