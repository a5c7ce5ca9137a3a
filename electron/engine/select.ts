// Resolves a selection to single images, a few destination repositories ahead of whoever takes them.
import type { PlanWarning } from "../../shared/run.ts";
import { type Gathered, type GatherRequest, gather } from "./gather.ts";
import { inOrder } from "./in-order.ts";
import { pagesOf } from "./pages.ts";
import { routeGroups } from "./routes.ts";
import type { GatheredDestination, Selected, UnreadableRepository } from "./selected.ts";

/** Destination repositories whose tags are read side by side and held: enough to hide the lists behind the images' own requests. */
const gatheredAhead = 4;

export interface SelectRequest extends GatherRequest {
  readonly warn: (warning: PlanWarning) => void;
  /** Told of each destination repository once, before its images come. */
  readonly gathered?: (destination: GatheredDestination) => void;
}

/**
 * The images of a selection in stable order: by destination repository as the selection first names them, then by source.
 * Each stands there once; of what lands on one reference both say so. Lists are read only where a pattern asks for them, and
 * no more tags are held than a few destination repositories have.
 * @throws what ends the planning: a catalog that cannot be read, a side that lets nobody in.
 */
export async function* select(request: SelectRequest): AsyncGenerator<Selected> {
  const { spec, source, signal } = request;
  const groups = routeGroups({
    spec,
    catalog: () =>
      pagesOf({
        source,
        signal,
        operation: "list-repositories",
        open: (endpoint, options) => endpoint.listRepositories(options),
      }),
  });
  const gathering = inOrder(
    groups,
    gatheredAhead,
    async (found): Promise<Gathered | UnreadableRepository> =>
      found.kind === "group" ? gather(found, request) : found,
  );
  for await (const found of gathering) {
    if ("kind" in found) yield found;
    else {
      request.gathered?.(found.destination);
      for (const warning of found.warnings) request.warn(warning);
      yield* found.selected;
    }
  }
}
