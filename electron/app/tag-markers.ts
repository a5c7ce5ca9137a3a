// How the tags of two listings stand against each other, by HEAD on both sides only where both have the tag.
import type { TagMarker } from "../../shared/contract.ts";
import type { EngineContext } from "../engine/context.ts";
import { EndpointSide } from "../engine/endpoint-side.ts";
import { forEachAtMost } from "../engine/in-order.ts";
import type { ImageSource } from "../engine/ports.ts";
import type { Names } from "./kept-results.ts";

/** Tags looked at side by side; the hosts' slots bound the requests. */
const parallelTags = 16;

export interface ListedSide {
  readonly source: ImageSource;
  readonly repository: string;
  /** The whole list; markers are kept as long as both sides' lists. */
  readonly names: Names;
}

export class TagMarkers {
  readonly #engine: Pick<EngineContext, "hosts" | "clock">;
  readonly #kept = new WeakMap<Names, WeakMap<Names, Map<string, TagMarker>>>();

  constructor(engine: Pick<EngineContext, "hosts" | "clock">) {
    this.#engine = engine;
  }

  /** The tags that stand in one of these ways, in their order. What is known when it is stopped stays known. */
  async standing(
    { here, there }: { readonly here: ListedSide; readonly there: ListedSide },
    { tags, markers }: { readonly tags: Names; readonly markers: readonly TagMarker[] },
    signal: AbortSignal,
  ): Promise<Names> {
    const atOther = new Set(there.names);
    const known = this.#markersOf(here.names, there.names);
    // What the other list does not have is missing; nobody has to be asked for that.
    const both = tags.filter((tag) => atOther.has(tag) && !known.has(tag));
    if (markers.some((marker) => marker !== "missing"))
      await this.#mark(both, { here, there, known }, signal);
    return tags.filter((tag) => {
      const marker = atOther.has(tag) ? known.get(tag) : "missing";
      return marker !== undefined && markers.includes(marker);
    });
  }

  async #mark(
    tags: Names,
    { here, there, known }: { here: ListedSide; there: ListedSide; known: Map<string, TagMarker> },
    signal: AbortSignal,
  ): Promise<void> {
    const { hosts, clock } = this.#engine;
    const ours = new EndpointSide({ side: "source", endpoint: here.source, hosts, clock });
    const theirs = new EndpointSide({ side: "destination", endpoint: there.source, hosts, clock });
    const digest = async (side: EndpointSide, repository: string, tag: string): Promise<string | undefined> =>
      (
        await side.ask("head-manifest", signal, (endpoint, options) =>
          endpoint.headManifest(repository, tag, options),
        )
      )?.digest;
    await forEachAtMost(tags, parallelTags, async (tag) => {
      const [left, right] = await Promise.all([
        digest(ours, here.repository, tag),
        digest(theirs, there.repository, tag),
      ]);
      // A tag that vanished meanwhile has no marker.
      if (left === undefined) return;
      known.set(tag, right === undefined ? "missing" : left === right ? "same" : "different");
    });
  }

  #markersOf(here: Names, there: Names): Map<string, TagMarker> {
    const byOther = this.#kept.get(here) ?? new WeakMap<Names, Map<string, TagMarker>>();
    this.#kept.set(here, byOther);
    const known = byOther.get(there) ?? new Map<string, TagMarker>();
    byOther.set(there, known);
    return known;
  }
}
