// Commands with one registry: its endpoint opened with the options that have no prefix.
import type { Endpoint } from "../../../shared/endpoint.ts";
import { openEndpoint, type SavedEndpoints } from "../endpoints.ts";
import type { Session } from "../session.ts";
import { readPasswords, type SideOptions } from "../sides.ts";
import type { Target } from "../target.ts";

export interface OneSide {
  readonly target: Target;
  readonly options: SideOptions;
  readonly saved: SavedEndpoints;
}

export async function openOneSide(session: Session, { target, options, saved }: OneSide): Promise<Endpoint> {
  const passwords = await readPasswords(session.io.stdin, options.passwordStdin ? ["only"] : []);
  return openEndpoint(session, { target, side: "only", options, passwords, saved });
}
