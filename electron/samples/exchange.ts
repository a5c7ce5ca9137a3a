// One request and its answer inside the sample registry: what handlers return and how it is sent.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pacer } from "./pacer.ts";
import type { Route } from "./route.ts";

/** What a handler answers. A Readable body needs a `content-length` header of its own. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

/** A request while it is handled. Hooks may replace the three `alter` functions before the handling. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
  readonly route: Route;
  /** Body bytes so far, received and sent. */
  bytesIn: number;
  bytesOut: number;
  /** Sees the answer before it is sent and may give another. */
  alterReply: (reply: Reply) => Reply | Promise<Reply>;
  /** Sees the body on its way to the client. */
  alterDownload: (body: Readable) => Readable;
  /** Sees the body that the client sends, before it is stored. */
  alterUpload: (body: Readable) => Readable;
}

/** Runs before a request is handled: `answered` where it took over the response. */
export type RequestHook = (exchange: Exchange) => Promise<"answered" | "go-on"> | "answered" | "go-on";

export function newExchange(
  request: IncomingMessage,
  response: ServerResponse,
  where: { readonly url: URL; readonly route: Route },
): Exchange {
  const method = request.method ?? "GET";
  return {
    ...{ request, response, method, ...where, bytesIn: 0, bytesOut: 0 },
    alterReply: (reply) => reply,
    alterDownload: (body) => body,
    alterUpload: (body) => body,
  };
}

const noBody = Buffer.alloc(0);

export function answer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Buffer | Readable = noBody,
): Reply {
  return { status, headers, body };
}

export function answerJson(
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Reply {
  return answer(
    status,
    { "content-type": "application/json", ...headers },
    Buffer.from(JSON.stringify(value)),
  );
}

/** An error body: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return answerJson({ errors: [{ code, message, detail: null }] }, headers, status);
}

/** Brings the request's body into `sink`, counted and paced; rejects where the client breaks off. */
export async function receiveBody(exchange: Exchange, pacer: Pacer, sink: Writable): Promise<void> {
  const counted = pacer.through((bytes) => {
    exchange.bytesIn += bytes;
  });
  await pipeline(exchange.alterUpload(exchange.request), counted, sink);
}

function piecesOf(bytes: Buffer): readonly Buffer[] {
  return bytes.length === 0 ? [] : [bytes];
}

/** Sends the answer, counted and paced; rejects where the client went away. */
export async function sendReply(exchange: Exchange, first: Reply, pacer: Pacer): Promise<void> {
  const { response } = exchange;
  const reply = await exchange.alterReply(first);
  const length = reply.body instanceof Readable ? {} : { "content-length": String(reply.body.length) };
  response.writeHead(reply.status, { ...length, ...reply.headers });
  if (exchange.method === "HEAD" || reply.status === 204 || reply.status === 304) {
    if (reply.body instanceof Readable) reply.body.destroy();
    response.end();
    return;
  }
  const body = reply.body instanceof Readable ? reply.body : Readable.from(piecesOf(reply.body));
  const counted = pacer.through((bytes) => {
    exchange.bytesOut += bytes;
  });
  await pipeline(exchange.alterDownload(body), counted, response);
}
