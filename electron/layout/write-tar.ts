// Writes a tar archive as POSIX has it: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
const block = 512;
const longestName = 100;
/** The largest size that eleven octal digits can say. */
const largestOctal = 0o77777777777;

export interface TarFile {
  readonly name: string;
  readonly size: number;
  /** Exactly `size` bytes. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The same files make the same bytes: no time, no owner. @throws what a body throws, or where it is not as long as it says. */
export async function* tarOf(files: AsyncIterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const { name, size, body } of files) {
    const records = [
      ...(Buffer.byteLength(name) > longestName ? [record("path", name)] : []),
      ...(size > largestOctal ? [record("size", String(size))] : []),
    ];
    if (records.length > 0) {
      const text = Buffer.from(records.join(""), "utf8");
      yield header("pax", text.length, "x");
      yield text;
      yield padding(text.length);
    }
    yield header(name.slice(0, longestName), Math.min(size, largestOctal), "0");
    let written = 0;
    for await (const chunk of body) {
      written += chunk.byteLength;
      if (written > size) break;
      yield chunk;
    }
    if (written !== size) throw new Error(`${name} does not have the ${size} bytes that were announced`);
    yield padding(size);
  }
  yield Buffer.alloc(2 * block);
}

function header(name: string, size: number, type: "0" | "x"): Buffer {
  const bytes = Buffer.alloc(block);
  const put = (text: string, at: number): void => void bytes.write(text, at, "latin1");
  put(name, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  put("00000000000\0", 136);
  put(" ".repeat(8), 148);
  put(type, 156);
  put("ustar\u000000", 257);
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

function padding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}
