// Descriptors and manifests as read from a registry: unknown fields and types are carried, wrong shapes are refused.
import { z } from "zod";
import { type Digest, isDigest, parseDigest } from "./digest.ts";
import { FreightlinerError } from "./errors.ts";
import { structureFault } from "./json-structure.ts";
import { isIndexType, mediaTypes } from "./media-types.ts";

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What a manifest refers to. `kind` is decided by its media type; an unknown one is copied as bytes and not looked into. */
export type ParsedManifest =
  | {
      readonly kind: "index";
      readonly mediaType: string;
      readonly manifests: readonly Descriptor[];
      readonly artifactType?: string | undefined;
      readonly subject?: Descriptor | undefined;
      readonly annotations?: Readonly<Record<string, string>> | undefined;
    }
  | {
      readonly kind: "image";
      readonly mediaType: string;
      readonly config: Descriptor | undefined;
      readonly layers: readonly Descriptor[];
      readonly artifactType?: string | undefined;
      readonly subject?: Descriptor | undefined;
      readonly annotations?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: "unknown"; readonly mediaType: string };

const wireDescriptor = z.object({
  mediaType: z.string().min(1).max(255),
  digest: z.string().max(1024),
  size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  platform: z
    .object({
      os: z.string().max(100),
      architecture: z.string().max(100),
      variant: z.string().max(100).optional(),
    })
    .optional(),
  artifactType: z.string().max(255).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const wireManifest = z.object({
  schemaVersion: z.number().optional(),
  mediaType: z.string().max(255).optional(),
  artifactType: z.string().max(255).optional(),
  manifests: z.array(wireDescriptor).max(10_000).nullish(),
  config: wireDescriptor.optional(),
  layers: z.array(wireDescriptor).max(10_000).nullish(),
  blobs: z.array(wireDescriptor).max(10_000).nullish(),
  subject: wireDescriptor.nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

/** Keys that decide what an image is made of: they must mean the same to every reader. */
const decisive: ReadonlySet<string> = new Set([
  ...["schemaVersion", "mediaType", "manifests", "layers", "blobs", "config", "subject"],
  ...["digest", "size", "artifactType"],
]);

function refuse(what: string, expectation: string, cause?: unknown): never {
  throw new FreightlinerError({
    code: "protocol",
    operation: "parse-manifest",
    message: `The manifest ${what} ${expectation}`,
    cause,
  });
}

function toDescriptor(wire: z.infer<typeof wireDescriptor>, what: string): Descriptor {
  return {
    ...wire,
    digest: isDigest(wire.digest) ? wire.digest : parseDigest(wire.digest, `A digest in ${what}`),
  };
}

/** JSON that every parser reads the same way. */
function clearJson(text: string, what: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    refuse(what, "is not JSON.", cause);
  }
  const fault = structureFault(text, decisive);
  if (fault !== undefined) refuse(what, `${fault}.`);
  return json;
}

/**
 * Reads the text of a manifest whose bytes were already verified.
 * @param what names the manifest in errors, e.g. `registry.example/app:1.0`.
 * @param contentType the media type it was served or described with (parameters stripped).
 * @throws FreightlinerError `protocol` when it contradicts itself, `unsupported` for schema 1 and unverifiable digests.
 */
export function parseManifest(text: string, contentType: string, what: string): ParsedManifest {
  if (contentType === mediaTypes.dockerSchema1 || contentType === mediaTypes.dockerSchema1Signed) {
    throw new FreightlinerError({
      code: "unsupported",
      operation: "parse-manifest",
      message: `${what} is a Docker schema 1 manifest, which cannot be verified or copied unchanged.`,
    });
  }
  const known =
    isIndexType(contentType) ||
    contentType === mediaTypes.ociManifest ||
    contentType === mediaTypes.dockerManifest ||
    contentType === mediaTypes.ociArtifact;
  if (!known) return { kind: "unknown", mediaType: contentType };

  const parsed = wireManifest.safeParse(clearJson(text, what));
  if (!parsed.success)
    refuse(what, `has an unexpected shape: ${z.prettifyError(parsed.error).slice(0, 500)}`);
  const manifest = parsed.data;
  if (manifest.mediaType !== undefined && manifest.mediaType !== contentType) {
    refuse(what, `says it is ${manifest.mediaType} but was served as ${contentType}.`);
  }
  const holdsImages = (manifest.manifests?.length ?? 0) > 0;
  const holdsBlobs = manifest.config !== undefined || (manifest.layers?.length ?? 0) > 0;
  // Both at once is the ambiguity of CVE-2021-41190.
  if (holdsImages && holdsBlobs) refuse(what, "is an index and an image at once.");
  const subject = manifest.subject ? toDescriptor(manifest.subject, what) : undefined;

  if (isIndexType(contentType)) {
    if (holdsBlobs) refuse(what, "was served as an index but holds layers.");
    return {
      kind: "index",
      mediaType: contentType,
      manifests: (manifest.manifests ?? []).map((d) => toDescriptor(d, what)),
      artifactType: manifest.artifactType,
      subject,
      annotations: manifest.annotations ?? undefined,
    };
  }
  if (holdsImages) refuse(what, "was served as an image but holds manifests.");
  const layers = contentType === mediaTypes.ociArtifact ? manifest.blobs : manifest.layers;
  return {
    kind: "image",
    mediaType: contentType,
    config: manifest.config ? toDescriptor(manifest.config, what) : undefined,
    layers: (layers ?? []).map((d) => toDescriptor(d, what)),
    artifactType: manifest.artifactType ?? manifest.config?.mediaType,
    subject,
    annotations: manifest.annotations ?? undefined,
  };
}

/** A manifest as lists of referrers show it: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers */
export function describeReferrer(
  parsed: ParsedManifest,
  { mediaType, digest, size }: Pick<Descriptor, "mediaType" | "digest" | "size">,
): Descriptor {
  if (parsed.kind === "unknown") return { mediaType, digest, size };
  const { artifactType, annotations } = parsed;
  return {
    ...{ mediaType, digest, size },
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** `linux/arm64/v8`, or undefined where none is given. */
export function platformText(platform: Platform | undefined): string | undefined {
  if (platform === undefined) return undefined;
  return [platform.os, platform.architecture, platform.variant]
    .filter((part) => part !== undefined && part !== "")
    .join("/");
}
