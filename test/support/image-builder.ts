// Builds images of every shape from a seed and pushes them with raw HTTP. Large layers are streams, never held in memory.
import { Readable } from "node:stream";
import {
  imageConfig,
  imageManifest,
  indexManifest,
  type JsonContent,
  sha256Of,
} from "../../electron/samples/image-json.ts";
import { type LayerSpec, layerChunks, makeLayer } from "../../electron/samples/layer.ts";
import type { Descriptor, Platform } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { putBlob, putManifest, type RawTarget } from "./raw-http.ts";

export type ImageFormat = "oci" | "docker";

export interface BuiltBlob {
  readonly descriptor: Descriptor;
  readonly digest: Digest;
  readonly size: number;
  readonly body: Uint8Array | (() => Readable);
}
export interface BuiltLayer extends BuiltBlob {
  readonly diffId: Digest;
}

/** A manifest with all that it needs; an index has children, an image has blobs (its configuration comes first). */
export interface BuiltImage {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
  /** For the index that lists it; carries the platform. */
  readonly descriptor: Descriptor;
  readonly blobs: readonly BuiltBlob[];
  readonly children: readonly BuiltImage[];
}

export const linuxAmd64: Platform = { os: "linux", architecture: "amd64" };
export const linuxArm64: Platform = { os: "linux", architecture: "arm64" };
export const defaultCreated = "2026-01-15T08:00:00Z";

export interface LayerInput {
  readonly seed: string;
  /** Bytes of the file inside; the blob is slightly larger. */
  readonly size: number;
  readonly format?: ImageFormat;
  readonly mediaType?: string;
  readonly compression?: LayerSpec["compression"];
}

/** One layer; its digest is found in a first pass, its body makes the same bytes again. */
export async function buildLayer(input: LayerInput): Promise<BuiltLayer> {
  const compression = input.compression ?? "gzip";
  const spec: LayerSpec = { seed: input.seed, size: input.size, path: "opt/data.bin", compression };
  const measured = await makeLayer(spec);
  const mediaType = input.mediaType ?? layerType(input.format ?? "oci", compression);
  const { digest, size, diffId } = measured;
  const body = (): Readable => Readable.from(layerChunks(spec), { objectMode: false });
  return { descriptor: { mediaType, digest, size }, digest, size, diffId, body };
}

function layerType(format: ImageFormat, compression: LayerSpec["compression"]): string {
  const gzip = compression === "gzip";
  if (format === "docker") return `application/vnd.docker.image.rootfs.diff.tar${gzip ? ".gzip" : ""}`;
  return `application/vnd.oci.image.layer.v1.tar${gzip ? "+gzip" : ""}`;
}

/** A blob of given bytes and media type. */
export function buildBlob(bytes: Uint8Array, mediaType: string): BuiltBlob {
  const digest = sha256Of(bytes);
  const size = bytes.byteLength;
  return { descriptor: { mediaType, digest, size }, digest, size, body: bytes };
}

function built(
  content: JsonContent,
  parts: { blobs?: readonly BuiltBlob[]; children?: readonly BuiltImage[]; platform?: Platform | undefined },
): BuiltImage {
  const platform = parts.platform === undefined ? {} : { platform: parts.platform };
  return {
    bytes: content.bytes,
    digest: content.descriptor.digest,
    size: content.bytes.length,
    mediaType: content.descriptor.mediaType,
    descriptor: { ...content.descriptor, ...platform },
    blobs: parts.blobs ?? [],
    children: parts.children ?? [],
  };
}

export interface ImageInput {
  readonly seed: string;
  readonly format?: ImageFormat;
  /** How many own layers; 2 by default. */
  readonly layers?: number;
  /** Bytes of each own layer; 20 kB by default. */
  readonly layerSize?: number;
  /** Layers below the own ones, shared between images. */
  readonly baseLayers?: readonly BuiltLayer[];
  readonly platform?: Platform;
  /** RFC 3339. */
  readonly created?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly subject?: Descriptor;
  readonly compression?: LayerSpec["compression"];
}

/** An image of one platform. */
export async function buildImage(input: ImageInput): Promise<BuiltImage> {
  const { seed, format = "oci", platform = linuxAmd64, created = defaultCreated } = input;
  const layers: BuiltLayer[] = [...(input.baseLayers ?? [])];
  for (let index = 0; index < (input.layers ?? 2); index += 1) {
    const size = input.layerSize ?? 20_000;
    const compression = input.compression ?? "gzip";
    layers.push(await buildLayer({ seed: `${seed}/layer-${index}`, size, format, compression }));
  }
  const diffIds = layers.map((layer) => layer.diffId);
  const labels = input.labels ?? { "freightliner.test.seed": seed };
  const json = JSON.stringify(imageConfig({ platform, created, diffIds, labels }));
  const docker = format === "docker";
  const config = buildBlob(Buffer.from(json), docker ? mediaTypes.dockerConfig : mediaTypes.ociConfig);
  const manifest = imageManifest({
    mediaType: docker ? mediaTypes.dockerManifest : mediaTypes.ociManifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    annotations: input.annotations,
    subject: input.subject,
  });
  return built(manifest, { blobs: [config, ...layers], platform });
}

/** An image of one platform with about `totalSize` bytes of layers, streamed: 300 MB or 1 GB cost no memory. */
export function buildLargeImage(input: {
  readonly seed: string;
  readonly totalSize: number;
  readonly layers?: number;
  readonly format?: ImageFormat;
}): Promise<BuiltImage> {
  const layers = input.layers ?? 1;
  const layerSize = Math.floor(input.totalSize / layers);
  const compression = "none" as const;
  return buildImage({ seed: input.seed, layers, layerSize, compression, format: input.format ?? "oci" });
}

export interface IndexInput {
  readonly children: readonly BuiltImage[];
  readonly format?: ImageFormat;
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An index of any manifests, also of other indexes. */
export function buildIndex(input: IndexInput): BuiltImage {
  const content = indexManifest({
    mediaType: input.format === "docker" ? mediaTypes.dockerList : mediaTypes.ociIndex,
    manifests: input.children.map((child) => child.descriptor),
    artifactType: input.artifactType,
    subject: input.subject,
    annotations: input.annotations,
  });
  return built(content, { children: input.children });
}

const platformNames: readonly Platform[] = [
  linuxAmd64,
  linuxArm64,
  { os: "linux", architecture: "arm", variant: "v7" },
  { os: "linux", architecture: "ppc64le" },
  { os: "linux", architecture: "s390x" },
  { os: "linux", architecture: "riscv64" },
  { os: "linux", architecture: "386" },
  { os: "linux", architecture: "arm", variant: "v6" },
];

export interface MultiPlatformInput extends Omit<ImageInput, "platform" | "subject"> {
  /** How many platforms, 1 to 8 (2 by default), or which. */
  readonly platforms?: number | readonly Platform[];
  /** A layer that all platforms share, of this many bytes. */
  readonly sharedLayerSize?: number;
}

/** An index with one image for each platform. */
export async function buildMultiPlatform(input: MultiPlatformInput): Promise<BuiltImage> {
  const { platforms = 2, sharedLayerSize, seed, annotations, ...rest } = input;
  const format = input.format ?? "oci";
  const chosen = typeof platforms === "number" ? platformNames.slice(0, platforms) : platforms;
  const shared =
    sharedLayerSize === undefined
      ? []
      : [await buildLayer({ seed: `${seed}/shared`, size: sharedLayerSize, format })];
  const children: BuiltImage[] = [];
  for (const platform of chosen) {
    const own = `${seed}/${platform.os}-${platform.architecture}-${platform.variant ?? ""}`;
    const baseLayers = [...(input.baseLayers ?? []), ...shared];
    children.push(await buildImage({ ...rest, seed: own, format, platform, baseLayers }));
  }
  return buildIndex({ children, format, ...(annotations === undefined ? {} : { annotations }) });
}

export interface ArtifactInput {
  readonly seed: string;
  /** An unknown one by default. */
  readonly artifactType?: string;
  readonly layerMediaType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An artifact manifest with the empty configuration and layers of a media type nobody knows. */
export function buildArtifact(input: ArtifactInput): BuiltImage {
  const layerType = input.layerMediaType ?? "application/vnd.example.unheard-of.payload.v7";
  const config = buildBlob(Buffer.from("{}"), mediaTypes.ociEmpty);
  const layer = buildBlob(Buffer.from(`artifact payload of ${input.seed}`), layerType);
  const content = imageManifest({
    mediaType: mediaTypes.ociManifest,
    artifactType: input.artifactType ?? "application/vnd.example.unheard-of.v7",
    config: config.descriptor,
    layers: [layer.descriptor],
    subject: input.subject,
    annotations: input.annotations,
  });
  return built(content, { blobs: [config, layer] });
}

/** The manifest and all below it, each once, children before their index. */
export function manifestsOf(image: BuiltImage): readonly BuiltImage[] {
  const found = new Map<Digest, BuiltImage>();
  for (const child of image.children.flatMap((each) => manifestsOf(each))) found.set(child.digest, child);
  found.set(image.digest, image);
  return [...found.values()];
}

/** Every blob that the image needs, each once. */
export function blobsOf(image: BuiltImage): readonly BuiltBlob[] {
  const found = new Map<Digest, BuiltBlob>();
  for (const blob of manifestsOf(image).flatMap((each) => each.blobs)) found.set(blob.digest, blob);
  return [...found.values()];
}

/** Bytes of all distinct blobs (without manifests). */
export function blobBytesOf(image: BuiltImage): number {
  return blobsOf(image).reduce((sum, blob) => sum + blob.size, 0);
}

/** Pushes blobs, children by digest, then the manifest under the tag (or its digest). Returns the digest. */
export async function pushImage(
  target: RawTarget,
  image: BuiltImage,
  repository: string,
  tag?: string,
): Promise<Digest> {
  for (const blob of blobsOf(image)) await putBlob(target, repository, blob);
  for (const manifest of manifestsOf(image)) {
    const reference = manifest === image && tag !== undefined ? tag : manifest.digest;
    await putManifest(target, { repository, reference }, manifest);
  }
  return image.digest;
}
