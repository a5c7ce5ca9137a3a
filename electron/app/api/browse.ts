// The contract's reading methods: repositories, tags, their details and markers, inspect and verify.
import type { Api } from "../../../shared/contract.ts";
import { verifyImage } from "../../engine/verify-image.ts";
import type { CallContext } from "../dispatch.ts";
import { inspectImage } from "../inspect.ts";
import { listingStreams } from "../listing-streams.ts";
import { byName } from "../listings.ts";
import type { Services } from "../services.ts";
import { markTags } from "../tag-details.ts";
import { TagFilter } from "../tag-filter.ts";
import { TagPages } from "../tag-pages.ts";

type BrowseMethods = Pick<
  Api<CallContext>,
  | "repositories.list"
  | "repositories.remember"
  | "repositories.named"
  | "repositories.forget"
  | "tags.list"
  | "tags.describe"
  | "tags.mark"
  | "image.inspect"
  | "image.verify"
>;

export function browseMethods(services: Services): BrowseMethods {
  const { pool, listings, openListings, details, health, engine } = services;
  const { namedRepositories } = services.store;
  const tagPages = new TagPages(services);
  const streams = listingStreams(openListings, new TagFilter(engine));
  return {
    "repositories.list": async ({ endpointId, refresh, stream, offset, limit }, { signal }) => {
      if (stream !== undefined)
        return health.during(endpointId, async () =>
          streams.repositories(
            { source: await pool.get(endpointId), named: namedRepositories.list(endpointId) },
            { stream, limit },
            signal,
          ),
        );
      const listing = await health.during(endpointId, async () =>
        listings.repositories(endpointId, await pool.get(endpointId), refresh, signal),
      );
      const { complete } = listing;
      const names = withNamed(listing.names, namedRepositories.list(endpointId));
      return { names: names.slice(offset, offset + limit), total: names.length, complete };
    },

    "repositories.remember": async ({ endpointId, names }) => {
      namedRepositories.add(endpointId, names);
      return {};
    },
    "repositories.named": async ({ endpointId }) => ({ names: [...namedRepositories.list(endpointId)] }),
    "repositories.forget": async ({ endpointId, names }) => {
      namedRepositories.remove(endpointId, names);
      return {};
    },

    "tags.list": (query, { signal }) => {
      const { endpointId, repository, filter, stream, limit } = query;
      if (stream === undefined) return tagPages.list(query, signal);
      return health.during(endpointId, async () =>
        streams.tags({ source: await pool.get(endpointId), repository, filter }, { stream, limit }, signal),
      );
    },

    "tags.describe": async ({ endpointId, repository, tags }, { signal }) => ({
      details: await details.describe(await pool.get(endpointId), repository, tags, signal),
    }),

    "tags.mark": async ({ endpointId, repository, otherEndpointId, otherRepository, tags }, { signal }) => {
      const [source, other] = await Promise.all([pool.get(endpointId), pool.get(otherEndpointId)]);
      return {
        markers: await markTags(
          { source, repository },
          { source: other, repository: otherRepository },
          tags,
          signal,
        ),
      };
    },

    "image.inspect": async ({ endpointId, repository, reference }, { signal }) =>
      inspectImage(await pool.get(endpointId), repository, reference, signal),

    "image.verify": async ({ source, destination, attachments }, { signal }) => {
      const [from, to] = await Promise.all([pool.get(source.endpointId), pool.get(destination.endpointId)]);
      return verifyImage(
        {
          source: from,
          sourceRepository: source.repository,
          sourceReference: source.reference,
          destination: to,
          destinationRepository: destination.repository,
          destinationReference: destination.reference,
          hosts: services.engine.hosts,
          clock: services.clock,
          ...(attachments ? { attachments: services.engine.journal } : {}),
        },
        signal,
      );
    },
  };
}

/** With the names that people gave, each in its place. */
function withNamed(listed: readonly string[], named: readonly string[]): readonly string[] {
  const known = new Set(listed);
  const more = named.filter((name) => !known.has(name));
  return more.length === 0 ? listed : [...listed, ...more].sort(byName);
}
