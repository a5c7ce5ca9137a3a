// What is written for a source image: itself, or only some of its platforms.
import { createHash } from "node:crypto";
import { platformText } from "../../shared/descriptor.ts";
import { type Digest, parseDigest } from "../../shared/digest.ts";
import { isIndexType } from "../../shared/media-types.ts";
import { matchesPlatform, parsePlatform } from "../../shared/platform.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { platformOf } from "./image-platform.ts";
import { choosePlatforms } from "./platform-subset.ts";
import type { Journal, Manifest } from "./ports.ts";

export interface PinnedImage {
  readonly repository: string;
  readonly digest: Digest;
  readonly mediaType: string;
}

export interface WrittenImage {
  /** What the destination's reference will point at. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** Its bytes, where they were made here or had to be read. */
  readonly root: Manifest | undefined;
  /** Platforms asked for that the image does not have. */
  readonly missing: readonly string[];
  /** Of a single image whose configuration was read. */
  readonly platforms: readonly string[];
}

type Facts = Pick<Journal, "manifestFacts" | "rememberManifest">;

/**
 * The digest that is written for a pinned one, as far as it was found out before: `none` where no platform matches.
 * An unchanged image so costs no pull, which registries count.
 */
export function knownWrite(
  facts: Facts,
  pinned: PinnedImage,
  wanted: readonly string[],
): Digest | "none" | undefined {
  if (wanted.length === 0) return pinned.digest;
  const known = facts.manifestFacts(questionDigest(pinned, wanted)).children;
  return known === undefined ? undefined : (known[0] ?? "none");
}

/** Undefined where no platform matches. @throws what the source throws, and `protocol` where an index contradicts itself. */
export async function writtenImage(
  source: EndpointSide,
  facts: Facts,
  { pinned, wanted }: { readonly pinned: PinnedImage; readonly wanted: readonly string[] },
  signal: AbortSignal,
): Promise<WrittenImage | undefined> {
  const { digest, mediaType } = pinned;
  if (wanted.length === 0) return { digest, mediaType, root: undefined, missing: [], platforms: [] };
  const written = await narrowed(source, pinned, wanted, signal);
  facts.rememberManifest(questionDigest(pinned, wanted), {
    children: written === undefined ? [] : [written.digest],
  });
  return written;
}

async function narrowed(
  source: EndpointSide,
  pinned: PinnedImage,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<WrittenImage | undefined> {
  const { repository, digest, mediaType } = pinned;
  const served = await source.manifest(repository, digest, signal);
  const root = { ...served, mediaType };
  if (!isIndexType(mediaType)) return singleImage(source, { repository, manifest: root }, wanted, signal);
  const what = `${source.endpoint.host}/${repository}@${digest}`;
  const choice = choosePlatforms(root, wanted, what);
  switch (choice.kind) {
    case "none":
      return undefined;
    case "whole":
      return { digest, mediaType, root, missing: choice.missing, platforms: [] };
    case "child": {
      const { child, missing } = choice;
      const platforms = [platformText(child.platform)].filter((text) => text !== undefined);
      return { digest: child.digest, mediaType: child.mediaType, root: undefined, missing, platforms };
    }
    case "index":
      return {
        digest: choice.root.digest,
        mediaType,
        root: choice.root,
        missing: choice.missing,
        platforms: [],
      };
  }
}

/** All or nothing. What is no image of any platform (a chart, a policy) is not a matter of platforms. */
async function singleImage(
  source: EndpointSide,
  { repository, manifest }: { readonly repository: string; readonly manifest: Manifest },
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<WrittenImage | undefined> {
  const { digest, mediaType } = manifest;
  const platform = await platformOf(source, { repository, manifest }, signal);
  const text = platformText(platform);
  const isOf = (one: string): boolean => matchesPlatform(parsePlatform(one), platform);
  if (platform !== undefined && !wanted.some(isOf)) return undefined;
  return { digest, mediaType, root: manifest, missing: [], platforms: text === undefined ? [] : [text] };
}

/** What is asked has a digest of its own, and its answer never changes either: so it can be kept among the facts. */
function questionDigest({ digest }: PinnedImage, wanted: readonly string[]): Digest {
  const question = `platforms ${[...new Set(wanted)].sort().join(" ")} of ${digest}`;
  const hex = createHash("sha256").update(question).digest("hex");
  return parseDigest(`sha256:${hex}`, "A digest");
}
