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
export async function* tarOf(files: Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    const { name, size } = file;
    yield headOf(file);
    let written = 0;
    for await (const chunk of file.body) {
      written += chunk.byteLength;
      if (written > size) break;
      yield chunk;
    }
    if (written !== size) throw new Error(`${name} does not have the ${size} bytes that were announced`);
    yield padding(size);
  }
  yield Buffer.alloc(2 * block);
}

/** Bytes of the archive of these files. */
export function tarSize(files: Iterable<Omit<TarFile, "body">>): number {
  let bytes = 2 * block;
  for (const file of files) bytes += headOf(file).length + file.size + padding(file.size).length;
  return bytes;
}

/** What stands before the content: its header, and another before that for what does not fit into it. */
function headOf({ name, size }: Omit<TarFile, "body">): Buffer {
  const own = header(name.slice(0, longestName), Math.min(size, largestOctal), "0");
  const records = [
    ...(Buffer.byteLength(name) > longestName ? [record("path", name)] : []),
    ...(size > largestOctal ? [record("size", String(size))] : []),
  ];
  if (records.length === 0) return own;
  const text = Buffer.from(records.join(""), "utf8");
  return Buffer.concat([header("pax", text.length, "x"), text, padding(text.length), own]);
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
