// Facts about the images behind many tags at once: read through the host's door in bounded parallel, kept with the listing.
import type { TagFactsFilter } from "../../shared/contract.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { matchesPlatform, parsePlatform } from "../../shared/platform.ts";
import type { EngineContext } from "../engine/context.ts";
import { CreationDates } from "../engine/creation-dates.ts";
import { EndpointSide } from "../engine/endpoint-side.ts";
import { forEachAtMost } from "../engine/in-order.ts";
import type { ImageSource } from "../engine/ports.ts";
import { isOfOneImage } from "../engine/side-errors.ts";
import type { Names } from "./kept-results.ts";
import type { DetailSource, DigestDetail, TagDetails } from "./tag-details.ts";

/** Images that are read for one view of a listing; more is narrowed down first. */
export const mostFacts = 5000;
/** Tags looked at side by side; the host's slots bound the requests. */
const parallelTags = 8;

/** Null where it cannot be read, or the tag is gone: said where the row is shown. */
export type TagFacts = Pick<DigestDetail, "size" | "platforms"> | null;

export interface FactsRequest {
  readonly source: ImageSource;
  readonly repository: string;
  /** The whole list; what is found out is kept until it is dropped. */
  readonly names: Names;
}

export interface TagFactsOptions {
  readonly engine: Pick<EngineContext, "hosts" | "clock" | "journal" | "manifests">;
  readonly details: TagDetails;
}

export class TagFactsReader {
  readonly #options: TagFactsOptions;
  readonly #known = new WeakMap<Names, Map<string, TagFacts>>();

  constructor(options: TagFactsOptions) {
    this.#options = options;
  }

  /** @throws `usage` where there are too many, and what concerns more than one image. */
  async of(request: FactsRequest, tags: Names, signal: AbortSignal): Promise<ReadonlyMap<string, TagFacts>> {
    refuseTooMany(tags);
    const { source, repository, names } = request;
    const known = this.#known.get(names) ?? new Map<string, TagFacts>();
    this.#known.set(names, known);
    const side = this.#side(source);
    const open = throughDoor(side);
    const unknown = tags.filter((tag) => !known.has(tag));
    await forEachAtMost(unknown, parallelTags, async (tag) => {
      try {
        const detail = await this.#options.details.read(open, repository, tag, signal);
        known.set(tag, detail === undefined ? null : { size: detail.size, platforms: detail.platforms });
      } catch (error) {
        signal.throwIfAborted();
        // What only failed this time is asked for again by the next look.
        if (!isOfOneImage(error, [side])) throw error;
      }
    });
    return known;
  }

  /** Milliseconds since 1970 by tag; null where an image does not say, nothing where it cannot be read. */
  async datesOf(
    request: FactsRequest,
    tags: Names,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number | null>> {
    refuseTooMany(tags);
    const { journal } = this.#options.engine;
    const source = this.#side(request.source);
    return new CreationDates({ source, journal, signal }, request.repository).of(tags);
  }

  #side(endpoint: ImageSource): EndpointSide {
    const { hosts, clock, manifests } = this.#options.engine;
    return new EndpointSide({ side: "source", endpoint, hosts, clock, manifests });
  }
}

/** True where the facts meet the filter. What cannot be read stays: a plan shows it too, with its error. */
export function meets(filter: TagFactsFilter, facts: TagFacts | undefined): boolean {
  if (facts === undefined || facts === null) return true;
  const { platforms, smallest = 0, largest = Number.POSITIVE_INFINITY } = filter;
  const isSized = smallest === 0 && largest === Number.POSITIVE_INFINITY;
  if (!isSized && (facts.size === null || facts.size < smallest || facts.size > largest)) return false;
  const wanted = platforms.map(parsePlatform);
  const isOf = (text: string): boolean => wanted.some((one) => matchesPlatform(one, parsedOf(text)));
  return wanted.length === 0 || facts.platforms.some(isOf);
}

/** Images name their platforms as they like; what is none matches none. */
function parsedOf(text: string): ReturnType<typeof parsePlatform> | undefined {
  const [os = "", architecture = "", variant] = text.split("/");
  return { os, architecture, variant };
}

function refuseTooMany(tags: Names): void {
  if (tags.length <= mostFacts) return;
  throw new FreightlinerError({
    code: "usage",
    operation: "list-tags",
    message: `${tags.length} tags match, and each image would have to be read for this. Narrow the filter to at most ${mostFacts} tags.`,
  });
}

function throughDoor(side: EndpointSide): DetailSource {
  return {
    headManifest: (repository, reference, { signal }) =>
      side.ask("head-manifest", signal, (endpoint, options) =>
        endpoint.headManifest(repository, reference, options),
      ),
    getManifest: (repository, reference, { signal }) =>
      side.ask("get-manifest", signal, (endpoint, options) =>
        endpoint.getManifest(repository, reference, options),
      ),
    openBlob: (repository, blob, { signal }) =>
      side.ask("get-blob", signal, (endpoint, options) => endpoint.openBlob(repository, blob, options)),
  };
}
