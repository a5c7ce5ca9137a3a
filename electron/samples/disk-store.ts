// The sample registry's files: blobs by digest once, links of each repository to its blobs, manifests, tags and referrers.
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type Digest, isDigest } from "../../shared/digest.ts";
import { isTag } from "../../shared/reference.ts";

/** What is kept of a manifest beside its bytes. */
const manifestRecord = z.object({
  mediaType: z.string(),
  size: z.number(),
  subject: z.string().optional(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type ManifestRecord = z.infer<typeof manifestRecord>;

function isMissing(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

async function orWhenMissing<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (isMissing(thrown)) return otherwise;
    throw thrown;
  }
}

function digestFile(digest: Digest): string {
  return digest.replace(":", "-");
}

// Upper case is escaped, so that `RC1` and `rc1` are two files on every file system; `_` keeps names like `con` off Windows.
function tagFile(tag: string): string {
  return `_${tag.replace(/[A-Z]/g, (letter) => `^${letter.toLowerCase()}`)}`;
}
function tagOfFile(name: string): string {
  return name.slice(1).replace(/\^([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export class DiskStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  #repository(repository: string, ...parts: readonly string[]): string {
    return join(this.#root, "repositories", repository, ...parts);
  }

  /** Where a blob's or manifest's bytes are. */
  blobFile(digest: Digest): string {
    return join(this.#root, "blobs", digest.slice(0, 6), digest.slice(7));
  }

  /** A new file that readers never look at, to be renamed into place. */
  async temporaryFile(): Promise<string> {
    await mkdir(join(this.#root, "temp"), { recursive: true });
    return join(this.#root, "temp", randomUUID());
  }

  uploadFile(repository: string, session: string): string {
    return this.#repository(repository, "_uploads", session);
  }

  async #write(file: string, content: Uint8Array | string): Promise<void> {
    const temporary = await this.temporaryFile();
    await writeFile(temporary, content);
    await this.#moveInto(temporary, file);
  }

  async #moveInto(from: string, to: string): Promise<void> {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  }

  /** Takes over a complete, verified file and links it into the repository. */
  async commitBlob(repository: string, digest: Digest, file: string): Promise<void> {
    await this.#moveInto(file, this.blobFile(digest));
    await this.linkBlob(repository, digest);
  }

  async linkBlob(repository: string, digest: Digest): Promise<void> {
    await this.#write(this.#repository(repository, "_blobs", digestFile(digest)), "");
  }

  /** The blob's size, or undefined where this repository does not have it. */
  async blobSize(repository: string, digest: Digest): Promise<number | undefined> {
    const link = this.#repository(repository, "_blobs", digestFile(digest));
    if (
      !(await orWhenMissing(
        access(link).then(() => true),
        false,
      ))
    )
      return undefined;
    return orWhenMissing(
      stat(this.blobFile(digest)).then((found) => found.size),
      undefined,
    );
  }

  /** False where there was none. Bytes stay, as other repositories may link them. */
  async deleteBlob(repository: string, digest: Digest): Promise<boolean> {
    if ((await this.blobSize(repository, digest)) === undefined) return false;
    await rm(this.#repository(repository, "_blobs", digestFile(digest)), { force: true });
    return true;
  }

  async putManifest(
    repository: string,
    manifest: { readonly digest: Digest; readonly bytes: Uint8Array; readonly record: ManifestRecord },
  ): Promise<void> {
    const { digest, bytes, record } = manifest;
    await this.#write(this.blobFile(digest), bytes);
    if (record.subject !== undefined && isDigest(record.subject)) {
      const folder = this.#repository(repository, "_referrers", digestFile(record.subject));
      await this.#write(join(folder, digestFile(digest)), "");
    }
    await this.#write(this.#repository(repository, "_manifests", digestFile(digest)), JSON.stringify(record));
  }

  async manifest(repository: string, digest: Digest): Promise<ManifestRecord | undefined> {
    const file = this.#repository(repository, "_manifests", digestFile(digest));
    const text = await orWhenMissing(readFile(file, "utf8"), undefined);
    return text === undefined ? undefined : manifestRecord.parse(JSON.parse(text));
  }

  /** Removes the manifest, its tags and its entry among the referrers. False where there was none. */
  async deleteManifest(repository: string, digest: Digest): Promise<boolean> {
    const record = await this.manifest(repository, digest);
    if (record === undefined) return false;
    await rm(this.#repository(repository, "_manifests", digestFile(digest)), { force: true });
    for (const tag of await this.tags(repository)) {
      if ((await this.tagDigest(repository, tag)) === digest) await this.deleteTag(repository, tag);
    }
    if (record.subject !== undefined && isDigest(record.subject)) {
      const folder = this.#repository(repository, "_referrers", digestFile(record.subject));
      await rm(join(folder, digestFile(digest)), { force: true });
    }
    return true;
  }

  async setTag(repository: string, tag: string, digest: Digest): Promise<void> {
    await this.#write(this.#repository(repository, "_tags", tagFile(tag)), digest);
  }

  async tagDigest(repository: string, tag: string): Promise<Digest | undefined> {
    const file = this.#repository(repository, "_tags", tagFile(tag));
    const text = await orWhenMissing(readFile(file, "utf8"), "");
    return isDigest(text) ? text : undefined;
  }

  async deleteTag(repository: string, tag: string): Promise<boolean> {
    if ((await this.tagDigest(repository, tag)) === undefined) return false;
    await rm(this.#repository(repository, "_tags", tagFile(tag)), { force: true });
    return true;
  }

  /** In ASCII order. */
  async tags(repository: string): Promise<readonly string[]> {
    const files = await orWhenMissing(readdir(this.#repository(repository, "_tags")), []);
    return files.map(tagOfFile).filter(isTag).sort();
  }

  /** Digests of the manifests whose subject it is. */
  async referrers(repository: string, subject: Digest): Promise<readonly Digest[]> {
    const folder = this.#repository(repository, "_referrers", digestFile(subject));
    const files = await orWhenMissing(readdir(folder), []);
    return files
      .map((file) => file.replace("-", ":"))
      .filter(isDigest)
      .sort();
  }

  /** Removes what broken uploads and interrupted writes left, where nothing touched it for so long. */
  async clearLeftovers(olderThanMs: number): Promise<void> {
    const folders = [join(this.#root, "temp")];
    await this.#walk((name, entries) => {
      if (entries.includes("_uploads")) folders.push(this.#repository(name, "_uploads"));
    });
    for (const folder of folders) {
      for (const name of await orWhenMissing(readdir(folder), [])) {
        const touched = await orWhenMissing(stat(join(folder, name)), undefined);
        if (touched === undefined || Date.now() - touched.mtimeMs < olderThanMs) continue;
        await rm(join(folder, name), { force: true });
      }
    }
  }

  async hasRepository(repository: string): Promise<boolean> {
    const names = await orWhenMissing(readdir(this.#repository(repository)), []);
    return names.includes("_manifests") || names.includes("_blobs");
  }

  /** Names of all repositories that hold a manifest, in ASCII order. */
  async repositories(): Promise<readonly string[]> {
    const found: string[] = [];
    await this.#walk((name, entries) => {
      if (entries.includes("_manifests")) found.push(name);
    });
    return found.sort();
  }

  async #walk(see: (repository: string, entries: readonly string[]) => void, name = ""): Promise<void> {
    const entries = await orWhenMissing(readdir(this.#repository(name)), []);
    see(name, entries);
    for (const entry of entries) {
      if (!entry.startsWith("_")) await this.#walk(see, name === "" ? entry : `${name}/${entry}`);
    }
  }
}
