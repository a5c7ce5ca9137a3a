// The list of tags that a pane shows, as the question that the engine answers: repository, filter, comparison, order.
import type { MethodInput, TagMarker } from "../../../shared/contract.ts";
import { type CompareOnly, otherSide, type PanesState, type Side, type TagSort } from "../../state/panes.ts";
import { type FactsInput, readQuery, readsImages, type TagRuleInput } from "./tag-filter.ts";

export interface TagList {
  readonly endpointId: string;
  readonly repository: string;
  readonly filter?: TagRuleInput;
  readonly facts?: FactsInput;
  readonly against?: Against;
  readonly sort: TagSort;
}
type Against = NonNullable<MethodInput<"tags.list">["against"]>;

const markersOf: Readonly<Record<Exclude<CompareOnly, "all">, TagMarker[]>> = {
  differences: ["missing", "different"],
  missing: ["missing"],
  different: ["different"],
};

/** Undefined where no repository is chosen. A filter that cannot be read does not filter. */
export function tagListOf(state: PanesState, side: Side): TagList | undefined {
  const { endpointId, repository, tagFilter, chips, tagSort } = state[side];
  if (endpointId === undefined || repository === undefined) return undefined;
  const read = readQuery(tagFilter, chips);
  const against = againstOf(state, side, repository);
  return {
    endpointId,
    repository,
    ...(read.kind === "query" ? read.query : {}),
    ...(against === undefined ? {} : { against }),
    sort: tagSort,
  };
}

function againstOf(state: PanesState, side: Side, repository: string): Against | undefined {
  const { on, only } = state.compare;
  const endpointId = state[otherSide(side)].endpointId;
  if (!on || only === "all" || endpointId === undefined || endpointId === state[side].endpointId)
    return undefined;
  return { endpointId, repository, markers: markersOf[only] };
}

/** Equal for lists of the same tags in the same order. */
export function listKey(list: TagList): string {
  return JSON.stringify([list.filter, list.facts, list.against]);
}

export function isFiltered(list: TagList): boolean {
  return list.filter !== undefined || list.facts !== undefined || list.against !== undefined;
}

/** What the engine must read of every tag before it can answer. */
export function slowPart(list: TagList): "images" | "comparison" | undefined {
  if (list.against !== undefined) return "comparison";
  const bySort = /^(created|size)/.test(list.sort);
  return readsImages(list) || bySort ? "images" : undefined;
}
