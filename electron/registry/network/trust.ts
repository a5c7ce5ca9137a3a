// The certificate authorities that are trusted: the built-in ones, the system's, and a registry's own on top.
import tls, { createSecureContext, rootCertificates, type SecureContext } from "node:tls";

let shared: readonly string[] | undefined;
const sharedContexts = new Map<LeastTls, SecureContext>();

/**
 * Node trusts its built-in authorities and NODE_EXTRA_CA_CERTS alone; a company's own one lies in the system's store.
 * Read when the first connection wants it, once: that costs some 40 ms.
 * https://nodejs.org/api/tls.html#tlsgetcacertificatestype
 */
function commonAuthorities(): readonly string[] {
  shared ??= [
    ...new Set(
      // By the module, as an older Node has no such export: there the built-in ones are all.
      typeof tls.getCACertificates === "function"
        ? [...tls.getCACertificates("default"), ...tls.getCACertificates("system")]
        : rootCertificates,
    ),
  ];
  return shared;
}

export type LeastTls = "TLSv1.2" | "TLSv1.3";

export interface OwnTrust {
  /** PEM, beside the common ones: naming `ca` alone would replace them. */
  readonly authorities: readonly string[];
  readonly client?: { readonly cert: string; readonly key: string } | undefined;
  readonly least: LeastTls;
}

export function secureContextOf({ authorities, client, least }: OwnTrust): SecureContext {
  if (authorities.length > 0 || client !== undefined)
    return createSecureContext({
      ca: [...commonAuthorities(), ...authorities],
      minVersion: least,
      ...client,
    });
  // Hundreds of certificates are parsed for each: most registries share one.
  const known = sharedContexts.get(least);
  if (known !== undefined) return known;
  const context = createSecureContext({ ca: [...commonAuthorities()], minVersion: least });
  sharedContexts.set(least, context);
  return context;
}
