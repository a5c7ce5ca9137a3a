// An image from its root down: index, manifests, configs and layers, each digest once, with guards against hostile shapes.
import {
  type Descriptor,
  type ParsedManifest,
  parseManifest,
  platformText,
} from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isForeignLayerType, isIndexType, mediaTypes } from "../../shared/media-types.ts";
import type { RunOptions } from "../../shared/run.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Manifest } from "./ports.ts";

/** Guards of facts: protocol.md 8, number 15. */
const deepest = 8;
const mostManifests = 10_000;
const mostManifestBytes = 64 * 1024 * 1024;
const parallelReads = 8;

export interface ImageTree {
  readonly root: Manifest;
  /** Children of the root in an order in which each comes after what it refers to; those in one group do not refer to each other. */
  readonly groups: readonly (readonly Manifest[])[];
  /** Configs and layers, each digest once. */
  readonly blobs: readonly Descriptor[];
  /** Foreign layers that are left where they are: the source does not hold them, or they never travel (protocol.md 1.4). */
  readonly leftOut: readonly Descriptor[];
  /** What each manifest refers to; nothing where it is no index. */
  readonly children: ReadonlyMap<Digest, readonly Digest[]>;
  readonly platforms: readonly string[];
  /** Bytes of `blobs`. */
  readonly bytes: number;
}

interface Node {
  readonly manifest: Manifest;
  readonly children: readonly Digest[];
}

export interface TreeRoot {
  readonly repository: string;
  readonly digest: Digest;
  /** As it was described; undefined where only the digest is known. */
  readonly mediaType: string | undefined;
  /** The root where it need not be read: it was read before, or made here. */
  readonly root?: Manifest | undefined;
  /** What becomes of layers that are not meant to be distributed; `if-held` by default. */
  readonly foreignLayers?: RunOptions["foreignLayers"];
}

/** Reads the tree of a pinned digest. @throws the source's errors; `too-large` and `protocol` where a guard holds. */
export async function readTree(
  source: EndpointSide,
  pinned: TreeRoot,
  signal: AbortSignal,
): Promise<ImageTree> {
  const walk = new TreeWalk(source, pinned.repository, signal);
  const root = await walk.read(pinned);
  return walk.finish(root, pinned.foreignLayers ?? "if-held");
}

class TreeWalk {
  readonly #source: EndpointSide;
  readonly #repository: string;
  readonly #signal: AbortSignal;
  readonly #nodes = new Map<Digest, Node>();
  readonly #claimed = new Set<Digest>();
  readonly #blobs = new Map<Digest, Descriptor>();
  readonly #platforms = new Set<string>();
  #manifestBytes = 0;

  constructor(source: EndpointSide, repository: string, signal: AbortSignal) {
    this.#source = source;
    this.#repository = repository;
    this.#signal = signal;
  }

  /** Level by level, so that depth is counted and a level's manifests are read side by side. */
  async read({ digest, mediaType, root: given }: TreeRoot): Promise<Manifest> {
    this.#claimed.add(digest);
    const root = given ?? (await this.#get(digest, { mediaType, size: undefined }));
    let level = this.#take(root);
    for (let depth = 1; level.length > 0; depth++) {
      if (depth > deepest) throw this.#refuse("too-large", `nests deeper than ${deepest} levels`);
      const below: Descriptor[] = [];
      await forEachAtMost(level, parallelReads, async (child) => {
        below.push(...(await this.#readChild(child)));
      });
      level = below;
    }
    return root;
  }

  async finish(root: Manifest, foreignLayers: RunOptions["foreignLayers"]): Promise<ImageTree> {
    const leftOut = await this.#leaveForeign(foreignLayers);
    const blobs = [...this.#blobs.values()];
    const bytes = blobs.reduce((sum, blob) => sum + blob.size, 0);
    if (!Number.isSafeInteger(bytes))
      throw this.#refuse("too-large", "claims more bytes than can be counted");
    return {
      root,
      groups: this.#groups(root.digest),
      children: new Map([...this.#nodes].map(([digest, node]) => [digest, node.children])),
      blobs,
      leftOut,
      platforms: [...this.#platforms],
      bytes,
    };
  }

  async #readChild(child: Descriptor): Promise<readonly Descriptor[]> {
    try {
      return this.#take(await this.#get(child.digest, child));
    } catch (error) {
      // BuildKit's cache is an index whose entries are layers: they lie among the blobs.
      if (!isBlobInIndex(error, child)) throw error;
      this.#addBlob(child);
      return [];
    }
  }

  async #get(
    digest: Digest,
    expected: { readonly mediaType: string | undefined; readonly size: number | undefined },
  ): Promise<Manifest> {
    const manifest = await this.#source.manifest(this.#repository, digest, this.#signal);
    if (manifest.digest !== digest)
      throw this.#refuse("digest-mismatch", `was served as ${manifest.digest} for ${digest}`);
    if (expected.size !== undefined && expected.size !== manifest.bytes.length)
      throw this.#refuse(
        "size-mismatch",
        `holds ${digest} with ${manifest.bytes.length} bytes where ${expected.size} were expected`,
      );
    this.#manifestBytes += manifest.bytes.length;
    if (this.#manifestBytes > mostManifestBytes)
      throw this.#refuse("too-large", `has more than ${mostManifestBytes} bytes of manifests`);
    // The digest proves the bytes, so the descriptor that led here decides the type (protocol.md 1.2, rule 7).
    return { ...manifest, mediaType: expected.mediaType ?? manifest.mediaType };
  }

  /** Notes a manifest and returns the children that nobody has claimed yet. */
  #take(manifest: Manifest): readonly Descriptor[] {
    const parsed = this.#parse(manifest);
    for (const blob of blobsOf(parsed)) this.#addBlob(blob);
    const children = parsed.kind === "index" ? parsed.manifests : [];
    this.#nodes.set(manifest.digest, { manifest, children: children.map((child) => child.digest) });
    for (const child of children) this.#addPlatform(child);
    const fresh = children.filter((child) => !this.#claimed.has(child.digest));
    for (const child of fresh) this.#claimed.add(child.digest);
    if (this.#claimed.size > mostManifests)
      throw this.#refuse("too-large", `has more than ${mostManifests} manifests`);
    return [...new Map(fresh.map((child) => [child.digest, child])).values()];
  }

  #parse(manifest: Manifest): ParsedManifest {
    const text = new TextDecoder().decode(manifest.bytes);
    try {
      return parseManifest(text, manifest.mediaType, this.#name(manifest.digest));
    } catch (error) {
      throw this.#source.named(error, "parse-manifest");
    }
  }

  #addBlob(blob: Descriptor): void {
    const known = this.#blobs.get(blob.digest);
    if (known === undefined) this.#blobs.set(blob.digest, blob);
    else if (known.size !== blob.size)
      throw this.#refuse("protocol", `gives ${blob.digest} the sizes ${known.size} and ${blob.size}`);
  }

  #addPlatform(child: Descriptor): void {
    const platform = platformText(child.platform);
    // BuildKit's attestations are children of the platform unknown/unknown.
    if (platform !== undefined && !platform.startsWith("unknown/")) this.#platforms.add(platform);
  }

  async #leaveForeign(policy: RunOptions["foreignLayers"]): Promise<readonly Descriptor[]> {
    const foreign = [...this.#blobs.values()].filter((blob) => isForeignLayerType(blob.mediaType));
    const left: Descriptor[] = [];
    await forEachAtMost(foreign, parallelReads, async (blob) => {
      if (policy === "never" || !(await this.#isHeld(blob))) left.push(blob);
    });
    for (const blob of left) this.#blobs.delete(blob.digest);
    return left;
  }

  #isHeld(blob: Descriptor): Promise<boolean> {
    return this.#source.ask("head-blob", this.#signal, (endpoint, options) =>
      endpoint.hasBlob(this.#repository, blob, { ...options, toRead: true }),
    );
  }

  /** Children by height: leaves first. */
  #groups(root: Digest): readonly (readonly Manifest[])[] {
    const heights = new Map<Digest, number>();
    const heightOf = (digest: Digest): number => {
      const known = heights.get(digest);
      if (known !== undefined) return known;
      const children = this.#nodes.get(digest)?.children ?? [];
      const height = children.reduce((most, child) => Math.max(most, heightOf(child) + 1), 0);
      heights.set(digest, height);
      return height;
    };
    const groups: Manifest[][] = Array.from({ length: heightOf(root) }, () => []);
    for (const [digest, node] of this.#nodes)
      if (digest !== root) groups[heightOf(digest)]?.push(node.manifest);
    return groups;
  }

  #name(digest: Digest): string {
    return `${this.#source.endpoint.host}/${this.#repository}@${digest}`;
  }

  #refuse(
    code: "too-large" | "protocol" | "size-mismatch" | "digest-mismatch",
    found: string,
  ): FreightlinerError {
    const root = this.#claimed.values().next().value;
    return new FreightlinerError({
      code,
      side: this.#source.side,
      operation: "read-image",
      message: `The image ${root === undefined ? this.#repository : this.#name(root)} ${found}.`,
    });
  }
}

/** The root and everything below it. */
export function manifestsOf(tree: ImageTree): readonly Manifest[] {
  return [tree.root, ...tree.groups.flat()];
}

function blobsOf(parsed: ParsedManifest): readonly Descriptor[] {
  if (parsed.kind !== "image") return [];
  return parsed.config === undefined ? parsed.layers : [parsed.config, ...parsed.layers];
}

const manifestTypes: ReadonlySet<string> = new Set([
  mediaTypes.ociManifest,
  mediaTypes.dockerManifest,
  mediaTypes.ociArtifact,
]);

function isBlobInIndex(error: unknown, child: Descriptor): boolean {
  const isManifest = isIndexType(child.mediaType) || manifestTypes.has(child.mediaType);
  return !isManifest && error instanceof FreightlinerError && error.code === "manifest-unknown";
}
