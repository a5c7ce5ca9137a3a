// The image that a probe pushes and deletes again: a few hundred bytes, valid everywhere, and with a digest of its own.
import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Descriptor } from "../../shared/descriptor.ts";
import { parseDigest } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import type { Manifest } from "../engine/ports.ts";

export interface ProbeBlob {
  readonly blob: Descriptor;
  readonly bytes: Uint8Array;
}

export interface ProbeImage {
  readonly tag: string;
  readonly config: ProbeBlob;
  readonly layer: ProbeBlob;
  readonly manifest: Manifest;
}

function describe(bytes: Uint8Array, mediaType: string): ProbeBlob {
  const hex = createHash("sha256").update(bytes).digest("hex");
  return {
    blob: { mediaType, digest: parseDigest(`sha256:${hex}`, "The probe's own content"), size: bytes.length },
    bytes,
  };
}

const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";
/** The end of a tar archive without files: POSIX pax, "two 512-octet logical records containing binary zeros". */
const emptyTar = new Uint8Array(1024);

/** No two are equal, so that its digest can be deleted without taking anybody's tag along. */
export function probeImage(): ProbeImage {
  const nonce = randomBytes(8).toString("hex");
  const layer = describe(gzipSync(emptyTar), layerType);
  const diffId = createHash("sha256").update(emptyTar).digest("hex");
  const config = describe(
    jsonBytes({
      architecture: "amd64",
      os: "linux",
      author: `Freightliner, looking at what this registry can do (${nonce}); may be deleted`,
      config: {},
      rootfs: { type: "layers", diff_ids: [`sha256:${diffId}`] },
    }),
    mediaTypes.ociConfig,
  );
  const bytes = jsonBytes({
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.blob,
    layers: [layer.blob],
  });
  const { digest, size, mediaType } = describe(bytes, mediaTypes.ociManifest).blob;
  return {
    tag: `freightliner-probe-${nonce}`,
    config,
    layer,
    manifest: { digest, mediaType, size, bytes },
  };
}

function jsonBytes(json: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(json), "utf8");
}
