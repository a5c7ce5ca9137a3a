// Run ids: 26 characters, sortable by time of creation (https://github.com/ulid/spec).
import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function encode(value: bigint, length: number): string {
  let text = "";
  let rest = value;
  for (let index = 0; index < length; index += 1) {
    text = alphabet.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/** A maker of ids; those of one millisecond count up, so that their order is that of creation. */
export function createRunIds(now: () => number): () => string {
  let lastTime = 0;
  let chance = 0n;
  return () => {
    const time = Math.max(now(), lastTime);
    // 79 of 80 bits, so that counting up cannot overflow.
    chance = time === lastTime ? chance + 1n : BigInt(`0x${randomBytes(10).toString("hex")}`) >> 1n;
    lastTime = time;
    return encode(BigInt(time), 10) + encode(chance, 16);
  };
}
