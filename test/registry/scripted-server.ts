// A loopback HTTP server that does what one test tells it, and remembers everything it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { afterEach } from "vitest";
import type { Credential, CredentialProvider } from "../../electron/engine/credential.ts";
import { Registry, type RegistryOptions } from "../../electron/registry/registry.ts";
import type { RegistrySettings } from "../../shared/endpoint.ts";

export interface Asked {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export type Script = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface ScriptedServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly asked: Asked[];
  /** How often a path (without its query) was asked for. */
  count(method: string, path: string | RegExp): number;
  /** Sockets that are open now. */
  readonly open: ReadonlySet<Socket>;
  readonly connections: () => number;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, last come first served. */
export function afterwards(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}

export async function serve(
  script: Script,
  tls?: { readonly key: string; readonly cert: string } & TlsOptions,
): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    asked.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    Promise.resolve(script(request, response)).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on("connection", (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  afterwards(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${port}`;
  return {
    host,
    port,
    url: `${tls === undefined ? "http" : "https"}://${host}`,
    asked,
    count: (method, path) =>
      asked.filter((one) => {
        const bare = one.url.split("?", 1)[0] ?? "";
        return one.method === method && (typeof path === "string" ? bare === path : path.test(one.url));
      }).length,
    open,
    connections: () => connections,
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Reads a request's body to its end. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export interface ClientInput {
  readonly settings?: Partial<RegistrySettings>;
  readonly credential?: Credential;
  /** In place of the one credential. */
  readonly get?: CredentialProvider["get"];
  readonly network?: RegistryOptions["network"];
  readonly deadlines?: RegistryOptions["deadlines"];
  readonly log?: RegistryOptions["log"];
}

/** The client under test for a host; closed after the test. Plain http unless the settings say otherwise. */
export function registryFor(host: string, input: ClientInput = {}): Registry {
  const registry = new Registry({
    settings: {
      host,
      plainHttp: "always",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
      ...input.settings,
    },
    credentials: { get: input.get ?? (async () => input.credential) },
    network: input.network,
    userAgent: "freightliner-test/1",
    ...(input.log === undefined ? {} : { log: input.log }),
    ...(input.deadlines === undefined ? {} : { deadlines: input.deadlines }),
  });
  afterwards(() => registry.close());
  return registry;
}

export function options(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

export async function collect(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
