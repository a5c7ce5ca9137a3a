// Makes broken inputs of good ones: seeded, so that what found something can be had again.
import type { SeededRandom } from "../support/seeded-random.ts";

/** Bytes; inputs are long in number rather than in size. */
export const largestInput = 256 * 1024;

/** Pieces that parsers stumble over. */
const pieces = [
  ...['"', "\\", "{", "}", "[", "]", ":", ",", "<", ">", ";", "=", "/", "%", "@", "#", "?", "&", "..", "//"],
  ...["\0", "\r\n", "\n", "\t", "\u001b[31m", "\u202e", "\uffff", "\ud800", "é", "\u0130"],
  ...["-1", "0", "9007199254740993", "1e309", "NaN", "0x10", "99999999999999999999", "null", "true", '""'],
  ...["__proto__", "constructor", "toString", "mediaType", "digest", "size", "rel=next", "realm=", "Bearer "],
  ...[
    "http://",
    "https://[",
    "file:///",
    "169.254.169.254",
    "localhost",
    "../../etc/passwd",
    "sha256:",
    "sha512:",
  ],
  ...["&a", "*a", "<<: ", "!!js/function", "|", "- ", "'''", '"""', "[[registry]]", "*.", "**", "{a,", "(?:"],
].map((piece) => Buffer.from(piece, "utf8"));

/** One to six changes of a random one of the seeds. */
export function mutated(seeds: readonly Buffer[], random: SeededRandom): Buffer {
  const pick = (): Buffer => seeds[random.between(0, seeds.length - 1)] ?? Buffer.alloc(0);
  let input: Buffer = Buffer.from(pick());
  const changes = random.between(1, 6);
  for (let change = 0; change < changes; change += 1) input = changed(input, pick, random);
  return input.subarray(0, largestInput);
}

function changed(input: Buffer, pick: () => Buffer, random: SeededRandom): Buffer {
  const at = random.between(0, input.length);
  const to = random.between(at, Math.min(input.length, at + random.between(1, 64)));
  const put = (middle: Buffer): Buffer => Buffer.concat([input.subarray(0, at), middle, input.subarray(to)]);
  const piece = (): Buffer => pieces[random.between(0, pieces.length - 1)] ?? Buffer.alloc(0);
  switch (random.between(0, 9)) {
    case 0:
      return put(Buffer.alloc(0));
    case 1:
      return put(Buffer.from([random.between(0, 255)]));
    case 2:
    case 3:
      return put(Buffer.concat([piece(), input.subarray(at, to)]));
    case 4:
      return put(piece());
    case 5:
      return input.subarray(0, at);
    case 6:
      return Buffer.concat([input.subarray(0, at), pick().subarray(random.between(0, at))]);
    case 7:
      return put(repeated(random.between(0, 1) === 0 ? piece() : input.subarray(at, to), random));
    default:
      return flipped(input, random);
  }
}

/** Mostly a few times, at times as often as fits. */
function repeated(part: Buffer, random: SeededRandom): Buffer {
  if (part.length === 0) return part;
  const most = Math.floor(largestInput / part.length);
  const times = random.between(0, 99) === 0 ? most : random.between(2, 200);
  return Buffer.concat(Array.from({ length: Math.min(times, most) }, () => part));
}

function flipped(input: Buffer, random: SeededRandom): Buffer {
  const copy = Buffer.from(input);
  for (let times = random.between(1, 4); times > 0 && copy.length > 0; times -= 1) {
    const at = random.between(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7));
  }
  return copy;
}
