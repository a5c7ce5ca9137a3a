// The exact list of the renderer's files: both hosts serve from this map, never from the disk's namespace.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { FreightlinerError } from "../../shared/errors.ts";
import { isMissing } from "../files/errors.ts";

export interface RendererFile {
  /** `Content-Type` with its character set. */
  readonly type: string;
  readonly bytes: Buffer;
  /** The same bytes under gzip, where that is worth it. */
  readonly gzipped: Buffer | undefined;
  /** Strong entity tag, quoted. */
  readonly etag: string;
  /** True where the name carries a hash of the content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** URL path (`/assets/index-abc.js`) → file. A path that is not a key does not exist: no path arithmetic, nothing to escape from. */
export type RendererFiles = ReadonlyMap<string, RendererFile>;

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".md": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};
const compressible = /^(text\/|application\/(json|manifest)|image\/svg)/;
const compress = promisify(gzip);
/** The way is short (this machine, at most a tunnel), and the start waits for it: the quickest is best. */
const quickest = { level: 1 };

const notices = "third-party-notices.md";

/**
 * Reads a built renderer into memory. Source maps and files of unknown type are left out.
 * @param own the folder of this very bundle: the licences of what it is made of go with those of the window.
 * @throws FreightlinerError `configuration` where the folder holds no built renderer.
 */
export async function readRendererFiles(
  folder: string,
  own: string = import.meta.dirname,
): Promise<RendererFiles> {
  const names = await listFiles(folder);
  const files = new Map<string, RendererFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = await readFile(join(folder, name));
    const whole = name === notices ? Buffer.concat([bytes, await noticesOf(own)]) : bytes;
    files.set(`/${name}`, await fileOf(whole, name, type));
  }
  if (!files.has("/index.html")) throw notBuilt(folder);
  return files;
}

/** What a URL path names; the root names the page. */
export function findRendererFile(files: RendererFiles, path: string): RendererFile | undefined {
  return files.get(path === "/" ? "/index.html" : path);
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((name) => !name.split("/").some((part) => part.startsWith(".")))
      .sort();
  } catch (cause) {
    throw notBuilt(folder, cause);
  }
}

/** Empty where nothing was bundled: what runs from its sources ships nothing of others. */
async function noticesOf(bundle: string): Promise<Buffer> {
  try {
    return Buffer.concat([Buffer.from("\n\n"), await readFile(join(bundle, notices))]);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

async function fileOf(bytes: Buffer, name: string, type: string): Promise<RendererFile> {
  return {
    type,
    bytes,
    gzipped: compressible.test(type) && bytes.length > 1024 ? await compress(bytes, quickest) : undefined,
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 27)}"`,
    immutable: /^assets\/.*-[\w-]{8,}\.\w+$/.test(name),
  };
}

function notBuilt(folder: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({
    code: "configuration",
    operation: "read-renderer",
    message: `${folder} holds no built renderer (index.html is missing); expected the output of npm run build.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
