// A web host over an app that answers each call with its own parameters; and raw ways to talk to it.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { silentLog } from "../../electron/app/log.ts";
import type { HostedApp } from "../../electron/web/hosted-app.ts";
import { startWebHost, type WebHost, type WebHostLimits } from "../../electron/web/web-host.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";

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

export interface TestHost {
  readonly host: WebHost;
  readonly app: EchoApp;
  readonly clock: { now: number };
  /** `127.0.0.1:port` */
  readonly authority: string;
  token(): string;
  /** Signs in and returns the `Cookie` header. */
  cookie(): Promise<string>;
  close(): Promise<void>;
}

export async function rendererFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fl-renderer-"));
  await mkdir(join(folder, "assets"));
  await mkdir(join(folder, ".vite"));
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><title>t</title><script type="module" src="./assets/index-Abcd1234.js"></script>',
  );
  await writeFile(join(folder, "assets", "index-Abcd1234.js"), `window.loaded = true;${" ".repeat(2000)}`);
  await writeFile(join(folder, "assets", "index-Abcd1234.js.map"), "{}");
  await writeFile(join(folder, ".vite", "license.md"), "hidden");
  return folder;
}

export async function startTestHost(limits: Partial<WebHostLimits> = {}): Promise<TestHost> {
  const folder = await rendererFolder();
  const app = new EchoApp();
  const clock = { now: 1_000_000 };
  const host = await startWebHost({
    app,
    rendererFolder: folder,
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
    async cookie() {
      const answer = await ask(host.port, { method: "POST", path: "/session", json: { token: token() } });
      return cookieOf(answer);
    },
    async close() {
      await host.close();
      await rm(folder, { recursive: true });
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

export function cookieOf(answer: Answer): string {
  const line = answer.headers["set-cookie"]?.[0] ?? "";
  return line.split(";")[0] ?? "";
}

/** Opens a socket; resolves with it, or with the status it was refused with. */
export function openSocket(
  port: number,
  headers: Record<string, string>,
  path = "/ws",
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket | number>();
  socket.on("open", () => resolve(socket));
  socket.on("unexpected-response", (_request, response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  socket.on("error", reject);
  return promise;
}

export async function openedSocket(test: TestHost, cookie: string): Promise<WebSocket> {
  const socket = await openSocket(test.host.port, { Origin: `http://${test.authority}`, Cookie: cookie });
  if (typeof socket === "number") throw new Error(`the socket was refused with ${socket}`);
  return socket;
}
