// A loopback server whose requests come whole and as text: for the stand-ins of clouds.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface WholeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
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

/** A handler that never resolves leaves its client waiting. */
export async function startHttpServer(
  handler: (request: WholeRequest) => WholeReply | Promise<WholeReply>,
): Promise<HttpServer> {
  const asked: WholeRequest[] = [];
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
      const whole = {
        method: request.method ?? "GET",
        url,
        headers: request.headers,
        body: await text(request),
      };
      asked.push(whole);
      const { status = 200, headers = {}, json, text: plain = "" } = await handler(whole);
      const type = json === undefined ? {} : { "content-type": "application/json" };
      response.writeHead(status, { ...type, ...headers });
      response.end(json === undefined ? plain : JSON.stringify(json));
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    host,
    url: `http://${host}`,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
