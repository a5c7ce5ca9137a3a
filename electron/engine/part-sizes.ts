// How blobs are cut into parts: from which size on, and how large each part is by what the ones before it took.
import type { UploadSession } from "./ports.ts";

export interface TransferOptions {
  /** Blobs of at least so many bytes go up in parts where the destination takes them. */
  readonly partsFrom: number;
  /** The largest part, in bytes; the first ones are smaller and grow while the connection is fast. */
  readonly partSize: number;
}

const mebibyte = 1024 * 1024;

/**
 * Below `partsFrom` what a break can cost is less than the requests of a session are worth. Each part costs distribution
 * 2.8 some 4 ms of processor time, so on fast connections parts grow to where that is no more than one percent.
 */
export const defaultTransfer: TransferOptions = { partsFrom: 16 * mebibyte, partSize: 64 * mebibyte };

const firstPart = 4 * mebibyte;
/**
 * A part that a stop finds in progress is brought to its end, as distribution 2.8 gives a session up whose part broke
 * off. So on slow connections parts are small: they aim at times between these, in milliseconds.
 */
const shortest = 300;
const longest = 600;
const smallestPart = mebibyte;
/**
 * Bytes per millisecond from which on the largest part takes no more than four seconds, which a pause waits for
 * (lingering.ts). distribution 2.8 flushes each part to the disk before it answers: small ones made a 1 GiB copy a fifth slower.
 */
const fast = (16 * mebibyte) / 1000;
/** Object storage behind distribution 2.8 copies all that is there for each part below 5 MiB: much slower, and seen. */
const smallOnStorage = 5 * mebibyte;

/**
 * The largest part worth another try where a part was refused as too large, as proxies in front of registries do from some
 * size on; undefined where smaller ones are not worth it.
 */
export function smallerPart(refused: number, { partSize }: TransferOptions): number | undefined {
  const next = Math.max(Math.floor(refused / 2), Math.min(smallestPart, Math.ceil(partSize / 4)));
  return next < refused ? next : undefined;
}

export class PartSizes {
  readonly #largest: number;
  #least: number;
  #size: number;
  /** Bytes per millisecond of the last part that was not small. */
  #rate: number | undefined;

  /** @param session the least size of a part that the registry asks for, and the largest that it takes, in bytes. */
  constructor(
    options: TransferOptions,
    { leastPart, largestPart = options.partSize }: Pick<UploadSession, "leastPart" | "largestPart">,
  ) {
    this.#largest = Math.max(Math.min(options.partSize, largestPart), leastPart, 1);
    this.#least = Math.max(Math.min(smallestPart, this.#largest), leastPart);
    this.#size = Math.max(Math.min(firstPart, this.#largest), this.#least);
  }

  /** Bytes of the next part of a blob of which `left` bytes are missing. */
  next(left: number): number {
    // A remainder that is hardly worth a request goes along.
    const all = left <= this.#size + this.#size / 4 && left <= this.#largest;
    return all ? left : Math.min(this.#size, left);
  }

  /** Learns from a part that was acknowledged. */
  took(bytes: number, ms: number): void {
    if (bytes < this.#size) return;
    const rate = bytes / Math.max(ms, 1);
    if (bytes >= smallOnStorage) this.#rate = rate;
    else if (this.#rate !== undefined && rate < this.#rate / 2)
      this.#least = Math.min(Math.max(this.#least, smallOnStorage), this.#largest);
    if (rate >= fast) this.#size = Math.min(this.#size * 4, this.#largest);
    else if (ms < shortest) this.#size = Math.min(this.#size * 2, this.#largest);
    else if (ms > longest) this.#size = this.#size / 2;
    this.#size = Math.max(Math.floor(this.#size), this.#least);
  }
}
