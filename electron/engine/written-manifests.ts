// The manifests of an image that stands at the destination already: known by their digests, else read there.
import { parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { isIndexType } from "../../shared/media-types.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { ImageTree } from "./manifest-tree.ts";
import type { Journal } from "./ports.ts";

const mostManifests = 10_000;

export interface StandingImage {
  readonly repository: string;
  readonly digest: Digest;
  readonly mediaType: string | undefined;
}

type Facts = Pick<Journal, "manifestFacts" | "rememberManifest">;

/**
 * The root and everything below it, each once; nothing is asked of the source, where a GET would count as a pull.
 * What the destination lacks has no children here.
 */
export async function standingManifests(
  destination: EndpointSide,
  facts: Facts,
  image: StandingImage,
  signal: AbortSignal,
): Promise<readonly Digest[]> {
  const found = new Set<Digest>([image.digest]);
  // An image has no children, which its media type says without a question.
  if (image.mediaType !== undefined && !isIndexType(image.mediaType)) return [...found];
  for (const digest of found) {
    const children = facts.manifestFacts(digest).children;
    const asked = children ?? (await readChildren(destination, facts, { ...image, digest }, signal));
    for (const child of asked) found.add(child);
    if (found.size > mostManifests) throw tooMany(image);
  }
  return [...found];
}

async function readChildren(
  destination: EndpointSide,
  facts: Facts,
  { repository, digest }: StandingImage,
  signal: AbortSignal,
): Promise<readonly Digest[]> {
  const manifest = await destination.ask("get-manifest", signal, (endpoint, options) =>
    endpoint.getManifest(repository, digest, options).catch((error: unknown) => {
      if (error instanceof FreightlinerError && error.code === "manifest-unknown") return undefined;
      throw error;
    }),
  );
  if (manifest === undefined) return [];
  const text = new TextDecoder().decode(manifest.bytes);
  const parsed = parseManifest(text, manifest.mediaType, digest);
  const manifests = parsed.kind === "index" ? parsed.manifests : [];
  const children = manifests.map((child) => child.digest);
  facts.rememberManifest(digest, { children });
  // So that leaves are never read for the answer that they have no children.
  for (const child of manifests)
    if (!isIndexType(child.mediaType)) facts.rememberManifest(child.digest, { children: [] });
  return children;
}

/**
 * So that a later plan need not ask anybody what the image consists of.
 * @param isSource its media type is known from the source, which says enough of an image without an index.
 */
export function rememberTree(facts: Facts, { root, children }: ImageTree, isSource: boolean): void {
  if (isSource && !isIndexType(root.mediaType)) return;
  for (const [digest, below] of children) {
    const known = facts.manifestFacts(digest).children;
    if (known === undefined) facts.rememberManifest(digest, { children: below });
  }
}

function tooMany({ repository, digest }: StandingImage): FreightlinerError {
  return new FreightlinerError({
    code: "too-large",
    side: "destination",
    operation: "read-image",
    message: `The image ${repository}@${digest} has more than ${mostManifests} manifests.`,
  });
}
