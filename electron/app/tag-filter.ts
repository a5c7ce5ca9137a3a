// Which tags of a listing a rule takes: the same code that selects them for a run, and kept as long as the listing.
import type { TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import type { EngineContext } from "../engine/context.ts";
import { CreationDates } from "../engine/creation-dates.ts";
import { EndpointSide } from "../engine/endpoint-side.ts";
import type { ImageSource } from "../engine/ports.ts";
import { KeptResults } from "./kept-results.ts";

export interface FilterRequest {
  readonly source: ImageSource;
  readonly repository: string;
  /** The whole list; results are kept until it is dropped. */
  readonly names: readonly string[];
  readonly rule: TagRule;
}

export class TagFilter {
  readonly #engine: Pick<EngineContext, "hosts" | "clock" | "journal" | "manifests">;
  readonly #kept = new KeptResults<readonly string[]>();

  constructor(engine: Pick<EngineContext, "hosts" | "clock" | "journal" | "manifests">) {
    this.#engine = engine;
  }

  /**
   * The names that the rule takes, in the list's order. A tag whose creation date is needed and cannot be read is among
   * them: a plan shows it too, with its error. @throws what concerns more than one image.
   */
  matching(request: FilterRequest, signal: AbortSignal): Promise<readonly string[]> {
    const key = JSON.stringify(request.rule);
    return this.#kept.of(request.names, key, signal, () => this.#match(request, signal));
  }

  async #match(
    { source, repository, names, rule }: FilterRequest,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { hosts, clock, journal, manifests } = this.#engine;
    const side = new EndpointSide({ side: "source", endpoint: source, hosts, clock, manifests });
    const dates = new CreationDates({ source: side, journal, signal }, repository);
    const dating = { now: clock.now(), datesOf: dates.of };
    const taken = new Set(await compileTagRule(rule).select(names, dating));
    return names.filter((name) => taken.has(name) || dates.failures.has(name));
  }
}
