// Names for saved endpoints that never repeat.
import { randomBytes } from "node:crypto";

/** Twelve lower-case letters and digits: 62 bits of chance. */
export function newEndpointId(): string {
  return BigInt(`0x${randomBytes(8).toString("hex")}`)
    .toString(36)
    .padStart(12, "0")
    .slice(-12);
}
