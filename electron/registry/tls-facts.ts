// What a server's TLS looks like from here: version and certificate, read over a connection of its own that sends nothing.
import { connect, type PeerCertificate } from "node:tls";
import { bareHost } from "./addresses.ts";

export interface TlsFacts {
  /** "TLSv1.3". */
  readonly version: string;
  /** Who signed the certificate; the server itself where it signed its own. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** Whether the certificate is trusted was found out before; here it is only looked at. @throws what the socket throws. */
export function readTlsFacts(base: URL, deadlineMs: number, signal: AbortSignal): Promise<TlsFacts> {
  const host = bareHost(base);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: base.port === "" ? 443 : Number(base.port),
      rejectUnauthorized: false,
      // An address is no name that a server could be asked for by.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      timeout: deadlineMs,
    });
    const stop = (): void => void socket.destroy(new Error("stopped", { cause: signal.reason }));
    signal.addEventListener("abort", stop, { once: true });
    socket.once("timeout", () => socket.destroy(new Error("The TLS handshake took too long.")));
    socket.once("error", reject);
    socket.once("close", () => signal.removeEventListener("abort", stop));
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerCertificate();
      resolve({
        version: socket.getProtocol() ?? "TLS",
        issuer: nameOf(certificate),
        endsAt: Date.parse(certificate.valid_to),
      });
      socket.destroy();
    });
  });
}

function nameOf({ issuer }: PeerCertificate): string {
  const name = issuer?.O ?? issuer?.CN ?? "an unnamed authority";
  // A certificate says what its maker wanted it to say.
  return String(name).slice(0, 100);
}
