// The JSON of images: configuration, manifest, index. https://github.com/opencontainers/image-spec
import { createHash } from "node:crypto";
import type { Descriptor, Platform } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";

/** A piece of JSON as it is stored: its bytes are what the digest is of. */
export interface JsonContent {
  readonly bytes: Buffer;
  readonly descriptor: Descriptor;
}

export function sha256Of(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}` as Digest;
}

/** Serialises once; from then on only the bytes count. */
export function jsonContent(value: unknown, mediaType: string, more: Partial<Descriptor> = {}): JsonContent {
  const bytes = Buffer.from(JSON.stringify(value), "utf8");
  return { bytes, descriptor: { mediaType, digest: sha256Of(bytes), size: bytes.length, ...more } };
}

export interface ConfigInput {
  readonly platform: Platform;
  /** RFC 3339. */
  readonly created: string;
  readonly diffIds: readonly Digest[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** The image configuration: https://github.com/opencontainers/image-spec/blob/main/config.md */
export function imageConfig(input: ConfigInput): Record<string, unknown> {
  return {
    created: input.created,
    author: "Freightliner samples",
    architecture: input.platform.architecture,
    ...(input.platform.variant === undefined ? {} : { variant: input.platform.variant }),
    os: input.platform.os,
    config: {
      Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      Cmd: input.command ?? ["/bin/true"],
      ...(input.labels === undefined ? {} : { Labels: input.labels }),
    },
    rootfs: { type: "layers", diff_ids: input.diffIds },
    history: input.diffIds.map((_, index) => ({
      created: input.created,
      created_by: index === 0 ? "base layer" : `layer ${index + 1}`,
    })),
  };
}

export interface ManifestInput {
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly artifactType?: string | undefined;
  readonly subject?: Descriptor | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export function imageManifest(input: ManifestInput): JsonContent {
  const { mediaType, artifactType, config, layers, subject, annotations } = input;
  // Keys without a value are left out by JSON.stringify.
  const value = { schemaVersion: 2, mediaType, artifactType, config, layers, subject, annotations };
  return jsonContent(value, mediaType);
}

export interface IndexInput {
  readonly mediaType?: string;
  readonly manifests: readonly Descriptor[];
  readonly artifactType?: string | undefined;
  readonly subject?: Descriptor | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export function indexManifest(input: IndexInput): JsonContent {
  const { mediaType = mediaTypes.ociIndex, artifactType, manifests, subject, annotations } = input;
  const value = { schemaVersion: 2, mediaType, artifactType, manifests, subject, annotations };
  return jsonContent(value, mediaType);
}
