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

/** Every manifest that a reader of this registry reaches from a digest: children, referrers, cosign's tags, and theirs. */
export function belonging(endpoint: MemoryEndpoint, repository: string, digest: string): ReadonlySet<string> {
  const { manifests, tags } = endpoint.repository(repository);
  const found = new Set<string>();
  const read = (at: string | undefined): { manifests?: { digest: string }[]; subject?: { digest: string } } =>
    JSON.parse(Buffer.from(manifests.get(at ?? "")?.bytes ?? "{}").toString());
  const referrersOf = (subject: string): readonly (string | undefined)[] => {
    const listed = endpoint.referrers
      ? [...manifests.keys()].filter((one) => read(one).subject?.digest === subject)
      : (read(tags.get(tagOf({ digest: subject }))).manifests ?? []).map((one) => one.digest);
    return [
      ...listed,
      ...[".sig", ".att", ".sbom"].map((suffix) => tags.get(tagOf({ digest: subject }, suffix))),
    ];
  };
  const walk = (at: string | undefined): void => {
    if (at === undefined || found.has(at)) return;
    if (!manifests.has(at)) throw new Error(`${repository}@${at} is missing`);
    found.add(at);
    for (const child of read(at).manifests ?? []) walk(child.digest);
    for (const one of referrersOf(at)) walk(one);
  };
  walk(digest);
  return found;
}

function bare({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
