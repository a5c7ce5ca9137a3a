// A web host over an app that answers each call with its own parameters; and raw ways to talk to it.
import { mkdir, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { WebSocket } from "ws";
import { silentLog } from "../../electron/app/log.ts";
import type { HostedApp } from "../../electron/web/hosted-app.ts";
import { startWebHost, type WebHost, type WebHostLimits } from "../../electron/web/web-host.ts";
import { pageKeyHeader, socketProtocols } from "../../shared/page-key.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

export class EchoApp implements HostedApp {
  readonly pipes: FramePipe<HostFrame>[] = [];
  ready = true;
  fails = false;
  closedPipes = 0;

  connect(pipe: FramePipe<HostFrame>): void {
    this.pipes.push(pipe);
    pipe.onFrame((frame) => {
      const { id, params } = frame as { id: number; params: unknown };
      pipe.send({ t: "result", id, value: params });
    });
    pipe.onClose(() => this.closedPipes++);
  }
  async readiness() {
    if (this.fails) throw new Error("the disk is gone");
    return { ready: this.ready, checks: { database: this.ready ? "ok" : "locked" } };
  }
  async metrics() {
    return "freightliner_runs_active 0\n";
  }
}

/** The two halves of a session, as a browser and its page hold them. */
export interface Entry {
  /** The `Cookie` header. */
  readonly cookie: string;
  readonly key: string;
}

export interface TestHost {
  readonly host: WebHost;
  readonly app: EchoApp;
  readonly clock: { now: number };
  /** `127.0.0.1:port` */
  readonly authority: string;
  token(): string;
  /** Signs one browser in. */
  signIn(): Promise<Entry>;
  close(): Promise<void>;
}

/** A built renderer, as small as one can be. */
export async function rendererFolder(): Promise<TempFolder> {
  const temp = await tempFolder("renderer");
  const folder = temp.path;
  await mkdir(join(folder, "assets"));
  await mkdir(join(folder, ".vite"));
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><title>t</title><script type="module" src="./assets/index-Abcd1234.js"></script>',
  );
  await writeFile(join(folder, "assets", "index-Abcd1234.js"), `window.loaded = true;${" ".repeat(2000)}`);
  await writeFile(join(folder, "assets", "index-Abcd1234.js.map"), "{}");
  await writeFile(join(folder, ".vite", "license.md"), "hidden");
  return temp;
}

export async function startTestHost(limits: Partial<WebHostLimits> = {}): Promise<TestHost> {
  const folder = await rendererFolder();
  const app = new EchoApp();
  const clock = { now: 1_000_000 };
  const host = await startWebHost({
    app,
    rendererFolder: folder.path,
    port: 0,
    log: silentLog,
    now: () => clock.now,
    limits,
  });
  const authority = `127.0.0.1:${host.port}`;
  const token = (): string => new URL(host.newLaunchUrl()).hash.slice("#t=".length);
  return {
    host,
    app,
    clock,
    authority,
    token,
    signIn: () => signInAt(host.port, token()),
    async close() {
      await host.close();
      await folder.remove();
    },
  };
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  /** Sent as JSON with our own page's headers. */
  readonly json?: unknown;
  readonly body?: string | Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json(): unknown;
}

/** One request over a fresh connection, with exactly the headers given. */
export function ask(port: number, asked: Asked = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const own =
    asked.json === undefined
      ? {}
      : {
          "Content-Type": "application/json",
          Origin: `http://127.0.0.1:${port}`,
          "Sec-Fetch-Site": "same-origin",
          // Node's client frames no body of a DELETE by itself.
          "Content-Length": String(JSON.stringify(asked.json).length),
        };
  const request = httpRequest(
    {
      host: "127.0.0.1",
      port,
      method: asked.method ?? "GET",
      path: asked.path ?? "/",
      headers: { ...own, ...asked.headers },
      agent: false,
    },
    async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const json = (): unknown => JSON.parse(body.toString("utf8"));
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body, json });
    },
  );
  request.on("error", reject);
  request.end(asked.json === undefined ? asked.body : JSON.stringify(asked.json));
  return promise;
}

/** Exchanges a launch token. */
export async function signInAt(port: number, token: string): Promise<Entry> {
  const answer = await ask(port, { method: "POST", path: "/session", json: { token } });
  if (answer.status !== 200) throw new Error(`the token was refused with ${answer.status}`);
  return { cookie: cookieOf(answer), key: (answer.json() as { key: string }).key };
}

/** What a signed-in page's request shows. */
export function shown({ cookie, key }: Entry): { Cookie: string; [pageKeyHeader]: string } {
  return { Cookie: cookie, [pageKeyHeader]: key };
}

export function cookieOf(answer: Answer): string {
  const line = answer.headers["set-cookie"]?.[0] ?? "";
  return line.split(";")[0] ?? "";
}

/** What a socket is asked for with: headers, and the names that our page offers. */
export interface SocketAsked {
  readonly headers: Record<string, string>;
  readonly protocols?: readonly string[];
  readonly path?: string;
}

/** Opens a socket; resolves with it, or with the status it was refused with. */
export function openSocket(
  port: number,
  { headers, protocols = [], path = "/ws" }: SocketAsked,
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], { headers });
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket | number>();
  socket.on("open", () => resolve(socket));
  socket.on("unexpected-response", (_request, response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  socket.on("error", reject);
  return promise;
}

/** As our own page asks for it. */
export function socketOf(port: number, { cookie, key }: Entry): SocketAsked {
  const headers = { Origin: `http://127.0.0.1:${port}`, Cookie: cookie };
  return { headers, protocols: socketProtocols(key) };
}

export async function openedSocket({ host }: TestHost, entry: Entry): Promise<WebSocket> {
  const socket = await openSocket(host.port, socketOf(host.port, entry));
  if (typeof socket === "number") throw new Error(`the socket was refused with ${socket}`);
  return socket;
}
