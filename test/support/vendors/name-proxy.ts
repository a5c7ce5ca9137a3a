// An HTTP proxy that takes every host's name for one loopback server: so that a test can use the names that services have.
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";

export interface NameProxy {
  readonly url: string;
  /** Names that were asked for, each once. Loopback addresses are nothing but themselves. */
  readonly hosts: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** @param targetOf `host:port` of the server behind a name. */
export async function startNameProxy(targetOf: (host: string) => string): Promise<NameProxy> {
  const hosts = new Set<string>();
  const server = createServer((request, response) => {
    const named = new URL(request.url ?? "/");
    const loopback = named.hostname === "127.0.0.1";
    if (!loopback) hosts.add(named.host);
    const target = loopback ? named.host : targetOf(named.host);
    const onward = httpRequest(
      new URL(`http://${target}${named.pathname}${named.search}`),
      {
        method: request.method,
        headers: { ...request.headers, host: target, "x-forwarded-host": named.host },
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.once("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hosts,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
