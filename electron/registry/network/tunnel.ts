// CONNECT: asks a proxy for a way through to a host. https://www.rfc-editor.org/rfc/rfc9110#name-connect
import type { Socket } from "node:net";
import { FreightlinerError } from "../../../shared/errors.ts";
import type { HttpProxy } from "./proxy.ts";
import { proxyRefused, proxyUnreached } from "./proxy-error.ts";

export interface TunnelRequest {
  readonly proxy: HttpProxy;
  /** `host:port`. */
  readonly target: string;
  /** For the proxy alone: the tunnel's other end never sees it. */
  readonly authorization: string | undefined;
  /** Until the proxy's answer is there: it connects to the target meanwhile. */
  readonly deadlineMs: number;
}

/** A proxy's answer to CONNECT has no body worth reading; its headers are small. */
const maxHead = 16 * 1024;

/**
 * Sends CONNECT over a connection to the proxy; when it resolves, every byte of the socket belongs to the target.
 * The socket is destroyed where it fails.
 * @throws FreightlinerError `configuration` for a sign-in that the proxy wants, `unreachable`, `timeout`, `protocol`.
 */
export function openTunnel(socket: Socket, request: TunnelRequest): Promise<void> {
  const { target, authorization, proxy, deadlineMs } = request;
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      socket.off("readable", onReadable);
      socket.off("error", onError);
      socket.off("end", onEnd);
      socket.off("close", onEnd);
      if (error === undefined) {
        resolve();
        return;
      }
      // What comes late from a connection that was given up is nobody's.
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const broken = (code: string): void =>
      settle(proxyUnreached(Object.assign(new Error("no answer to CONNECT"), { code }), proxy, target));
    const onError = (error: Error): void => settle(proxyUnreached(error, proxy, target));
    const onEnd = (): void => broken("ECONNRESET");
    const onReadable = (): void => {
      for (let chunk = read(socket); chunk !== undefined; chunk = read(socket)) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0 && head.length <= maxHead) continue;
        settle(end < 0 ? nonsense(request, "its answer has no end") : judge(head, end + 4, request));
        return;
      }
    };
    const timer = setTimeout(() => broken("UND_ERR_CONNECT_TIMEOUT"), deadlineMs);
    socket.on("readable", onReadable);
    socket.once("error", onError);
    socket.once("end", onEnd);
    socket.once("close", onEnd);
    const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
    if (authorization !== undefined) lines.push(`Proxy-Authorization: ${authorization}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  });
}

function read(socket: Socket): Buffer | undefined {
  const chunk: Buffer | null = socket.read();
  return chunk ?? undefined;
}

function judge(bytes: Buffer, end: number, request: TunnelRequest): Error | undefined {
  const lines = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = Number(/^HTTP\/1\.[01] ([1-5][0-9]{2})(?: |$)/.exec(lines[0] ?? "")?.[1]);
  // Not in its words: it was told a password.
  if (Number.isNaN(status)) return nonsense(request, "its answer does not begin as one of HTTP does");
  if (status >= 200 && status <= 299) {
    // The target speaks second, in TLS and in HTTP: whatever is here already did not come from it.
    return bytes.length === end ? undefined : nonsense(request, "it sent more than an answer");
  }
  const challenges = lines.flatMap((line) => /^proxy-authenticate:(.*)$/i.exec(line)?.[1] ?? []);
  const signedIn = request.authorization !== undefined;
  return proxyRefused(request.proxy, request.target, { status, challenges, signedIn });
}

function nonsense({ proxy, target }: TunnelRequest, why: string): FreightlinerError {
  return new FreightlinerError({
    code: "protocol",
    operation: "connect",
    message: `${proxy.url.host} does not behave as a proxy for ${target}: ${why}.`,
    retryable: false,
  });
}
