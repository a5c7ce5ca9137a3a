// Layouts and archives on the disk made from one text, and everything that can be read of them.
import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OciLayout } from "../../electron/layout/layout.ts";
import { unpackArchive } from "../../electron/layout/unpack-archive.ts";
import { hasDockerList, unpackDockerArchive } from "../../electron/layout/unpack-docker-archive.ts";
import { tarOf } from "../../electron/layout/write-tar.ts";
import { parseManifest } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { parseManifestReference, parseRepositoryName } from "../../shared/reference.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";

const { signal } = new AbortController();
const options = { signal };
/** Names of one layout that are followed. */
const mostNames = 20;

/** Parts of an input, divided by lines of three dashes. */
function partsOf(input: Buffer): readonly Buffer[] {
  return input
    .toString("latin1")
    .split("\n---\n")
    .map((part) => Buffer.from(part, "latin1"));
}

/** An error that is no answer to a broken file is thrown; the others are what was to be found out. */
function unlessRefused(thrown: unknown): undefined {
  if (toFreightlinerError(thrown, "fuzz") !== thrown) throw thrown;
  return undefined;
}

/** A layout whose marker, index and one blob are the input's parts: nothing of it may lead out, or be called what nothing is called. */
export async function readLayout(input: Buffer): Promise<void> {
  const [marker = "", index = "", blob = ""] = partsOf(input);
  await using folder = await tempFolder("fuzz");
  const blobs = join(folder.path, "blobs/sha256");
  await mkdir(blobs, { recursive: true });
  const hex = createHash("sha256").update(blob).digest("hex");
  await writeFile(join(folder.path, "oci-layout"), marker);
  await writeFile(join(folder.path, "index.json"), index);
  await writeFile(join(blobs, hex), blob);
  const layout = await OciLayout.open({ path: folder.path, create: false });
  const digest = parseDigest(`sha256:${hex}`, "a sample");
  const manifest = await layout.getManifest("app", digest, options).catch(unlessRefused);
  if (manifest !== undefined && manifest.digest !== digest) throw new TypeError("another manifest came");
  await layout.listReferrers("app", digest, options).catch(unlessRefused);
  await followAll(layout);
}

/** An archive as docker writes it, whose list and configuration are the input's parts. */
export async function readDockerList(input: Buffer): Promise<void> {
  const [list = Buffer.alloc(0), config = Buffer.alloc(0)] = partsOf(input);
  async function* once(content: Buffer): AsyncGenerator<Buffer> {
    yield content;
  }
  const files = Object.entries({
    "a.json": config,
    "a/layer.tar": Buffer.from("layer"),
    "manifest.json": list,
  });
  const parts: Uint8Array[] = [];
  for await (const part of tarOf(
    files.map(([name, content]) => ({ name, size: content.length, body: once(content) })),
  ))
    parts.push(part);
  await using folder = await tempFolder("fuzz");
  await unpackInto(folder, Buffer.concat(parts), unpackDockerArchive);
}

/** The input is the archive itself, as anybody could send it. */
export async function readArchive(input: Buffer): Promise<void> {
  let refused: unknown;
  for (const unpack of [unpackArchive, unpackDockerArchive]) {
    await using folder = await tempFolder("fuzz");
    try {
      await unpackInto(folder, input, unpack);
    } catch (thrown) {
      unlessRefused(thrown);
      refused = thrown;
    }
    await hasDockerList(join(folder.path, "image.tar"), signal).catch(unlessRefused);
    const beside = (await readdir(folder.path)).filter((name) => name !== "image.tar" && name !== "layout");
    if (beside.length > 0) throw new TypeError(`it left ${beside.join(", ")}`);
  }
  if (refused !== undefined) throw refused;
}

async function unpackInto(
  { path }: TempFolder,
  tar: Buffer,
  unpack: typeof unpackArchive | typeof unpackDockerArchive,
): Promise<void> {
  const [file, target] = [join(path, "image.tar"), join(path, "layout")];
  await writeFile(file, tar);
  await unpack(file, target, signal);
  await followAll(await OciLayout.open({ path: target, create: false }));
}

/** What is listed can be asked for. */
async function followAll(layout: OciLayout): Promise<void> {
  const repositories = await collect(layout.listRepositories(options));
  for (const repository of repositories.map((name) => parseRepositoryName(name)).slice(0, mostNames)) {
    for (const tag of (await collect(layout.listTags(repository, options))).slice(0, mostNames)) {
      parseManifestReference(tag);
      await layout.headManifest(repository, tag, options).catch(unlessRefused);
      const found = await layout.getManifest(repository, tag, options).catch(unlessRefused);
      if (found === undefined) continue;
      await layout.listReferrers(repository, found.digest, options).catch(unlessRefused);
      parseManifest(Buffer.from(found.bytes).toString("utf8"), found.mediaType, tag);
    }
  }
}

async function collect(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  const all: string[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
