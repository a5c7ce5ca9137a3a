// Writes answers: the page's headers on every one of them, JSON never cached, files with their tags.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { cacheControl, pageHeaders } from "../app/page-headers.ts";
import type { RendererFile } from "../app/renderer-files.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Security headers for an answer under this Host; the socket's address is spelled out because `'self'` alone is not enough in every browser. */
export function headersFor(host: string | undefined): Record<string, string> {
  return pageHeaders(isPlainHost(host) ? [`ws://${host}`] : []);
}

/** A Host header is repeated in the policy only where it is nothing but a name and a port. */
function isPlainHost(host: string | undefined): boolean {
  return host !== undefined && /^[a-z0-9.-]+(:\d{1,5})?$/i.test(host);
}

export function answerJson(
  { request, response }: Exchange,
  status: number,
  value: unknown,
  extra: OutgoingHttpHeaders = {},
): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, {
    ...headersFor(request.headers.host),
    "Content-Type": "application/json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...extra,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

export function answerText({ request, response }: Exchange, contentType: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, {
    ...headersFor(request.headers.host),
    "Content-Type": contentType,
    "Content-Length": body.length,
    "Cache-Control": "no-store",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** A refusal; the connection ends with it where the request's body was not read. */
export function refuse(
  exchange: Exchange,
  status: number,
  reason: string,
  extra: OutgoingHttpHeaders = {},
): void {
  answerJson(exchange, status, { error: reason }, { Connection: "close", ...extra });
}

export function answerFile(
  { request, response }: Exchange,
  file: RendererFile,
  extra: OutgoingHttpHeaders = {},
): void {
  const headers: OutgoingHttpHeaders = {
    ...headersFor(request.headers.host),
    ETag: file.etag,
    "Cache-Control": cacheControl(file),
    ...(file.gzipped === undefined ? {} : { Vary: "Accept-Encoding" }),
    ...extra,
  };
  if (matches(request.headers["if-none-match"], file.etag)) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  const zipped = acceptsGzip(request.headers["accept-encoding"]) ? file.gzipped : undefined;
  const body = zipped ?? file.bytes;
  response.writeHead(200, {
    ...headers,
    "Content-Type": file.type,
    "Content-Length": body.length,
    ...(zipped === undefined ? {} : { "Content-Encoding": "gzip" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match: weak comparison. */
function matches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? "").split(",");
  return codings.some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(coding));
}
