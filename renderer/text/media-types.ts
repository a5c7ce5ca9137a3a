// Media types and artifact types in plain words.
import { mediaTypes } from "../../shared/media-types.ts";

const exact: Readonly<Record<string, string>> = {
  [mediaTypes.ociIndex]: "OCI index: a list of images, one for each platform",
  [mediaTypes.dockerList]: "Docker manifest list: images of several platforms",
  [mediaTypes.ociManifest]: "OCI manifest: configuration and layers of one image or artifact",
  [mediaTypes.dockerManifest]: "Docker manifest (schema 2): configuration and layers of one image",
  [mediaTypes.ociArtifact]: "OCI artifact manifest, a form that was given up",
  [mediaTypes.ociConfig]: "OCI image configuration",
  [mediaTypes.dockerConfig]: "Docker image configuration",
  [mediaTypes.ociEmpty]: "Empty: nothing was needed in this place",
  [mediaTypes.dockerForeignLayer]: "Docker layer that is not meant to be distributed",
  "application/vnd.cncf.helm.config.v1+json": "Helm chart: its metadata",
  "application/vnd.cncf.helm.chart.content.v1.tar+gzip": "Helm chart: packed files",
  "application/vnd.in-toto+json": "In-toto statement: who built what from what",
  "application/vnd.dsse.envelope.v1+json": "Signed envelope (DSSE)",
  "application/vnd.dev.cosign.simplesigning.v1+json": "Cosign signature",
  "application/wasm": "WebAssembly module",
};

const packings: readonly (readonly [RegExp, string])[] = [
  [/[.+]gzip$/, "packed with gzip"],
  [/[.+]zstd$/, "packed with zstd"],
  [/\.tar$/, "not packed"],
];

/** One sentence; the media type itself where it is not known. */
export function mediaTypeText(mediaType: string): string {
  const known = Object.hasOwn(exact, mediaType) ? exact[mediaType] : undefined;
  if (known !== undefined) return known;
  const kind = /nondistributable/.test(mediaType)
    ? "Layer that is not meant to be distributed"
    : /vnd\.oci\.image\.layer/.test(mediaType)
      ? "OCI layer"
      : /vnd\.docker\.image\.rootfs\.diff/.test(mediaType)
        ? "Docker layer"
        : undefined;
  if (kind === undefined) return artifactWord(mediaType) ?? mediaType;
  const packing = packings.find(([form]) => form.test(mediaType))?.[1];
  return packing === undefined ? kind : `${kind}, ${packing}`;
}

const artifacts: readonly (readonly [RegExp, string])[] = [
  [/simplesigning|cosign.*signature|cosign\.artifact\.sig|notary.*signature|sigstore\.bundle/, "Signature"],
  [/spdx|cyclonedx|syft|sbom/, "SBOM"],
  [/slsa|provenance/, "Provenance"],
  [/in-toto|attest|dsse/, "Attestation"],
  [/vuln|sarif|scan/, "Vulnerability report"],
  [/vex/, "VEX"],
  [/helm/, "Helm chart"],
  [/wasm/, "WebAssembly module"],
];

function artifactWord(type: string): string | undefined {
  return artifacts.find(([form]) => form.test(type.toLowerCase()))?.[1];
}

const tagEnds: readonly (readonly [RegExp, string])[] = [
  [/\.sig$/, "Signature"],
  [/\.sbom$/, "SBOM"],
  [/\.att$/, "Attestation"],
];

/** What an attachment is, by its type, else by cosign's tag names. */
export function attachmentKind(attachment: {
  readonly artifactType: string | null;
  readonly tag: string | null;
}): string {
  const { artifactType, tag } = attachment;
  const byType = artifactType === null ? undefined : artifactWord(artifactType);
  const byTag = tag === null ? undefined : tagEnds.find(([end]) => end.test(tag))?.[1];
  return byType ?? byTag ?? "Attachment";
}
