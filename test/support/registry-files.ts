// What a docker-registry's data folder holds on disk: digests and bytes of blobs, links of a repository.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export interface StoredBlob {
  readonly digest: string;
  readonly bytes: number;
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    // An empty registry has no folders yet.
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw thrown;
  }
}

/** Every blob in the store (manifests are blobs there too), sorted by digest. */
export async function storedBlobs(registry: { readonly dataFolder: string }): Promise<readonly StoredBlob[]> {
  const root = join(registry.dataFolder, "docker/registry/v2/blobs");
  const found: StoredBlob[] = [];
  for (const algorithm of await names(root)) {
    for (const prefix of await names(join(root, algorithm))) {
      for (const hex of await names(join(root, algorithm, prefix))) {
        const { size } = await stat(join(root, algorithm, prefix, hex, "data"));
        found.push({ digest: `${algorithm}:${hex}`, bytes: size });
      }
    }
  }
  return found.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

/** Bytes of all blobs and manifests in the store. */
export async function storedBytes(registry: { readonly dataFolder: string }): Promise<number> {
  return (await storedBlobs(registry)).reduce((sum, blob) => sum + blob.bytes, 0);
}

/** Upload sessions that were begun and neither finished nor cancelled. */
export async function openUploads(
  registry: { readonly dataFolder: string },
  repository: string,
): Promise<readonly string[]> {
  return names(join(registry.dataFolder, "docker/registry/v2/repositories", repository, "_uploads"));
}

/** Where the registry keeps a blob's bytes, e.g. to damage them. */
export function blobFile(registry: { readonly dataFolder: string }, digest: string): string {
  const [algorithm = "", hex = ""] = digest.split(":");
  return join(registry.dataFolder, "docker/registry/v2/blobs", algorithm, hex.slice(0, 2), hex, "data");
}

/** The file that makes a manifest one of a repository's. */
export function manifestLink(
  registry: { readonly dataFolder: string },
  repository: string,
  digest: string,
): string {
  const folder = join(registry.dataFolder, "docker/registry/v2/repositories", repository);
  return join(folder, "_manifests/revisions", digest.replace(":", "/"), "link");
}

/** The link by which a repository of a docker-registry holds a layer or configuration. */
export function layerLink(
  registry: { readonly dataFolder: string },
  repository: string,
  digest: string,
): string {
  const links = join(registry.dataFolder, "docker/registry/v2/repositories", repository, "_layers");
  return join(links, digest.replace(":", "/"), "link");
}
