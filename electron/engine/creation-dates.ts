// When the images of a repository's tags were created, read only for tags that somebody asks about and kept by digest.
import { z } from "zod";
import { type Descriptor, type ParsedManifest, parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import { isIndexType, mediaTypes } from "../../shared/media-types.ts";
import type { CreationDates as Dates } from "../../shared/narrowing.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { forEachAtMost } from "./in-order.ts";
import type { Journal, ManifestHead } from "./ports.ts";
import { isOfOneImage } from "./side-errors.ts";
import { readSmallBlob } from "./small-blob.ts";

/** Tags looked at side by side; the host's slots bound the requests. */
const parallelTags = 8;
/** A larger configuration is not read for a date, in bytes. */
const mostConfigBytes = 4 * 1024 * 1024;
/** Indexes inside indexes that are followed. */
const deepest = 4;

export interface DatesRequest {
  readonly source: EndpointSide;
  readonly journal: Pick<Journal, "manifestFacts" | "rememberManifest">;
  readonly signal: AbortSignal;
}

/** Milliseconds since 1970; null where the image does not say. */
type Created = number | null;

export class CreationDates {
  readonly #request: DatesRequest;
  readonly #repository: string;
  readonly #known = new Map<string, Created>();
  readonly #failures = new Map<string, FreightlinerError>();

  constructor(request: DatesRequest, repository: string) {
    this.#request = request;
    this.#repository = repository;
  }

  /** Tags whose image could not be read, each with why. */
  get failures(): ReadonlyMap<string, FreightlinerError> {
    return this.#failures;
  }

  /** How many of the images asked about do not say when they were created. */
  get undated(): number {
    return [...this.#known.values()].filter((created) => created === null).length;
  }

  /** The dates of the tags that could be read. @throws what concerns more than one image. */
  readonly of = async (tags: readonly string[]): Promise<Dates> => {
    const unknown = tags.filter((tag) => !this.#known.has(tag) && !this.#failures.has(tag));
    await forEachAtMost(unknown, parallelTags, async (tag) => this.#learn(tag));
    return this.#known;
  };

  async #learn(tag: string): Promise<void> {
    const { source, signal } = this.#request;
    try {
      const head = await this.#pin(tag);
      this.#known.set(tag, await this.#created(head, 0));
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfOneImage(error, [source])) throw error;
      this.#failures.set(tag, error);
    }
  }

  #pin(tag: string): Promise<ManifestHead> {
    const { source, signal } = this.#request;
    return source.ask("head-manifest", signal, async (endpoint, options) => {
      const head = await endpoint.headManifest(this.#repository, tag, options);
      // A HEAD has no body to say what is missing; the GET says it.
      return head ?? endpoint.getManifest(this.#repository, tag, options);
    });
  }

  async #created(
    manifest: { readonly digest: Digest; readonly mediaType: string },
    depth: number,
  ): Promise<Created> {
    const { journal } = this.#request;
    const known = journal.manifestFacts(manifest.digest).created;
    if (known !== undefined) return known;
    const parsed = await this.#read(manifest.digest, manifest.mediaType);
    const created = parseDate(annotationOf(parsed)) ?? (await this.#below(parsed, depth));
    journal.rememberManifest(manifest.digest, { created });
    return created;
  }

  async #below(parsed: ParsedManifest, depth: number): Promise<Created> {
    if (parsed.kind === "index") {
      const child = parsed.manifests.find(isImage);
      return child === undefined || depth >= deepest ? null : this.#created(child, depth + 1);
    }
    const config = parsed.kind === "image" ? parsed.config : undefined;
    if (config === undefined || !isImageConfig(config) || config.size > mostConfigBytes) return null;
    const { source, signal } = this.#request;
    return createdIn(await readSmallBlob(source, { repository: this.#repository, blob: config }, signal));
  }

  async #read(digest: Digest, mediaType: string): Promise<ParsedManifest> {
    const { source, signal } = this.#request;
    const manifest = await source.manifest(this.#repository, digest, signal);
    try {
      const name = `${source.endpoint.host}/${this.#repository}@${digest}`;
      return parseManifest(new TextDecoder().decode(manifest.bytes), mediaType, name);
    } catch (error) {
      throw source.named(error, "parse-manifest");
    }
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys */
function annotationOf(parsed: ParsedManifest): string | undefined {
  return parsed.kind === "unknown" ? undefined : parsed.annotations?.["org.opencontainers.image.created"];
}

/** BuildKit's attestations stand in the index beside the images; what is no manifest has no date. */
function isImage(child: Descriptor): boolean {
  const isManifest =
    isIndexType(child.mediaType) ||
    child.mediaType === mediaTypes.ociManifest ||
    child.mediaType === mediaTypes.dockerManifest;
  const isAttestation = child.annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
  return isManifest && !isAttestation;
}

function isImageConfig(config: Descriptor): boolean {
  return config.mediaType === mediaTypes.ociConfig || config.mediaType === mediaTypes.dockerConfig;
}

const configSchema = z.object({ created: z.string().max(64) });

function createdIn(bytes: Uint8Array): Created {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // The digest proves that the image was made like this: it does not say.
    return null;
  }
  return parseDate(configSchema.safeParse(json).data?.created);
}

/** Builders of reproducible images write the epoch, and Go's zero time is in the year 1: neither says anything. */
function parseDate(text: string | undefined): Created {
  const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
  const milliseconds = text !== undefined && rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  return milliseconds > 0 ? milliseconds : null;
}
