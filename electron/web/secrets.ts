// Random secrets of 256 bits, compared in constant time and never kept in clear: only their hashes are.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret, "utf8").digest();
}

/** Everything is compared, whatever matched first, so that the time says nothing about which one or how much of it. */
export function findSecret<T extends { readonly hash: Buffer }>(
  among: Iterable<T>,
  secret: string,
): T | undefined {
  const wanted = hashSecret(secret);
  let found: T | undefined;
  for (const candidate of among) {
    if (timingSafeEqual(candidate.hash, wanted)) found = candidate;
  }
  return found;
}

/** 32 bytes in base64url; anything else, above all an empty secret, is none of ours. */
export function isSecret(text: unknown): text is string {
  return typeof text === "string" && /^[A-Za-z0-9_-]{43}$/.test(text);
}
