// Which source repositories land in which destination repositories, found out before any tag is read.
import type { FreightlinerError } from "../../shared/errors.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { compileGlobs } from "../../shared/glob.ts";
import { keepsApart, mapRepository } from "../../shared/mapping.ts";
import type { JobSpec } from "../../shared/run.ts";
import type { SelectionItem, TagRule } from "../../shared/selection.ts";
import type { UnreadableRepository } from "./selected.ts";

/** What one item of the selection wants of a repository. */
export type Claim =
  | { readonly kind: "rule"; readonly rule: TagRule }
  | {
      readonly kind: "image";
      readonly reference: string;
      /** Overrides the renaming. */
      readonly destinationTag: string | undefined;
    };

/** One source repository on its way to one destination repository. */
export interface Route {
  readonly sourceRepository: string;
  readonly destinationRepository: string;
  /** In the order of the selection. */
  readonly claims: readonly Claim[];
}

/** All routes that end in one destination repository: only inside a group can two images meet. */
export interface RouteGroup {
  readonly kind: "group";
  readonly destinationRepository: string;
  readonly routes: readonly Route[];
}

export interface RouteRequest {
  readonly spec: Pick<JobSpec, "selection" | "mapping">;
  /** Pages of the source's repository names. */
  readonly catalog: () => AsyncIterable<readonly string[]>;
}

/**
 * Groups in the order in which the selection first names them. They stream where no two repositories can get one name; else
 * the names (never their tags) are held until all are known.
 */
export async function* routeGroups(request: RouteRequest): AsyncGenerator<RouteGroup | UnreadableRepository> {
  const { selection, mapping } = request.spec;
  const [only] = selection;
  if (selection.length === 1 && only !== undefined && keepsApart(mapping)) {
    for await (const found of wantedBy(only, request))
      yield found.kind === "route" ? groupOf([found]) : found;
    return;
  }
  const table = new RouteTable();
  const known = { ...request, catalog: readOnce(request.catalog) };
  for (const item of selection) for await (const found of wantedBy(item, known)) table.add(found);
  yield* table.entries();
}

type Wanted = (Route & { readonly kind: "route" }) | UnreadableRepository;

async function* wantedBy(item: SelectionItem, request: RouteRequest): AsyncGenerator<Wanted> {
  if (item.kind === "image") {
    const { repository, reference, destinationTag } = item;
    const claim: Claim = { kind: "image", reference, destinationTag };
    const there = item.destinationRepository ?? mapped(repository, request.spec);
    yield typeof there === "string"
      ? { kind: "route", sourceRepository: repository, destinationRepository: there, claims: [claim] }
      : { ...unreadable(repository, there), sourceReference: reference };
    return;
  }
  const claims: readonly Claim[] = [{ kind: "rule", rule: item.tags }];
  for await (const repository of repositoriesOf(item, request.catalog)) {
    const there = mapped(repository, request.spec);
    yield typeof there === "string"
      ? { kind: "route", sourceRepository: repository, destinationRepository: there, claims }
      : unreadable(repository, there);
  }
}

function mapped(repository: string, { mapping }: Pick<JobSpec, "mapping">): string | FreightlinerError {
  try {
    return mapRepository(repository, mapping);
  } catch (error) {
    return toFreightlinerError(error, "map-repository");
  }
}

function unreadable(repository: string, error: FreightlinerError): UnreadableRepository {
  return { kind: "unreadable", sourceRepository: repository, destinationRepository: repository, error };
}

/** Names as given; where there are patterns (or neither) also what the catalog has for them. Each once. */
async function* repositoriesOf(
  item: Extract<SelectionItem, { kind: "repositories" }>,
  catalog: RouteRequest["catalog"],
): AsyncGenerator<string> {
  const excluded = item.exclude.length === 0 ? undefined : compileGlobs(item.exclude, []);
  const seen = new Set<string>();
  const isNew = (name: string): boolean => {
    if (seen.has(name) || excluded?.matches(name) === true) return false;
    seen.add(name);
    return true;
  };
  for (const name of item.names) if (isNew(name)) yield name;
  if (item.names.length > 0 && item.include.length === 0) return;
  const included = compileGlobs(item.include, []);
  for await (const page of catalog()) {
    for (const name of page) if (included.matches(name) && isNew(name)) yield name;
  }
}

/** Several items with patterns read the catalog once. */
function readOnce(catalog: RouteRequest["catalog"]): RouteRequest["catalog"] {
  let known: string[] | undefined;
  return async function* () {
    if (known === undefined) {
      const names: string[] = [];
      for await (const page of catalog()) for (const name of page) names.push(name);
      known = names;
    }
    yield known;
  };
}

function groupOf(routes: readonly [Route]): RouteGroup {
  return { kind: "group", destinationRepository: routes[0].destinationRepository, routes };
}

/** Routes by destination, then by source, in the order in which they came. */
class RouteTable {
  readonly #entries: (UnreadableRepository | { readonly kind: "group"; readonly destination: string })[] = [];
  readonly #groups = new Map<string, Map<string, Claim[]>>();
  readonly #unreadable = new Set<string>();

  add(found: Wanted): void {
    if (found.kind === "unreadable") {
      const key = `${found.sourceRepository} ${found.sourceReference ?? ""}`;
      if (!this.#unreadable.has(key)) this.#entries.push(found);
      this.#unreadable.add(key);
      return;
    }
    const { destinationRepository: destination, sourceRepository: source } = found;
    let group = this.#groups.get(destination);
    if (group === undefined) {
      group = new Map();
      this.#groups.set(destination, group);
      this.#entries.push({ kind: "group", destination });
    }
    const claims = group.get(source);
    if (claims === undefined) group.set(source, [...found.claims]);
    else claims.push(...found.claims);
  }

  *entries(): Generator<RouteGroup | UnreadableRepository> {
    for (const entry of this.#entries) {
      if (entry.kind === "unreadable") yield entry;
      else {
        const sources = [...(this.#groups.get(entry.destination) ?? [])];
        const destinationRepository = entry.destination;
        const routes = sources.map(([sourceRepository, claims]) => ({
          sourceRepository,
          destinationRepository,
          claims,
        }));
        yield { kind: "group", destinationRepository, routes };
      }
    }
  }
}
