// Makes image layers as streams: a tar with one file of seeded bytes, plain or in gzip's stored form, never held in memory.
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import type { Digest } from "../../shared/digest.ts";
import { randomBytesOf } from "./random-bytes.ts";

export interface LayerSpec {
  /** The same seed and size give the same bytes on every machine. */
  readonly seed: string;
  /** Bytes of the one file inside; the layer is about 2 KiB (0.01 % in gzip) larger. */
  readonly size: number;
  /** The file's path inside the layer, at most 100 ASCII characters. */
  readonly path: string;
  readonly compression: "gzip" | "none";
}

/** What a layer's bytes turned out to be. `diffId` is the digest of the tar inside. */
export interface MeasuredLayer {
  readonly digest: Digest;
  readonly size: number;
  readonly diffId: Digest;
}

// The largest stored block of deflate: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
const maxBlock = 65_535;
/** Chunks between two turns of the event loop, so that making a large layer does not hold up the program. */
const chunksPerTurn = 16;

function tarHeader(path: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100, "ascii");
  header.write("0000644\0", 100, "ascii");
  header.write("0000000\0", 108, "ascii");
  header.write("0000000\0", 116, "ascii");
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "ascii");
  header.write("00000000000\0", 136, "ascii");
  header.write("        0", 148, "ascii");
  header.write("ustar\x0000", 257, "ascii");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "ascii");
  return header;
}

function* tarChunks(spec: LayerSpec): Generator<Buffer, void, undefined> {
  yield tarHeader(spec.path, spec.size);
  yield* randomBytesOf(spec.seed, spec.size);
  const padding = (512 - (spec.size % 512)) % 512;
  yield Buffer.alloc(padding + 1024);
}

/** gzip without compression: https://www.rfc-editor.org/rfc/rfc1952 */
function* storedGzip(chunks: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  yield Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  let checksum = 0;
  let length = 0;
  for (const chunk of chunks) {
    checksum = crc32(chunk, checksum);
    length += chunk.length;
    yield storedBlocks(chunk);
  }
  const end = Buffer.alloc(13);
  // An empty block that says it is the last one, then the trailer.
  end.set([1, 0, 0, 0xff, 0xff]);
  end.writeUInt32LE(checksum, 5);
  end.writeUInt32LE(length % 2 ** 32, 9);
  yield end;
}

function storedBlocks(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += maxBlock) {
    const block = bytes.subarray(at, at + maxBlock);
    const head = Buffer.alloc(5);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  return Buffer.concat(parts);
}

/** The layer's bytes; `seeTar` is shown the tar inside as it passes. */
export function* layerChunks(
  spec: LayerSpec,
  seeTar: (chunk: Buffer) => void = () => undefined,
): Generator<Buffer, void, undefined> {
  const seen = (function* (): Generator<Buffer, void, undefined> {
    for (const chunk of tarChunks(spec)) {
      seeTar(chunk);
      yield chunk;
    }
  })();
  yield* spec.compression === "gzip" ? storedGzip(seen) : seen;
}

/** Makes the layer once, hands its bytes to `write` and says what they were. */
export async function makeLayer(
  spec: LayerSpec,
  write: (chunk: Buffer) => Promise<void> | void = () => undefined,
): Promise<MeasuredLayer> {
  const tarHash = createHash("sha256");
  const hash = createHash("sha256");
  let size = 0;
  let count = 0;
  for (const chunk of layerChunks(spec, (tar) => tarHash.update(tar))) {
    hash.update(chunk);
    size += chunk.length;
    await write(chunk);
    count += 1;
    if (count % chunksPerTurn === 0) await setImmediate();
  }
  return {
    digest: `sha256:${hash.digest("hex")}` as Digest,
    size,
    diffId: `sha256:${tarHash.digest("hex")}` as Digest,
  };
}
