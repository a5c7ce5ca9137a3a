// A loopback server whose requests come whole and as text: for the stand-ins of clouds.
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";

export interface WholeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** True where a client's certificate was shown. */
  readonly showsCertificate: boolean;
}

/** PEM. */
export interface ServerCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface WholeReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

export interface HttpServer {
  readonly host: string;
  readonly url: string;
  readonly asked: WholeRequest[];
  stop(): Promise<void>;
}

/**
 * A handler that never resolves leaves its client waiting.
 * @param certificate https where it is given; a client's certificate is asked for, and none is refused.
 */
export async function startHttpServer(
  handler: (request: WholeRequest) => WholeReply | Promise<WholeReply>,
  certificate?: ServerCertificate,
): Promise<HttpServer> {
  const asked: WholeRequest[] = [];
  const scheme = certificate === undefined ? "http" : "https";
  const listener: RequestListener = (request, response) => {
    const answer = async (): Promise<void> => {
      const url = new URL(request.url ?? "/", `${scheme}://${request.headers.host}`);
      const { socket } = request;
      const whole = {
        method: request.method ?? "GET",
        url,
        headers: request.headers,
        body: await text(request),
        showsCertificate: socket instanceof TLSSocket && "subject" in socket.getPeerCertificate(),
      };
      asked.push(whole);
      const { status = 200, headers = {}, json, text: plain = "" } = await handler(whole);
      const type = json === undefined ? {} : { "content-type": "application/json" };
      response.writeHead(status, { ...type, ...headers });
      response.end(json === undefined ? plain : JSON.stringify(json));
    };
    answer().catch(() => response.destroy());
  };
  const server =
    certificate === undefined
      ? createServer(listener)
      : createTlsServer({ ...certificate, requestCert: true, rejectUnauthorized: false }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `${scheme}://${host}`,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
