// An answer on a bare socket, where Node gives no response object: refused upgrades and unreadable requests.
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { headersFor } from "./answer.ts";

export interface RawAnswer {
  readonly host: string | undefined;
  readonly status: number;
  readonly reason: string;
}

/** Writes the answer and ends the socket. */
export function answerRaw(socket: Duplex, { host, status, reason }: RawAnswer): void {
  const body = `${JSON.stringify({ error: reason })}\n`;
  const headers = {
    ...headersFor(host),
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    "Cache-Control": "no-store",
    Connection: "close",
    ...(status === 503 ? { "Retry-After": "5" } : {}),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}
