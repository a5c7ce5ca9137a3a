// Public-key pins: whether a server's key is one of those that its registry's settings name. RFC 7469 section 2.4.
import { createHash, type X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
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
function keysOf(leaf: X509Certificate, leafOnly: boolean): readonly string[] {
  const keys = [pinOf(leaf)];
  let current = leaf;
  while (!leafOnly && keys.length < maxChain) {
    const issuer = current.issuerCertificate;
    if (issuer === undefined || issuer.fingerprint256 === current.fingerprint256) break;
    if (!current.checkIssued(issuer) || !current.verify(issuer.publicKey)) break;
    keys.push(pinOf(issuer));
    current = issuer;
  }
  return keys;
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
  const leaf = socket.getPeerX509Certificate();
  const keys = leaf === undefined ? [] : keysOf(leaf, leafOnly);
  if (keys.some((key) => pins.includes(key))) return undefined;
  return new FreightlinerError({
    code: "tls",
    operation: "connect",
    message: `${address} shows another public key than its settings pin: expected ${pins.join(" or ")}, found ${keys[0] ?? "no certificate"}. Nothing was sent.`,
    retryable: false,
  });
}
