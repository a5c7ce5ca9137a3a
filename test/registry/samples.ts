// Small blobs and manifests with their true digests.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Manifest } from "../../electron/engine/ports.ts";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";

export const ociManifest = "application/vnd.oci.image.manifest.v1+json";

export function describeBytes(bytes: Uint8Array, mediaType = "application/octet-stream"): Descriptor {
  const hex = createHash("sha256").update(bytes).digest("hex");
  return { mediaType, digest: parseDigest(`sha256:${hex}`, "a sample"), size: bytes.length };
}

export function manifestOf(json: unknown, mediaType = ociManifest): Manifest {
  const bytes = Buffer.from(JSON.stringify(json));
  return { ...describeBytes(bytes, mediaType), bytes };
}

export const emptyImage = manifestOf({
  schemaVersion: 2,
  mediaType: ociManifest,
  config: { ...describeBytes(Buffer.from("{}"), "application/vnd.oci.image.config.v1+json") },
  layers: [],
});

export function streamOf(...chunks: readonly Uint8Array[]): Readable {
  return Readable.from(chunks, { objectMode: false });
}
