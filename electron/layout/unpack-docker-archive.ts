// Unpacks what "docker save" writes into a layout folder: layers and configurations byte for byte, manifests made of them.
// https://github.com/moby/docker-image-spec/blob/main/spec.md#combined-image-json--filesystem-changeset-format
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { z } from "zod";
import { mediaTypes } from "../../shared/media-types.ts";
import { isTag, parseImageReference } from "../../shared/reference.ts";
import { ioError } from "../files/errors.ts";
import { layoutError } from "./layout-error.ts";
import { beginLayout } from "./layout-folder.ts";
import {
  type Archive,
  entryName,
  intoPlace,
  openArchive,
  partialFolder,
  Room,
  refusedArchive,
} from "./read-archive.ts";
import { refNameAnnotation } from "./ref-names.ts";
import { type TarEntry, tarEntries } from "./tar-entries.ts";

const listName = "manifest.json";
/** Bytes of the list and of one configuration. */
const largestJson = 8 * 1024 * 1024;
const mostImages = 10_000;
const mostLayers = 10_000;
/** Links to links; docker writes none. */
const mostHops = 8;

const listSchema = z
  .array(
    z.object({
      Config: z.string().min(1).max(1024),
      RepoTags: z.array(z.string().max(1024)).nullish(),
      Layers: z.array(z.string().min(1).max(1024)).max(mostLayers),
    }),
  )
  .min(1)
  .max(mostImages);
const configSchema = z.looseObject({
  rootfs: z.looseObject({ diff_ids: z.array(z.string()).max(mostLayers) }).optional(),
});

interface Unpacked {
  /** SHA-256 in hex. */
  readonly hex: string;
  readonly size: number;
  /** The first bytes: they tell how a layer is packed. */
  readonly head: Buffer;
}

interface Content {
  readonly files: ReadonlyMap<string, Unpacked>;
  /** From the archive's root. */
  readonly links: ReadonlyMap<string, string>;
}

/**
 * The folder is there whole or not at all.
 * @throws FreightlinerError `protocol` for what is no such archive, `digest-mismatch`, `too-large`, `io`.
 */
export async function unpackDockerArchive(path: string, folder: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const partial = partialFolder(folder);
  const blobs = blobsIn(partial);
  try {
    await mkdir(blobs, { recursive: true, mode: 0o700 });
    const archive = await openArchive(path, signal);
    const content = await writeAll(archive, partial, signal).finally(archive.close);
    const entries = await new ImageMaker(content, blobs).entries();
    await writeIndex(partial, entries);
    await intoPlace(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    signal.throwIfAborted();
    throw ioError("open-archive", path, error);
  }
}

/** True where the archive has the list that docker writes. @throws FreightlinerError `protocol` for what is no tar archive, `io`. */
export async function hasDockerList(path: string, signal: AbortSignal): Promise<boolean> {
  const { chunks, close } = await openArchive(path, signal);
  try {
    for await (const entry of tarEntries(chunks, { links: true })) {
      signal.throwIfAborted();
      if (entryName(entry.name) === listName) return true;
    }
    return false;
  } catch (error) {
    signal.throwIfAborted();
    throw ioError("open-archive", path, error);
  } finally {
    close();
  }
}

async function writeAll(archive: Archive, folder: string, signal: AbortSignal): Promise<Content> {
  const files = new Map<string, Unpacked>();
  const links = new Map<string, string>();
  const room = await Room.of(dirname(folder), archive);
  for await (const entry of tarEntries(archive.chunks, { links: true })) {
    signal.throwIfAborted();
    const name = entryName(entry.name);
    if (files.has(name) || links.has(name)) throw refusedArchive(`${name} is in it twice`);
    room.take(name, entry.size);
    if (entry.link === undefined) files.set(name, await writeFile(entry, blobsIn(folder)));
    else links.set(name, linkTarget(name, entry.link));
  }
  return { files, links };
}

function blobsIn(folder: string): string {
  return join(folder, "blobs", "sha256");
}

function linkTarget(name: string, { to, hard }: NonNullable<TarEntry["link"]>): string {
  return entryName(hard ? to : posix.normalize(posix.join(posix.dirname(name), to)));
}

/** Every file becomes a blob at first: what it is, only the list at the end tells. */
async function writeFile({ body }: TarEntry, blobs: string): Promise<Unpacked> {
  const temporary = join(blobs, ".next");
  const hash = createHash("sha256");
  let head: Buffer = Buffer.alloc(0);
  let size = 0;
  const file = await open(temporary, "w", 0o600);
  try {
    for await (const chunk of body) {
      if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4)]);
      hash.update(chunk);
      size += chunk.length;
      await file.appendFile(chunk);
    }
  } finally {
    await file.close();
  }
  const hex = hash.digest("hex");
  await rename(temporary, join(blobs, hex));
  return { hex, size, head: Buffer.from(head.subarray(0, 4)) };
}

interface IndexEntry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

class ImageMaker {
  readonly #content: Content;
  readonly #blobs: string;
  /** Blobs that an image needs. */
  readonly #used = new Set<string>();

  constructor(content: Content, blobs: string) {
    this.#content = content;
    this.#blobs = blobs;
  }

  /** Writes the manifests and removes what no image needs. */
  async entries(): Promise<readonly IndexEntry[]> {
    const list = listSchema.safeParse(await this.#json(listName));
    if (!list.success) throw refusedArchive("its manifest.json is no list of images as docker writes it");
    const entries: IndexEntry[] = [];
    const names = new Set<string>();
    for (const { Config: config, RepoTags: tags, Layers: layers } of list.data) {
      const manifest = await this.#manifest(config, layers);
      const named: (string | undefined)[] = [...new Set((tags ?? []).map(nameOf))].filter(
        (name) => name !== undefined && !names.has(name),
      );
      // An image without a name would be found by its digest only.
      if (named.length === 0) named.push(names.has("latest") ? undefined : "latest");
      for (const name of named) {
        if (name !== undefined) names.add(name);
        entries.push(
          name === undefined ? manifest : { ...manifest, annotations: { [refNameAnnotation]: name } },
        );
      }
    }
    for (const { hex } of this.#content.files.values())
      if (!this.#used.has(hex)) await rm(join(this.#blobs, hex), { force: true });
    return entries;
  }

  async #manifest(config: string, layers: readonly string[]): Promise<IndexEntry> {
    const configuration = this.#file(config);
    const files = layers.map((name) => this.#file(name));
    const types = files.map(layerType);
    this.#checkLayers(config, await this.#json(config), files, types);
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      config: descriptor(mediaTypes.dockerConfig, configuration),
      layers: files.map((file, at) => descriptor(types[at] ?? "", file)),
    });
    const bytes = Buffer.from(text, "utf8");
    const hex = createHash("sha256").update(bytes).digest("hex");
    for (const file of [configuration, ...files]) this.#used.add(file.hex);
    this.#used.add(hex);
    const handle = await open(join(this.#blobs, hex), "w", 0o600);
    await handle.writeFile(bytes).finally(() => handle.close());
    return { mediaType: mediaTypes.dockerManifest, digest: `sha256:${hex}`, size: bytes.length };
  }

  /** A layer that is not packed has the digest that the configuration knows it by. */
  #checkLayers(name: string, json: unknown, files: readonly Unpacked[], types: readonly string[]): void {
    const config = configSchema.safeParse(json);
    if (!config.success) throw refusedArchive(`${name} is no image configuration`);
    const ids = config.data.rootfs?.diff_ids;
    if (ids === undefined) return;
    if (ids.length !== files.length)
      throw refusedArchive(`${name} names ${ids.length} layers, and the list ${files.length}`);
    for (const [at, file] of files.entries())
      if (types[at] === mediaTypes.dockerLayerPlain && ids[at] !== `sha256:${file.hex}`)
        throw layoutError(
          "digest-mismatch",
          "open-archive",
          `The archive cannot be used: layer ${at + 1} of ${name} does not have the digest that is named there.`,
        );
  }

  /** Behind links. @throws `protocol` where there is none. */
  #file(text: string): Unpacked {
    let name = entryName(text);
    for (let hop = 0; hop <= mostHops; hop += 1) {
      const file = this.#content.files.get(name);
      if (file !== undefined) return file;
      const next = this.#content.links.get(name);
      if (next === undefined) break;
      name = next;
    }
    throw refusedArchive(`${text.slice(0, 200)} is named in it and not there`);
  }

  async #json(name: string): Promise<unknown> {
    const { hex, size } = this.#file(name);
    if (size > largestJson) throw refusedArchive(`${name} is larger than ${largestJson} bytes`);
    const text = await readFile(join(this.#blobs, hex), "utf8");
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw layoutError(
        "protocol",
        "open-archive",
        `The archive cannot be used: ${name} is not JSON.`,
        cause,
      );
    }
  }
}

function descriptor(mediaType: string, { hex, size }: Unpacked) {
  return { mediaType, size, digest: `sha256:${hex}` };
}

/** docker writes plain tars; other writers leave the layers packed as they were. */
function layerType({ head }: Unpacked): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return mediaTypes.dockerLayer;
  if (head.equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return mediaTypes.ociLayerZstd;
  return mediaTypes.dockerLayerPlain;
}

/** `registry.example/team/app:v1` → `team/app:v1`; undefined for what is no name with a tag. */
function nameOf(text: string): string | undefined {
  try {
    const { host, repository, tag } = parseImageReference(text);
    if (tag === undefined || !isTag(tag)) return undefined;
    // A short name means the library of Docker Hub; here it stays as short as it was written.
    const short = host === "docker.io" && repository.startsWith("library/") && !text.includes("library/");
    return `${short ? repository.slice("library/".length) : repository}:${tag}`;
  } catch {
    // Its image is still there by its digest.
    return undefined;
  }
}

async function writeIndex(folder: string, manifests: readonly IndexEntry[]): Promise<void> {
  await beginLayout(folder);
  const file = await open(join(folder, "index.json"), "wx", 0o600);
  const text = JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
  await file.writeFile(text).finally(() => file.close());
}
