// Public-key pins: whether a server's key is one of those that its registry's settings name. RFC 7469 section 2.4.
import { createHash, X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { FreightlinerError } from "../../../shared/errors.ts";

/** `sha256/<base64>` of the SubjectPublicKeyInfo. */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  return `sha256/${createHash("sha256").update(key).digest("base64")}`;
}

/** Chains are short; a server's word on its own issuers is not followed for ever. */
const maxChain = 10;

/**
 * The server's own key, and those that have signed it, one after the other. Each signature is checked here: a server may
 * send any certificate along, and a name that fits is not yet an issuer.
 */
function keysOf(chain: readonly X509Certificate[]): readonly string[] {
  const keys: string[] = [];
  let below: X509Certificate | undefined;
  for (const certificate of chain) {
    const signed =
      below === undefined || (below.checkIssued(certificate) && below.verify(certificate.publicKey));
    if (!signed) break;
    keys.push(pinOf(certificate));
    below = certificate;
  }
  return keys;
}

/** The server's certificate first; then what it sent along, and the trusted one that ends it, which it need not send. */
function chainOf(socket: TLSSocket, longest: number): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  // Only in this form the trusted end is part of it, and only where nothing asked for another form before.
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // One that signed itself is its own issuer.
  while (next?.raw !== undefined && chain.length < longest && next.issuerCertificate !== next) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  if (next?.raw !== undefined && chain.length < longest) chain.push(new X509Certificate(next.raw));
  return chain;
}

export interface PinQuestion {
  readonly pins: readonly string[];
  /** True where the chain is not checked: then the key of an authority proves nothing, and the server's own must fit. */
  readonly leafOnly: boolean;
  /** `host:port`, for the message. */
  readonly address: string;
}

/** The error for a server without any of the pinned keys, or undefined. */
export function pinFailure(socket: TLSSocket, question: PinQuestion): FreightlinerError | undefined {
  const { pins, leafOnly, address } = question;
  const keys = keysOf(chainOf(socket, leafOnly ? 1 : maxChain));
  if (keys.some((key) => pins.includes(key))) return undefined;
  return new FreightlinerError({
    code: "tls",
    operation: "connect",
    message: `${address} shows another public key than its settings pin: expected ${pins.join(" or ")}, found ${keys[0] ?? "no certificate"}. Nothing was sent.`,
    retryable: false,
  });
}
