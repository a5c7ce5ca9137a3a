// Puts images of known shape into a memory endpoint.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { type MemoryEndpoint, sha256 } from "./memory-endpoint.ts";

const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

/** Bytes that depend on the seed alone. */
export function bytesOf(seed: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = [...seed].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) >>> 0, 7);
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

export function putBlob(
  endpoint: MemoryEndpoint,
  repository: string,
  bytes: Uint8Array,
  mediaType = layerType,
): Descriptor {
  const digest = sha256(bytes);
  endpoint.repository(repository).blobs.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}

export function putJson(
  endpoint: MemoryEndpoint,
  repository: string,
  body: { mediaType: string } & Record<string, unknown>,
  tag?: string,
): Descriptor {
  const bytes = new TextEncoder().encode(JSON.stringify({ schemaVersion: 2, ...body }));
  const digest = sha256(bytes);
  endpoint.repository(repository).manifests.set(digest, { bytes, mediaType: body.mediaType });
  if (tag !== undefined) endpoint.repository(repository).tags.set(tag, digest);
  return { mediaType: body.mediaType, digest, size: bytes.length };
}

export interface ImageShape {
  readonly repository: string;
  readonly tag?: string;
  /** A seed and a size for each layer; the same pair is the same layer. */
  readonly layers: readonly (readonly [string, number])[];
  readonly config?: string;
}

export function putImage(endpoint: MemoryEndpoint, shape: ImageShape): Descriptor {
  const { repository } = shape;
  const config = putBlob(
    endpoint,
    repository,
    new TextEncoder().encode(JSON.stringify({ config: shape.config ?? `${repository}:${shape.tag}` })),
    mediaTypes.ociConfig,
  );
  const layers = shape.layers.map(([seed, size]) => putBlob(endpoint, repository, bytesOf(seed, size)));
  return putJson(endpoint, repository, { mediaType: mediaTypes.ociManifest, config, layers }, shape.tag);
}

export interface IndexShape {
  readonly repository: string;
  readonly tag?: string;
  readonly children: readonly { readonly architecture: string; readonly layers: ImageShape["layers"] }[];
}

export function putIndex(endpoint: MemoryEndpoint, shape: IndexShape): Descriptor {
  const manifests = shape.children.map(({ architecture, layers }) => ({
    ...putImage(endpoint, { repository: shape.repository, layers, config: architecture }),
    platform: { os: "linux", architecture },
  }));
  return putJson(endpoint, shape.repository, { mediaType: mediaTypes.ociIndex, manifests }, shape.tag);
}

/** Everything a repository's tag reaches, by digest; throws where a part is missing. */
export function reachable(endpoint: MemoryEndpoint, repository: string, digest: string): ReadonlySet<string> {
  const found = new Set<string>();
  const there = endpoint.repository(repository);
  const walk = (at: string): void => {
    const manifest = there.manifests.get(at);
    if (manifest === undefined) throw new Error(`${repository}@${at} is missing`);
    found.add(at);
    const json = JSON.parse(Buffer.from(manifest.bytes).toString()) as {
      manifests?: { digest: Digest }[];
      config?: { digest: Digest };
      layers?: { digest: Digest }[];
    };
    for (const child of json.manifests ?? []) walk(child.digest);
    for (const blob of [...(json.config ? [json.config] : []), ...(json.layers ?? [])]) {
      if (!there.blobs.has(blob.digest)) throw new Error(`${repository}@${blob.digest} is missing`);
      found.add(blob.digest);
    }
  };
  walk(digest);
  return found;
}
