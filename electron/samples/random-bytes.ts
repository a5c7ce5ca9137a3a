// Incompressible bytes that are the same for the same seed: AES in counter mode over zeros.
import { createCipheriv, createHash } from "node:crypto";

const chunkSize = 256 * 1024;

/** Yields `size` bytes in chunks of at most 256 KiB. */
export function* randomBytesOf(seed: string, size: number): Generator<Buffer, void, undefined> {
  const key = createHash("sha256").update(seed).digest();
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(Math.min(chunkSize, size));
  for (let left = size; left > 0; left -= zeros.length) {
    yield cipher.update(left < zeros.length ? zeros.subarray(0, left) : zeros);
  }
}
