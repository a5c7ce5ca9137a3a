// An HTTP proxy that takes every host's name for one loopback server: so that a test can use the names that services have.
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface NameProxy {
  readonly url: string;
  /** Names that were asked for, each once. Loopback addresses are nothing but themselves. */
  readonly hosts: ReadonlySet<string>;
  stop(): Promise<void>;
}

/**
 * @param targetOf `host:port` of the server behind a name.
 * @param signIn `user:password` without which nothing is passed on through a tunnel.
 */
export async function startNameProxy(
  targetOf: (host: string) => string,
  signIn?: string,
): Promise<NameProxy> {
  const hosts = new Set<string>();
  const tunnels = new Set<Socket>();
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
  server.on("connect", (request, socket: Socket) => {
    const given = Buffer.from(request.headers["proxy-authorization"]?.slice(6) ?? "", "base64").toString();
    if (signIn !== undefined && given !== signIn) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
      return;
    }
    const name = (request.url ?? "").replace(/:443$/, "");
    hosts.add(name);
    const inner = connect(Number(targetOf(name).split(":").at(-1)), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      inner.pipe(socket).pipe(inner);
    });
    for (const end of [socket, inner]) {
      tunnels.add(end);
      end.once("error", () => end.destroy());
      end.once("close", () => tunnels.delete(end));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    hosts,
    async stop() {
      server.closeAllConnections();
      for (const tunnel of tunnels) tunnel.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
