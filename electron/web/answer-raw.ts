// An answer on a bare socket, where Node gives no response object: refused upgrades and unreadable requests.
import type { Duplex } from "node:stream";
import { headersFor } from "./answer.ts";
import { STATUS_CODES } from "./node-http.ts";

export interface RawAnswer {
  readonly host: string | undefined;
  readonly status: number;
  readonly reason: string;
  /** Milliseconds that the client has to read the answer and to hang up. */
  readonly lingerMs: number;
}

/** Writes the answer and ends the socket, also where its peer would keep its own half open for ever. */
export function answerRaw(socket: Duplex, { host, status, reason, lingerMs }: RawAnswer): void {
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
  // No timeout of the HTTP server looks after a socket that it has handed out.
  const rest = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(rest));
  socket.resume();
}
