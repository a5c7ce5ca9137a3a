// The contract's comparing methods: repositories by name, tags by HEAD, images by their manifests.
import type { Api } from "../../../shared/contract.ts";
import { FreightlinerError, type Side } from "../../../shared/errors.ts";
import { compareImage } from "../../engine/compare-image.ts";
import { compareTags } from "../../engine/compare-tags.ts";
import { compareRepositories } from "../compare-repositories.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type CompareMethods = Pick<Api<CallContext>, "compare.repositories" | "compare.tags" | "compare.image">;

export function compareMethods({ pool, listings, engine }: Services): CompareMethods {
  const { hosts, clock, journal } = engine;
  const repositoriesOf = async (
    id: string,
    side: Exclude<Side, "local">,
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    const endpoint = await pool.get(id);
    const { names, complete } = await listings.repositories(id, endpoint, false, signal);
    if (complete) return names;
    // Half a list would show repositories as missing that are there.
    throw new FreightlinerError({
      code: "unsupported",
      side,
      operation: "list-repositories",
      message: `${endpoint.host} does not list all of its repositories; compare repositories by their names.`,
    });
  };
  return {
    "compare.repositories": async (params, { signal }) => {
      const { sourceId, destinationId, include, exclude, mapping, offset, limit } = params;
      const [source, destination] = await Promise.all([
        repositoriesOf(sourceId, "source", signal),
        repositoriesOf(destinationId, "destination", signal),
      ]);
      const rows = compareRepositories({ source, destination, include, exclude, mapping });
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },

    "compare.tags": async (params, { signal }) => {
      const { sourceId, destinationId, sourceRepository, destinationRepository, tags, most } = params;
      const [source, destination] = await Promise.all([pool.get(sourceId), pool.get(destinationId)]);
      const ends = { source, sourceRepository, destination, destinationRepository };
      const found = await compareTags({ ...ends, rule: tags, hosts, clock, journal }, signal);
      const { missing, different, extra, same } = found;
      return {
        missing: missing.slice(0, most),
        different: different.slice(0, most),
        extra: extra.slice(0, most),
        same,
        counts: { missing: missing.length, different: different.length, extra: extra.length },
      };
    },

    "compare.image": async ({ source, destination }, { signal }) => {
      const [from, to] = await Promise.all([pool.get(source.endpointId), pool.get(destination.endpointId)]);
      const ends = {
        source: { ...source, endpoint: from },
        destination: { ...destination, endpoint: to },
      };
      return compareImage({ ...ends, hosts, clock, journal }, signal);
    },
  };
}
