// Pages of a repository's tags: filtered by rule, by the other side and by facts, sorted, and kept as long as the listing.
import type { MethodParams, MethodResult } from "../../shared/contract.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { EngineContext } from "../engine/context.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { HealthWatch } from "./health-watch.ts";
import { KeptResults, type Names } from "./kept-results.ts";
import type { Listings } from "./listings.ts";
import type { TagDetails } from "./tag-details.ts";
import { meets, TagFactsReader } from "./tag-facts.ts";
import { TagFilter } from "./tag-filter.ts";
import { type ListedSide, TagMarkers } from "./tag-markers.ts";
import { byNumber, byVersion, sortKey } from "./tag-order.ts";

type Query = MethodParams<"tags.list">;
type View = Pick<Query, "filter" | "facts" | "against" | "sort">;

export interface TagPagesOptions {
  readonly pool: Pick<EndpointPool, "get">;
  readonly listings: Pick<Listings, "tags">;
  readonly details: TagDetails;
  readonly health: Pick<HealthWatch, "during">;
  readonly engine: EngineContext;
}

export class TagPages {
  readonly #options: TagPagesOptions;
  readonly #filter: TagFilter;
  readonly #facts: TagFactsReader;
  readonly #markers: TagMarkers;
  readonly #views = new KeptResults<Names>();
  readonly #ids = new WeakMap<Names, number>();
  #lastId = 0;

  constructor(options: TagPagesOptions) {
    this.#options = options;
    this.#filter = new TagFilter(options.engine);
    this.#facts = new TagFactsReader(options);
    this.#markers = new TagMarkers(options.engine);
  }

  async list(query: Query, signal: AbortSignal): Promise<MethodResult<"tags.list">> {
    const { endpointId, repository, refresh, offset, limit } = query;
    const here = await this.#side({ endpointId, repository }, refresh, signal);
    const tags = await this.#view(here, query, signal);
    return {
      tags: tags.slice(offset, offset + limit),
      matched: tags.length,
      total: here.names.length,
    };
  }

  async #view(here: ListedSide, query: Query, signal: AbortSignal): Promise<Names> {
    const { filter, facts, against, sort, refresh } = query;
    const there = against === undefined ? undefined : await this.#other(against, refresh, signal);
    const isPlain = filter === undefined && facts === undefined && against === undefined;
    if (isPlain && sort === "name") return here.names;
    const key = JSON.stringify([filter, facts, against, sort, there && this.#idOf(there.names)]);
    return this.#views.of(here.names, key, signal, async () => {
      const chosen = await this.#chosen(here, there, query, signal);
      return this.#sorted(here, chosen, sort, signal);
    });
  }

  async #chosen(
    here: ListedSide,
    there: ListedSide | undefined,
    { filter, facts, against }: View,
    signal: AbortSignal,
  ): Promise<Names> {
    let tags = here.names;
    if (filter !== undefined) tags = await this.#filter.matching({ ...here, rule: filter }, signal);
    if (there !== undefined && against !== undefined) {
      const { markers } = against;
      tags = await this.#markers.standing({ here, there }, { tags, markers }, signal);
    }
    if (facts === undefined) return tags;
    const known = await this.#facts.of(here, tags, signal);
    return tags.filter((tag) => meets(facts, known.get(tag)));
  }

  async #sorted(here: ListedSide, tags: Names, sort: Query["sort"], signal: AbortSignal): Promise<Names> {
    const { key, descending } = sortKey(sort);
    switch (key) {
      case "name":
        return descending ? tags.toReversed() : tags;
      case "version":
        return byVersion(tags, descending);
      case "created": {
        const dates = await this.#facts.datesOf(here, tags, signal);
        return byNumber(tags, (tag) => dates.get(tag), descending);
      }
      case "size": {
        const facts = await this.#facts.of(here, tags, signal);
        return byNumber(tags, (tag) => facts.get(tag)?.size, descending);
      }
    }
  }

  async #side(
    at: { readonly endpointId: string; readonly repository: string },
    refresh: boolean,
    signal: AbortSignal,
  ): Promise<ListedSide> {
    const { pool, listings, health } = this.#options;
    const { endpointId, repository } = at;
    return health.during(endpointId, async () => {
      const source = await pool.get(endpointId);
      const { names } = await listings.tags(endpointId, source, repository, refresh, signal);
      return { source, repository, names };
    });
  }

  /** A repository that is not there has no tags. */
  async #other(at: NonNullable<View["against"]>, refresh: boolean, signal: AbortSignal): Promise<ListedSide> {
    try {
      return await this.#side(at, refresh, signal);
    } catch (error) {
      if (!(error instanceof FreightlinerError) || error.code !== "repository-unknown") throw error;
      const source = await this.#options.pool.get(at.endpointId);
      return { source, repository: at.repository, names: noTags };
    }
  }

  /** Names a listing in the keys of views that were made from it. */
  #idOf(names: Names): number {
    const id = this.#ids.get(names) ?? ++this.#lastId;
    this.#ids.set(names, id);
    return id;
  }
}

const noTags: Names = [];
