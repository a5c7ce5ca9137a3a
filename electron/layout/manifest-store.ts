// Manifests of a layout: read and verified, written only when their parts are there.
import type { Descriptor, ParsedManifest } from "../../shared/descriptor.ts";
import { parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { isForeignLayerType, isIndexType, mediaTypes } from "../../shared/media-types.ts";
import type { Manifest } from "../engine/ports.ts";
import { type BlobFolder, digestOf } from "./blob-folder.ts";
import { layoutError } from "./layout-error.ts";

/** Bytes; the largest manifest that is read. */
export const maxManifestSize = 8 * 1024 * 1024;
/** Media types of children that are remembered: a child need not say its own. */
const keptTypes = 20_000;

export class ManifestStore {
  readonly #blobs: BlobFolder;
  readonly #types = new Map<Digest, string>();

  constructor(blobs: BlobFolder) {
    this.#blobs = blobs;
  }

  /**
   * A manifest by digest; undefined where there is none, or what is there is no manifest.
   * @param described the descriptor that led here, where there is one.
   * @throws `digest-mismatch`, `size-mismatch`.
   */
  async read(
    digest: Digest,
    described: { mediaType: string; size: number } | undefined,
  ): Promise<Manifest | undefined> {
    const size = await this.#blobs.size(digest);
    if (size === undefined || (described === undefined && size > maxManifestSize)) return undefined;
    const bytes = await this.#blobs.read(digest, maxManifestSize);
    if (bytes === undefined) return undefined;
    const found = digestOf(digest, bytes);
    if (found !== digest) {
      throw layoutError(
        "digest-mismatch",
        "get-manifest",
        `The file of ${digest} holds other bytes: their digest is ${found}.`,
      );
    }
    if (described !== undefined && described.size !== bytes.length) {
      throw layoutError(
        "size-mismatch",
        "get-manifest",
        `The manifest ${digest} has ${bytes.length} bytes; its descriptor says ${described.size}.`,
      );
    }
    const mediaType = described?.mediaType ?? typeOf(bytes) ?? this.#types.get(digest);
    if (mediaType === undefined) return undefined;
    this.#rememberChildren(bytes, mediaType);
    return { digest, mediaType, size: bytes.length, bytes };
  }

  /** @throws `blob-unknown` where a part is missing, as a registry does; `digest-mismatch`. */
  async write(manifest: Manifest): Promise<void> {
    const { digest, mediaType, bytes } = manifest;
    const parsed = parseManifest(Buffer.from(bytes).toString("utf8"), mediaType, digest);
    for (const part of partsOf(parsed)) {
      if (await this.#blobs.has(part)) continue;
      throw layoutError(
        "blob-unknown",
        "put-manifest",
        `The manifest ${digest} needs ${part.digest} (${part.size} bytes), which the layout does not hold.`,
      );
    }
    await this.#blobs.writeBytes(digest, bytes);
    this.#remember(digest, mediaType);
  }

  #rememberChildren(bytes: Buffer, mediaType: string): void {
    if (!isIndexType(mediaType)) return;
    for (const child of childTypes(bytes)) this.#remember(child.digest, child.mediaType);
  }

  #remember(digest: Digest, mediaType: string): void {
    if (this.#types.size >= keptTypes) this.#types.clear();
    this.#types.set(digest, mediaType);
  }
}

/** What has to be there first. Layers that must not be distributed may be left out (protocol: foreign layers). */
function partsOf(parsed: ParsedManifest): readonly Descriptor[] {
  if (parsed.kind === "unknown") return [];
  if (parsed.kind === "index") return parsed.manifests;
  const layers = parsed.layers.filter((layer) => !isForeignLayerType(layer.mediaType));
  return parsed.config === undefined ? layers : [parsed.config, ...layers];
}

function childTypes(bytes: Buffer): readonly Descriptor[] {
  try {
    const parsed = parseManifest(bytes.toString("utf8"), mediaTypes.ociIndex, "index");
    return parsed.kind === "index" ? parsed.manifests : [];
  } catch {
    // Only a hint is wanted; whoever uses the manifest reads it himself and tells what is wrong.
    return [];
  }
}

/** What the text says it is, or what its fields show; undefined for other files. */
function typeOf(bytes: Buffer): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    // A layer or another blob: no manifest.
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  if ("mediaType" in json && typeof json.mediaType === "string" && json.mediaType !== "")
    return json.mediaType;
  if ("manifests" in json && Array.isArray(json.manifests)) return mediaTypes.ociIndex;
  if ("config" in json && "layers" in json && Array.isArray(json.layers)) return mediaTypes.ociManifest;
  return undefined;
}
