// What a server's TLS looks like from here: version, certificate and key, seen on the very way that requests take.
import { type PeerCertificate, TLSSocket } from "node:tls";
import { bareHost } from "./addresses.ts";
import type { Connections } from "./network/connections.ts";
import { pinOf } from "./network/pins.ts";

export interface TlsFacts {
  /** "TLSv1.3". */
  readonly version: string;
  /** Who signed the certificate; the server itself where it signed its own. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** `sha256/…` of the server's own key, as it may be pinned. */
  readonly pin: string | null;
}

/** Connects as for a request, by its proxy and with its settings; sends nothing. @throws what connecting throws. */
export async function tlsFactsOf(
  connections: Pick<Connections, "connect">,
  base: URL,
  signal: AbortSignal,
): Promise<TlsFacts> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsFacts>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  const { host, protocol, port } = base;
  connections.connect({ hostname: bareHost(base), host, protocol, port }, (...[error, socket]) => {
    if (error !== null) {
      reject(error);
      return;
    }
    if (socket instanceof TLSSocket) resolve(look(socket));
    else reject(new Error("The connection is not encrypted."));
    socket.destroy();
  });
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

function look(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerCertificate();
  const leaf = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? "TLS",
    issuer: nameOf(certificate),
    endsAt: Date.parse(certificate.valid_to),
    pin: leaf === undefined ? null : pinOf(leaf),
  };
}

function nameOf({ issuer }: PeerCertificate): string {
  const name = issuer?.O ?? issuer?.CN ?? "an unnamed authority";
  // A certificate says what its maker wanted it to say.
  return String(name).slice(0, 100);
}
