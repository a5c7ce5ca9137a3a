// The list of referrers that is kept under a tag where a registry has no API for it.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
import { z } from "zod";
import { type Descriptor, parseManifest } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm, digestHex } from "../../shared/digest.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Journal, Manifest, ManifestHead } from "./ports.ts";
import { digestOf } from "./verify.ts";

export function referrersTag(subject: Digest): string {
  return `${digestAlgorithm(subject)}-${digestHex(subject).slice(0, 64)}`;
}

/**
 * False for the same name in another use: `cosign copy` tags each image so
 * (https://github.com/sigstore/cosign/blob/main/cmd/cosign/cli/copy/copy.go).
 */
export function isReferrersIndex(head: ManifestHead, subject: Digest): boolean {
  return head.mediaType === mediaTypes.ociIndex && head.digest !== subject;
}

/** The digests of a list; known ones cost no request. @throws what the side throws, and `protocol`. */
export async function readReferrersIndex(
  side: EndpointSide,
  facts: Pick<Journal, "manifestFacts" | "rememberManifest">,
  { repository, digest }: { readonly repository: string; readonly digest: Digest },
  signal: AbortSignal,
): Promise<readonly Digest[]> {
  const known = facts.manifestFacts(digest).children;
  if (known !== undefined) return known;
  const manifest = await side.ask("get-manifest", signal, (endpoint, options) =>
    endpoint.getManifest(repository, digest, options),
  );
  const children = entriesOf(manifest).map((entry) => entry.digest);
  facts.rememberManifest(digest, { children });
  return children;
}

export function entriesOf(manifest: Manifest): readonly Descriptor[] {
  const text = new TextDecoder().decode(manifest.bytes);
  const parsed = parseManifest(text, mediaTypes.ociIndex, manifest.digest);
  return parsed.kind === "index" ? parsed.manifests : [];
}

const indexJson = z.looseObject({ manifests: z.array(z.unknown()).nullish() });

/** The list with further entries; what is in it already stays as it is, byte for byte where JSON lets it. */
export function withReferrers(index: Manifest | undefined, added: readonly Descriptor[]): Manifest {
  const there = index === undefined ? [] : entriesOf(index).map((entry) => entry.digest);
  const fresh = added.filter((one) => !there.includes(one.digest));
  if (index !== undefined && fresh.length === 0) return index;
  const json =
    index === undefined
      ? { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }
      : indexJson.parse(JSON.parse(new TextDecoder().decode(index.bytes)));
  const manifests = [...(json.manifests ?? []), ...fresh];
  const bytes = new TextEncoder().encode(JSON.stringify({ ...json, manifests }));
  return {
    digest: digestOf(bytes, "sha256"),
    mediaType: mediaTypes.ociIndex,
    size: bytes.length,
    bytes,
  };
}
