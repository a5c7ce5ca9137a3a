// The contract's reading methods: repositories, tags, their details and markers, inspect and verify.
import type { Api } from "../../../shared/contract.ts";
import { verifyImage } from "../../engine/verify-image.ts";
import type { CallContext } from "../dispatch.ts";
import { inspectImage } from "../inspect.ts";
import type { Services } from "../services.ts";
import { markTags } from "../tag-details.ts";
import { TagFilter } from "../tag-filter.ts";

type BrowseMethods = Pick<
  Api<CallContext>,
  "repositories.list" | "tags.list" | "tags.describe" | "tags.mark" | "image.inspect" | "image.verify"
>;

export function browseMethods(services: Services): BrowseMethods {
  const { pool, listings, details, health } = services;
  const tagFilter = new TagFilter(services.engine);
  return {
    "repositories.list": async ({ endpointId, refresh, offset, limit }, { signal }) => {
      const { names, complete } = await health.during(endpointId, async () =>
        listings.repositories(endpointId, await pool.get(endpointId), refresh, signal),
      );
      return { names: names.slice(offset, offset + limit), total: names.length, complete };
    },

    "tags.list": async ({ endpointId, repository, filter, sort, refresh, offset, limit }, { signal }) => {
      const { names, matched } = await health.during(endpointId, async () => {
        const source = await pool.get(endpointId);
        const { names } = await listings.tags(endpointId, source, repository, refresh, signal);
        if (filter === undefined) return { names, matched: names };
        return {
          names,
          matched: await tagFilter.matching({ source, repository, names, rule: filter }, signal),
        };
      });
      const sorted = sort === "name-descending" ? matched.toReversed() : matched;
      return { tags: sorted.slice(offset, offset + limit), matched: matched.length, total: names.length };
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
