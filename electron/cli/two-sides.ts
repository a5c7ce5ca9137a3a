// Commands with a source and a destination: both endpoints opened, each password read once.
import type { Endpoint } from "../../shared/endpoint.ts";
import { openEndpoint, type SavedEndpoints } from "./endpoints.ts";
import type { Session } from "./session.ts";
import { readPasswords, readSideOptions, type SideName, type SideOptions, sideWords } from "./sides.ts";
import type { Target } from "./target.ts";

export interface TwoSides {
  readonly source: SideOptions;
  readonly destination: SideOptions;
}

export function readTwoSides(values: Readonly<Record<string, unknown>>): TwoSides {
  return { source: readSideOptions(values, "source"), destination: readSideOptions(values, "destination") };
}

/** The words that have to be given again when the run is resumed. */
export function resumeWords(sides: TwoSides): string[] {
  return [...sideWords(sides.source, "source"), ...sideWords(sides.destination, "destination")];
}

/** The sides that want a password, in the order in which the standard input gives them. */
export function askedSides(sides: TwoSides): SideName[] {
  return (["source", "destination"] as const).filter((side) => sides[side].passwordStdin);
}

export interface OpenTwoSides {
  readonly sides: TwoSides;
  readonly saved: SavedEndpoints;
  readonly source: Target;
  readonly destination: Target;
}

export async function openTwoSides(
  session: Session,
  request: OpenTwoSides,
): Promise<{ readonly source: Endpoint; readonly destination: Endpoint }> {
  const { sides, saved } = request;
  const passwords = await readPasswords(session.io.stdin, askedSides(sides));
  const open = (side: "source" | "destination"): Promise<Endpoint> =>
    openEndpoint(session, { target: request[side], side, options: sides[side], passwords, saved });
  return { source: await open("source"), destination: await open("destination") };
}
