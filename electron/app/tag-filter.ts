// Which tags of a listing a rule takes: the same code that selects them for a run, and kept as long as the listing.
import type { TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import type { EngineContext } from "../engine/context.ts";
import { CreationDates } from "../engine/creation-dates.ts";
import { EndpointSide } from "../engine/endpoint-side.ts";
import type { ImageSource } from "../engine/ports.ts";

/** Results kept for one listing: the filter as it is typed, and a few before. */
const keptResults = 8;

export interface FilterRequest {
  readonly source: ImageSource;
  readonly repository: string;
  /** The whole list; results are kept until it is dropped. */
  readonly names: readonly string[];
  readonly rule: TagRule;
}

export class TagFilter {
  readonly #engine: Pick<EngineContext, "hosts" | "clock" | "journal" | "manifests">;
  readonly #kept = new WeakMap<readonly string[], Map<string, Promise<readonly string[]>>>();

  constructor(engine: Pick<EngineContext, "hosts" | "clock" | "journal" | "manifests">) {
    this.#engine = engine;
  }

  /**
   * The names that the rule takes, in the list's order. A tag whose creation date is needed and cannot be read is among
   * them: a plan shows it too, with its error. @throws what concerns more than one image.
   */
  async matching(request: FilterRequest, signal: AbortSignal): Promise<readonly string[]> {
    const kept = this.#resultsOf(request.names);
    const key = JSON.stringify(request.rule);
    const known = kept.get(key);
    if (known !== undefined) {
      // Pages are asked for side by side; what ended with another caller's stop is asked for again.
      const result = await known.catch(() => undefined);
      signal.throwIfAborted();
      if (result !== undefined) return result;
    }
    const asked = this.#match(request, signal);
    keep(kept, key, asked);
    return asked;
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

  #resultsOf(names: readonly string[]): Map<string, Promise<readonly string[]>> {
    let results = this.#kept.get(names);
    if (results === undefined) {
      results = new Map();
      this.#kept.set(names, results);
    }
    return results;
  }
}

function keep(
  kept: Map<string, Promise<readonly string[]>>,
  key: string,
  asked: Promise<readonly string[]>,
): void {
  kept.set(key, asked);
  asked.catch(() => {
    if (kept.get(key) === asked) kept.delete(key);
  });
  const oldest = kept.keys().next().value;
  if (kept.size > keptResults && oldest !== undefined) kept.delete(oldest);
}
