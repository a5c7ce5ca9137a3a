// What a row of the tag table shows, read for the rows on screen only and kept by digest, which never changes.
import pLimit from "p-limit";
import { z } from "zod";
import type { TagDetail, TagMarker } from "../../shared/contract.ts";
import {
  type Descriptor,
  type ParsedManifest,
  parseManifest,
  platformText,
} from "../../shared/descriptor.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { mediaTypes } from "../../shared/media-types.ts";
import { BoundedMap } from "../engine/bounded-map.ts";
import type { ImageSource } from "../engine/ports.ts";

export type DigestDetail = Omit<TagDetail, "tag" | "error">;

/** The part of a source that details are read from. */
export type DetailSource = Pick<ImageSource, "headManifest" | "getManifest" | "openBlob">;

/** Requests at once for one screenful of rows. */
const parallelRows = 6;
const keptDigests = 10_000;
/** A larger configuration is not read for a date. */
const maxConfigBytes = 1024 * 1024;

const configSchema = z.object({ created: z.string().optional() });

const unknownDetail: DigestDetail = {
  digest: null,
  mediaType: null,
  kind: null,
  size: null,
  created: null,
  platforms: [],
};

export class TagDetails {
  readonly #kept = new BoundedMap<string, DigestDetail>(keptDigests);

  /** Details in the order of `tags`; a row that cannot be read carries its error in words. */
  async describe(
    source: ImageSource,
    repository: string,
    tags: readonly string[],
    signal: AbortSignal,
  ): Promise<TagDetail[]> {
    const limit = pLimit(parallelRows);
    return Promise.all(tags.map((tag) => limit(() => this.#row(source, repository, tag, signal))));
  }

  /** Undefined where the tag is no longer there. @throws what reading its manifests throws. */
  async read(
    source: DetailSource,
    repository: string,
    tag: string,
    signal: AbortSignal,
  ): Promise<DigestDetail | undefined> {
    const head = await source.headManifest(repository, tag, { signal });
    if (head === undefined) return undefined;
    const kept = this.#kept.get(head.digest);
    if (kept !== undefined) return kept;
    const detail = await readDetail(source, repository, head.digest, signal);
    this.#kept.set(head.digest, detail);
    return detail;
  }

  async #row(source: ImageSource, repository: string, tag: string, signal: AbortSignal): Promise<TagDetail> {
    try {
      const detail = await this.read(source, repository, tag, signal);
      if (detail === undefined) return { tag, ...unknownDetail, error: "This tag is no longer there." };
      return { tag, ...detail, error: null };
    } catch (thrown) {
      signal.throwIfAborted();
      return { tag, ...unknownDetail, error: toFreightlinerError(thrown, "describe-tag").message };
    }
  }
}

async function parsed(
  source: DetailSource,
  repository: string,
  digest: string,
  signal: AbortSignal,
): Promise<ParsedManifest> {
  const manifest = await source.getManifest(repository, digest, { signal });
  return parseManifest(
    new TextDecoder().decode(manifest.bytes),
    manifest.mediaType,
    `${repository}@${digest}`,
  );
}

async function readDetail(
  source: DetailSource,
  repository: string,
  digest: string,
  signal: AbortSignal,
): Promise<DigestDetail> {
  const root = await parsed(source, repository, digest, signal);
  const children =
    root.kind === "index"
      ? await Promise.all(root.manifests.map((child) => parsed(source, repository, child.digest, signal)))
      : [];
  const images = [root, ...children].filter((manifest) => manifest.kind === "image");
  const blobs = new Map<string, number>();
  for (const image of images) {
    for (const blob of [image.config, ...image.layers])
      if (blob !== undefined) blobs.set(blob.digest, blob.size);
  }
  const platforms = root.kind === "index" ? platformsOf(root.manifests) : [];
  const config = images[0]?.config;
  const facts = config === undefined ? undefined : await readConfig(source, repository, config, signal);
  return {
    digest,
    mediaType: root.mediaType,
    kind: root.kind === "image" && !isImageConfig(root.config) ? "artifact" : root.kind,
    size: root.kind === "unknown" ? null : [...blobs.values()].reduce((sum, size) => sum + size, 0),
    created: facts?.created ?? null,
    platforms: platforms.length > 0 ? platforms : (facts?.platforms ?? []),
  };
}

function platformsOf(manifests: readonly Descriptor[]): string[] {
  // BuildKit's attestations stand in the index as unknown/unknown; they are no platform.
  return manifests
    .map((child) => platformText(child.platform))
    .filter((text) => text !== undefined && text !== "unknown/unknown") as string[];
}

function isImageConfig(config: Descriptor | undefined): boolean {
  return config?.mediaType === mediaTypes.ociConfig || config?.mediaType === mediaTypes.dockerConfig;
}

const platformSchema = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: z.string().optional(),
});

async function readConfig(
  source: DetailSource,
  repository: string,
  config: Descriptor,
  signal: AbortSignal,
): Promise<{ created: number | null; platforms: string[] }> {
  if (!isImageConfig(config) || config.size > maxConfigBytes) return { created: null, platforms: [] };
  const chunks: Buffer[] = [];
  const { body } = await source.openBlob(repository, config, { signal });
  for await (const chunk of body) chunks.push(chunk as Buffer);
  const json: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  const created = Date.parse(configSchema.safeParse(json).data?.created ?? "");
  const platform = platformSchema.safeParse(json).data;
  const named = platform?.os !== undefined && platform.architecture !== undefined;
  const text = named
    ? platformText({
        os: platform.os ?? "",
        architecture: platform.architecture ?? "",
        variant: platform.variant,
      })
    : undefined;
  return { created: Number.isFinite(created) ? created : null, platforms: text === undefined ? [] : [text] };
}

/** How each tag of one side stands against the same tag of the other, by HEAD on both. */
export async function markTags(
  side: { readonly source: ImageSource; readonly repository: string },
  other: { readonly source: ImageSource; readonly repository: string },
  tags: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, TagMarker>> {
  const limit = pLimit(parallelRows);
  const markers: Record<string, TagMarker> = {};
  await Promise.all(
    tags.map((tag) =>
      limit(async () => {
        const [here, there] = await Promise.all([
          side.source.headManifest(side.repository, tag, { signal }),
          other.source.headManifest(other.repository, tag, { signal }),
        ]);
        // A tag that vanished meanwhile has no marker.
        if (here === undefined) return;
        markers[tag] = there === undefined ? "missing" : there.digest === here.digest ? "same" : "different";
      }),
    ),
  );
  return markers;
}
