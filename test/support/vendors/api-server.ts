// A loopback server for a vendor's JSON API: routes with documented answers, everything it was asked, and the registry behind it.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage["headers"];
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
  /** Groups of the route's pattern, still percent-encoded. */
  readonly groups: readonly string[];
}

export interface ApiReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** Undefined hands the request on to the registry behind. */
export type ApiHandler = (request: ApiRequest) => ApiReply | undefined | Promise<ApiReply | undefined>;
/** Method, pattern of the whole path, handler. */
export type ApiRoute = readonly [string, RegExp, ApiHandler];

export interface ApiServer {
  readonly host: string;
  readonly url: string;
  readonly asked: readonly ApiRequest[];
  count(method: string, path: RegExp): number;
  /** Answers the next requests to paths that match with this, before any route. */
  answerNext(path: RegExp, reply: ApiReply, times?: number): void;
  stop(): Promise<void>;
}

/** @param behind the base URL of a registry that gets what no route takes. */
export async function startApiServer(routes: readonly ApiRoute[], behind?: string): Promise<ApiServer> {
  const asked: ApiRequest[] = [];
  const planned: { path: RegExp; reply: ApiReply; times: number }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const method = request.method ?? "GET";
    const { authorization } = request.headers;
    const seen = { method, url, authorization, headers: request.headers };
    const next = planned.find((each) => each.times > 0 && each.path.test(url.pathname));
    if (next !== undefined) {
      next.times -= 1;
      asked.push({ ...seen, body: undefined, groups: [] });
      send(response, next.reply);
      return;
    }
    for (const [routeMethod, pattern, handler] of routes) {
      const found = routeMethod === method ? pattern.exec(url.pathname) : null;
      if (found === null) continue;
      const body = method === "GET" ? undefined : await readJson(request);
      const one = { ...seen, body, groups: found.slice(1) };
      asked.push(one);
      const reply = await handler(one);
      if (reply === undefined) break;
      send(response, reply);
      return;
    }
    if (behind === undefined) send(response, { status: 404, json: { message: "Not Found" } });
    else await handOn(behind, request, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `http://${host}`,
    asked,
    count: (method, path) =>
      asked.filter((one) => one.method === method && path.test(one.url.pathname)).length,
    answerNext: (path, reply, times = 1) => void planned.push({ path, reply, times }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, headers = {}, json }: ApiReply): void {
  const type = json === undefined ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...type, ...headers });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
}

async function handOn(behind: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = new URL(request.url ?? "/", behind);
  const onward = httpRequest(target, { method: request.method, headers: request.headers, agent: false });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once("response", resolve);
    onward.once("error", reject);
  });
  // The answer may come before the whole body was sent: what breaks off then is told by it.
  void pipeline(request, onward).catch(() => undefined);
  const answer = await answered;
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response);
}

/** One page of a list: entries from `(page - 1) * size` on. */
export function pageOf<T>(entries: readonly T[], page: number, size: number): readonly T[] {
  return entries.slice((page - 1) * size, page * size);
}
