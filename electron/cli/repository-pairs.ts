// The repositories of two places that belong together, read page by page, and the tags of each.
import type { Endpoint } from "../../shared/endpoint.ts";
import { mapRepository } from "../../shared/mapping.ts";
import type { Mapping, TagRule } from "../../shared/selection.ts";
import { imageName, placeOf } from "../app/run-names.ts";
import { destinationRepository, sourceRepository } from "./layout-repository.ts";
import type { Pair } from "./places.ts";
import type { RepositoryRule } from "./repository-options.ts";
import type { Session } from "./session.ts";
import { isOnDisk, type Target } from "./target.ts";

/** Null on the side that has no such repository. */
export interface RepositoryPair {
  readonly source: string | null;
  readonly destination: string | null;
}

export interface Sides {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly sourceTarget: Target;
  readonly destinationTarget: Target;
}

export interface PairRule {
  readonly repositories: RepositoryRule;
  readonly mapping: Mapping;
}

const pageSize = 500;

/** The pairs of two registries by name, or the one pair that was named. */
export async function* repositoryPairs(
  session: Session,
  sides: Sides,
  pair: Exclude<Pair, { readonly level: "image" }>,
  rule: PairRule,
): AsyncGenerator<RepositoryPair> {
  if (pair.level === "repository") {
    const named = { tag: undefined, digest: undefined };
    const source = await sourceRepository(session, sides.source.id, {
      ...named,
      target: sides.sourceTarget,
      repository: pair.source,
    });
    const to = { ...named, target: sides.destinationTarget, repository: pair.destination };
    const own = to.repository === undefined && !isOnDisk(to.target);
    yield { source, destination: own ? source : destinationRepository(to) };
    return;
  }
  const { names, include, exclude } = rule.repositories;
  if (include.length === 0 && names.length > 0) {
    // Where names say it all, no registry has to list its repositories; many do not.
    for (const name of names) yield { source: name, destination: mapRepository(name, rule.mapping) };
    return;
  }
  for (let offset = 0; ; ) {
    const page = await session.client.call(
      "compare.repositories",
      {
        sourceId: sides.source.id,
        destinationId: sides.destination.id,
        include: [...include, ...names],
        exclude,
        mapping: rule.mapping,
        offset,
        limit: pageSize,
      },
      session.stop,
    );
    yield* page.rows;
    offset += page.rows.length;
    if (page.rows.length === 0 || offset >= page.total) return;
  }
}

/** The tags of one repository that the rule takes. */
export async function* tagsOf(...query: Parameters<typeof tagPages>): AsyncGenerator<string> {
  for await (const tags of tagPages(...query)) yield* tags;
}

export async function* tagPages(
  { client, stop }: Session,
  endpointId: string,
  repository: string,
  filter: TagRule | undefined,
): AsyncGenerator<readonly string[]> {
  for (let offset = 0; ; ) {
    const query = {
      endpointId,
      repository,
      offset,
      limit: pageSize,
      ...(filter === undefined ? {} : { filter }),
    };
    const page = await client.call("tags.list", query, stop);
    yield page.tags;
    offset += page.tags.length;
    if (page.tags.length === 0 || offset >= page.matched) return;
  }
}

export function nameAt(endpoint: Endpoint, repository: string, reference: string | null): string {
  return imageName(placeOf(endpoint.settings), repository, reference);
}
