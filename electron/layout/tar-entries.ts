// Reads a tar archive as a stream of plain files: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
import { layoutError } from "./layout-error.ts";

const block = 512;
/** Bytes of an extended header: names and sizes. */
const mostExtended = 64 * 1024;

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Where a link leads, as it is written: for a hard link from the archive's root, else from the link's own folder. */
  readonly link?: { readonly to: string; readonly hard: boolean };
  /** To be read to its end before the next entry is asked for. */
  readonly body: AsyncIterable<Buffer>;
}

/**
 * Plain files and, where they are wanted, links. Folders are passed over.
 * @throws FreightlinerError `protocol` for links that are not wanted, devices and what is no tar archive.
 */
export async function* tarEntries(
  source: AsyncIterable<Buffer>,
  { links = false }: { readonly links?: boolean } = {},
): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let extended: Readonly<Record<string, string>> = {};
  for (;;) {
    const header = await bytes.take(block);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    assertChecksum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = sizeIn(header, extended);
    const name = extended.path ?? nameOf(header);
    if (isExtended(type)) {
      const content = await extendedContent(bytes, size);
      if (type !== "g") extended = { ...extended, ...recordsOf(type, content) };
      continue;
    }
    const to = extended.linkpath ?? text(header, 157, 100);
    extended = {};
    // Neither has a body, whatever it says.
    const body = bytes.body(isLink(type) ? 0 : size);
    if (links && isLink(type)) yield { name, size: 0, link: { to, hard: type === "1" }, body };
    else if (type === "0" || type === "\0") yield { name, size, body };
    else if (type !== "5") throw broken(`"${name.slice(0, 200)}" is no plain file`);
    // What nobody read, and what a folder claims to have, is not to fill the memory.
    await bytes.finish();
    if (!isLink(type)) await bytes.pad(size);
  }
}

/** Of POSIX (x for one entry, g for all), and the long names of GNU. */
function isExtended(type: string): boolean {
  return type === "x" || type === "g" || type === "L" || type === "K";
}

function isLink(type: string): boolean {
  return type === "1" || type === "2";
}

function sizeIn(header: Buffer, extended: Readonly<Record<string, string>>): number {
  const size = extended.size === undefined ? sizeOf(header) : Number(extended.size);
  if (!Number.isSafeInteger(size) || size < 0) throw broken("an entry has no size that can be read");
  return size;
}

async function extendedContent(bytes: Bytes, size: number): Promise<Buffer> {
  if (size > mostExtended) throw broken("an extended header is too long");
  const content = await all(bytes.body(size));
  await bytes.pad(size);
  return content;
}

function recordsOf(type: string, content: Buffer): Readonly<Record<string, string>> {
  if (type === "x") return parseRecords(content);
  return { [type === "L" ? "path" : "linkpath"]: text(content, 0, content.length) };
}

class Bytes {
  readonly #source: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Of the body that is being read. */
  #left = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.#next(missing);
      if (part === undefined) {
        if (missing === count) return undefined;
        throw broken("it ends in the middle of an entry");
      }
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  body(size: number): AsyncIterable<Buffer> {
    this.#left = size;
    return this.#unread();
  }

  async *#unread(): AsyncGenerator<Buffer> {
    while (this.#left > 0) {
      const part = await this.#next(this.#left);
      if (part === undefined) throw broken("it ends in the middle of an entry");
      this.#left -= part.length;
      yield part;
    }
  }

  /** What nobody read of the body. */
  async finish(): Promise<void> {
    for await (const _ of this.#unread());
  }

  async pad(size: number): Promise<void> {
    const over = size % block;
    if (over > 0) await this.take(block - over);
  }

  async #next(most: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done === true) return undefined;
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}

async function all(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

function text(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString("utf8");
}

function nameOf(header: Buffer): string {
  const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Octal, or (of GNU, for more than 8 GiB) a number of twelve bytes. */
function sizeOf(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) !== 0) return Number(header.readBigUInt64BE(128));
  const digits = text(header, 124, 12).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || "0", 8) : Number.NaN;
}

/** The sum of the header's bytes, with blanks where the sum itself stands. */
function assertChecksum(header: Buffer): void {
  let sum = 8 * 32;
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte;
  if (Number.parseInt(text(header, 148, 8).trim(), 8) !== sum)
    throw broken("it is no tar archive, or damaged");
}

/** `<length> <key>=<value>\n`, as often as there is something to say. */
function parseRecords(bytes: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const [, digits = ""] = /^(\d{1,6}) /.exec(bytes.subarray(at, at + 8).toString("latin1")) ?? [];
    const length = Number(digits);
    if (length <= digits.length + 1) throw broken("an extended header cannot be read");
    const record = bytes.subarray(at + digits.length + 1, at + length - 1).toString("utf8");
    const equals = record.indexOf("=");
    const key = record.slice(0, equals);
    if (key === "path" || key === "size" || key === "linkpath") records[key] = record.slice(equals + 1);
    at += length;
  }
  return records;
}

function broken(why: string): Error {
  return layoutError("protocol", "open-archive", `The archive cannot be used: ${why}.`);
}
