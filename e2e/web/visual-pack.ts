// Makes a new picture small: at most 256 colours, which for a window is its own and some between letters and ground.
import { open, readFile, rename, writeFile } from "node:fs/promises";
import { crc32, deflateSync, inflateSync } from "node:zlib";

/** https://www.w3.org/TR/png-3/#11IHDR: colour type and the bytes of a pixel. */
const rgb = { type: 2, bytes: 3 } as const;
const palette = 3;
/** Where the colour type stands: after the signature, length, name, width, height and depth. */
const typeAt = 25;
const mostColours = 256;
/** So many are the most frequent ones, exact to the bit: grounds, lines, the letters' own colours. */
const exactColours = 160;

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Three bytes each. */
  readonly data: Buffer;
}

/** Rewrites the file unless it is packed already. A difference stays far below what a comparison of pictures sees. */
export async function packPicture(path: string): Promise<void> {
  if ((await colourTypeOf(path)) !== rgb.type) return;
  const packed = encode(decode(await readFile(path)));
  await writeFile(`${path}.new`, packed);
  await rename(`${path}.new`, path);
}

/** Undefined where there is no file: the comparison has already said so. */
async function colourTypeOf(path: string): Promise<number | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, typeAt);
    return buffer[0];
  } finally {
    await file.close();
  }
}

function decode(file: Buffer): Pixels {
  let width = 0;
  let height = 0;
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (name === "IHDR") [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
    if (name === "IDAT") parts.push(body);
    at += length + 12;
  }
  return { width, height, data: unfilter(inflateSync(Buffer.concat(parts)), width * rgb.bytes, height) };
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfilter(raw: Buffer, row: number, height: number): Buffer {
  const data = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)] ?? 0;
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x < rgb.bytes ? 0 : (data[at - rgb.bytes] ?? 0);
      const up = y === 0 ? 0 : (data[at - row] ?? 0);
      const corner = x < rgb.bytes || y === 0 ? 0 : (data[at - row - rgb.bytes] ?? 0);
      data[at] = (raw[at + y + 1] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return data;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if (toLeft === undefined || toUp === undefined || toCorner === undefined) return 0;
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function encode({ width, height, data }: Pixels): Buffer {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += rgb.bytes) {
    const colour = data.readUIntBE(at, rgb.bytes);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const { colours, nearest } = choose(counts);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] =
        nearest.get(data.readUIntBE((y * width + x) * rgb.bytes, rgb.bytes)) ?? 0;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, palette], 8);
  const table = Buffer.alloc(colours.length * rgb.bytes);
  colours.forEach((colour, index) => {
    table.writeUIntBE(colour, index * rgb.bytes, rgb.bytes);
  });
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("PLTE", table),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The most frequent colours, then again and again the one that is farthest from all that were taken. */
function choose(counts: ReadonlyMap<number, number>): {
  readonly colours: readonly number[];
  readonly nearest: ReadonlyMap<number, number>;
} {
  const all = [...counts].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour);
  const colours: number[] = [];
  const nearest = new Map<number, number>();
  const far = new Map(all.map((colour) => [colour, Number.POSITIVE_INFINITY]));
  const take = (taken: number): void => {
    colours.push(taken);
    for (const [colour, before] of far) {
      const now = distance(colour, taken);
      if (now >= before) continue;
      far.set(colour, now);
      nearest.set(colour, colours.length - 1);
    }
  };
  all.slice(0, exactColours).forEach(take);
  while (colours.length < Math.min(mostColours, all.length)) {
    let farthest = all[0] ?? 0;
    for (const [colour, how] of far) if (how > (far.get(farthest) ?? 0)) farthest = colour;
    take(farthest);
  }
  return { colours, nearest };
}

function distance(a: number, b: number): number {
  return (
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2
  );
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(body.length, 0);
  named.copy(whole, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}
