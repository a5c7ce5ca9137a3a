// Puts what belongs to images into a memory endpoint: referrers, lists of them, cosign's signatures.
import type { Descriptor } from "../../shared/descriptor.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { bytesOf, putBlob, putJson } from "./images.ts";
import type { MemoryEndpoint } from "./memory-endpoint.ts";

/** The tag that stands for a digest: `sha256-<hex>` and what follows. */
export function tagOf(subject: { readonly digest: string }, suffix = ""): string {
  return `${subject.digest.replace(":", "-")}${suffix}`;
}

export interface ReferrerShape {
  readonly repository: string;
  readonly seed: string;
  readonly subject: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A manifest with a subject, which nothing lists yet but a referrers API. */
export function putReferrer(endpoint: MemoryEndpoint, shape: ReferrerShape): Descriptor {
  const { repository, seed, subject, annotations = { "org.example.seed": seed } } = shape;
  const config = putBlob(endpoint, repository, new TextEncoder().encode("{}"), mediaTypes.ociEmpty);
  const layer = putBlob(endpoint, repository, bytesOf(seed, 40), "application/vnd.example.sbom");
  return putJson(endpoint, repository, {
    mediaType: mediaTypes.ociManifest,
    artifactType: "application/vnd.example.sbom",
    ...{ config, layers: [layer], subject: bare(subject), annotations },
  });
}

/** The list under the referrers tag. */
export function putReferrersTag(
  endpoint: MemoryEndpoint,
  repository: string,
  subject: Descriptor,
  referrers: readonly Descriptor[],
): Descriptor {
  return putJson(
    endpoint,
    repository,
    { mediaType: mediaTypes.ociIndex, manifests: referrers },
    tagOf(subject),
  );
}

/** A signature as cosign stores it: a manifest under a tag, one layer for each signature. */
export function putSignature(
  endpoint: MemoryEndpoint,
  repository: string,
  subject: Descriptor,
  seeds: readonly string[],
  suffix = ".sig",
): Descriptor {
  const config = putBlob(endpoint, repository, bytesOf(`config ${seeds}`, 30), mediaTypes.ociConfig);
  const layers = seeds.map((seed) =>
    putBlob(endpoint, repository, bytesOf(seed, 25), "application/vnd.dev.cosign.simplesigning.v1+json"),
  );
  const body = { mediaType: mediaTypes.ociManifest, config, layers };
  return putJson(endpoint, repository, body, tagOf(subject, suffix));
}

function bare({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
