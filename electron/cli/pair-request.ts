// What two places are set against each other by: which repositories and tags, how names map, how each side is reached.
import type { Command } from "commander";
import type { TagRule } from "../../shared/selection.ts";
import { savedEndpoints } from "./endpoints.ts";
import { addMappingOptions, readMapping } from "./mapping-options.ts";
import type { Values } from "./option-values.ts";
import { type Pair, pairOf, parsePlace } from "./places.ts";
import { addRepositoryOptions, readRepositoryRule } from "./repository-options.ts";
import type { PairRule, Sides } from "./repository-pairs.ts";
import type { Session } from "./session.ts";
import { addSideOptions } from "./sides.ts";
import { addTagOptions, hasTagOptions, readTagRule } from "./tag-options.ts";
import { openTwoSides, readTwoSides, type TwoSides } from "./two-sides.ts";

export interface PairRequest {
  readonly source: string;
  readonly destination: string;
  readonly sides: TwoSides;
  readonly rule: PairRule;
  /** Undefined where every tag is meant. */
  readonly tags: TagRule | undefined;
}

export function addPairOptions(command: Command): void {
  addRepositoryOptions(command);
  addTagOptions(command);
  addMappingOptions(command);
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
}

/** @throws FreightlinerError `usage` for options that contradict each other. */
export function readPairRequest(values: Values, source: string, destination: string): PairRequest {
  return {
    ...{ source, destination },
    sides: readTwoSides(values),
    rule: { repositories: readRepositoryRule(values), mapping: readMapping(values) },
    tags: hasTagOptions(values) ? readTagRule(values) : undefined,
  };
}

/** @throws FreightlinerError `usage` for two things that cannot be set against each other; what opening throws. */
export async function openPair(
  session: Session,
  { source, destination, sides }: PairRequest,
): Promise<{ readonly pair: Pair; readonly sides: Sides }> {
  const saved = await savedEndpoints(session);
  const a = parsePlace(source, saved.names);
  const b = parsePlace(destination, saved.names);
  const pair = pairOf(a, b);
  const ends = await openTwoSides(session, { sides, saved, source: a.target, destination: b.target });
  return { pair, sides: { ...ends, sourceTarget: a.target, destinationTarget: b.target } };
}
