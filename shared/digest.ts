// Digest grammar: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
import { FreightlinerError } from "./errors.ts";

declare const digestBrand: unique symbol;
/** A content digest of an algorithm that we can verify, e.g. `sha256:<64 lower-case hex>`. */
export type Digest = string & { readonly [digestBrand]: true };

export type DigestAlgorithm = "sha256" | "sha512";

const patterns: Readonly<Record<DigestAlgorithm, RegExp>> = {
  sha256: /^sha256:[a-f0-9]{64}$/,
  sha512: /^sha512:[a-f0-9]{128}$/,
};
const anyDigest = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

export function isDigest(text: string): text is Digest {
  return text.length <= 135 && (patterns.sha256.test(text) || patterns.sha512.test(text));
}

/**
 * Reads a digest; `what` names the input in the error.
 * @throws FreightlinerError `unsupported` for an algorithm that cannot be verified, `invalid-reference` otherwise.
 */
export function parseDigest(text: string, what: string): Digest {
  if (isDigest(text)) return text;
  if (text.length <= 1024 && anyDigest.test(text) && !/^(sha256|sha512):/.test(text)) {
    throw new FreightlinerError({
      code: "unsupported",
      operation: "parse-digest",
      message: `${what} uses the digest algorithm "${text.slice(0, text.indexOf(":"))}", which cannot be verified here; sha256 or sha512 was expected.`,
    });
  }
  throw new FreightlinerError({
    code: "invalid-reference",
    operation: "parse-digest",
    message: `${what} is not a digest: "${text.slice(0, 200)}"; expected sha256:<64 lower-case hex digits> or sha512:<128>.`,
  });
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

export function digestHex(digest: Digest): string {
  return digest.slice(7);
}

/** `sha256:0123456789ab`, for people. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(":");
  return digest.slice(0, colon + 13);
}
