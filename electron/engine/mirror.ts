// Finds what a mirror deletes: tags of the destination that fall under the selection and that no selected image lands on.
import type { JobSpec, MirrorOptions, PlanTotals, PlanWarning } from "../../shared/run.ts";
import { collectNames } from "./collect-names.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { inOrder } from "./in-order.ts";
import { deleteRow, guardAgainst, isMissing } from "./mirror-rows.ts";
import {
  type ExtraTag,
  extraTags,
  lostRepositories,
  selectedRepositories,
  whyUntouched,
} from "./mirror-scope.ts";
import type { ImageDestination, PlannedImage } from "./ports.ts";
import type { GatheredDestination, Selected } from "./selected.ts";
import { isOfOneImage } from "./side-errors.ts";

/** Destination repositories listed side by side, and those that may wait for it. */
const parallelLists = 4;
const parallelHeads = 16;
/** So many tags are shown even where fewer may be deleted; the rest of such a plan, which cannot be started, is only counted. */
const leastShown = 1000;

export interface MirrorRequest {
  readonly spec: JobSpec;
  readonly source: EndpointSide;
  readonly destination: EndpointSide<ImageDestination>;
  readonly signal: AbortSignal;
  readonly warn: (warning: PlanWarning) => void;
}

/** A destination repository whose images are passing by. */
interface Passing {
  readonly gathered: GatheredDestination;
  readonly targets: Set<string>;
  /** False where something of its sources could not be read. */
  readable: boolean;
}

interface Extras {
  readonly destinationRepository: string;
  readonly sourceRepository: string;
  tags: readonly ExtraTag[];
}

/** Sees a selection pass by, one destination repository at a time; only what is extra is held to the end. */
export class MirrorPlanner {
  readonly #request: MirrorRequest;
  readonly #limits: MirrorOptions;
  readonly #isCopiedFrom: (destinationRepository: string) => boolean;
  readonly #known = new Set<string>();
  readonly #extras: Extras[] = [];
  readonly #lists = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #passing: Passing | undefined;
  /** Tags seen at the destination, tags that are extra, and how many of those are held. */
  #seen = 0;
  #extra = 0;
  #held = 0;
  #untouched = 0;
  /** Extra tags that went meanwhile, and those that the source turned out to have. */
  #vanished = 0;
  #standing = 0;

  /** @param request `spec.options.mirror` is set. */
  constructor(request: MirrorRequest) {
    this.#request = request;
    this.#limits = request.spec.options.mirror ?? { maxDelete: 0, maxShare: 0 };
    this.#isCopiedFrom = copiedFrom(request);
  }

  /** To be told of each destination repository before its images pass. */
  gathered(gathered: GatheredDestination): void {
    this.#close();
    this.#known.add(gathered.destinationRepository);
    this.#passing = { gathered, targets: new Set(), readable: true };
  }

  /** Passes the selection on. @throws what ends the planning. */
  async *watch(selection: AsyncIterable<Selected>): AsyncGenerator<Selected> {
    for await (const one of selection) {
      this.#note(one);
      yield one;
      // Lists of repositories that have passed must not pile up behind a slow destination.
      while (this.#lists.size > parallelLists) await Promise.race(this.#lists);
      if (this.#failure !== undefined) throw this.#failure.error;
    }
    this.#close();
  }

  /** The rows behind all copies, repository by repository. @throws what ends the planning. */
  async *rows(): AsyncGenerator<PlannedImage> {
    await Promise.all(this.#lists);
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#lostRepositories();
    this.#sayWhatIsLeft();
    const rows = inOrder(this.#heldTags(), parallelHeads, ({ extras, tag }) => this.#row(extras, tag));
    for await (const row of rows) if (row !== undefined) yield row;
    if (this.#standing > 0)
      this.#warn(
        `${this.#standing} tags are left alone although the source's lists do not show them: asked by name, it has them or does not say.`,
      );
  }

  /** After the rows. */
  get totals(): Pick<PlanTotals, "delete" | "guard"> {
    const count = this.#extra - this.#vanished - this.#standing;
    return { delete: count, guard: guardAgainst({ count, seen: this.#seen }, this.#limits) };
  }

  #note(one: Selected): void {
    const passing = this.#passing;
    if (one.kind === "unreadable") {
      this.#known.add(one.destinationRepository);
      if (passing?.gathered.destinationRepository === one.destinationRepository) passing.readable = false;
    } else if (passing?.gathered.destinationRepository === one.destinationRepository) {
      const target = one.destinationTag ?? one.sourceReference;
      passing.targets.add(target);
      // What keep-both writes beside it has the same source.
      const { overwrite, keepBothSuffix } = this.#request.spec.options;
      if (overwrite === "keep-both") passing.targets.add(`${target}${keepBothSuffix}`);
    }
  }

  /** All images of the repository have passed. */
  #close(): void {
    const passing = this.#passing;
    this.#passing = undefined;
    if (passing === undefined) return;
    const { spec } = this.#request;
    const why = whyUntouched(passing, this.#isCopiedFrom);
    if (why === "named-only") this.#untouched++;
    else if (why !== undefined) this.#warn(why);
    else {
      const { destinationRepository, sources } = passing.gathered;
      this.#list(destinationRepository, sources[0]?.sourceRepository ?? destinationRepository, (tags) =>
        extraTags(tags, passing, spec.renameTags),
      );
    }
  }

  #list(
    destinationRepository: string,
    sourceRepository: string,
    choose: (tags: readonly string[]) => { readonly extra: readonly ExtraTag[]; readonly seen: number },
  ): void {
    // Its place is taken at once, so that the same selection always gives the same plan.
    const extras: Extras = { destinationRepository, sourceRepository, tags: [] };
    this.#extras.push(extras);
    const listing = this.#tagsOf(destinationRepository)
      .then((tags) => {
        const { extra, seen } = choose(tags);
        this.#seen += seen;
        this.#extra += extra.length;
        const room = Math.max(this.#limits.maxDelete, leastShown) - this.#held;
        extras.tags = extra.slice(0, Math.max(0, room));
        this.#held += extras.tags.length;
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#lists.delete(listing));
    this.#lists.add(listing);
  }

  /** None where the repository is not there or cannot be listed, which is said. */
  async #tagsOf(repository: string): Promise<readonly string[]> {
    const { destination, signal } = this.#request;
    try {
      return await collectNames({
        source: destination,
        signal,
        operation: "list-tags",
        open: (endpoint, options) => endpoint.listTags(repository, options),
      });
    } catch (error) {
      if (!isOfOneImage(error, [destination])) throw error;
      if (error.code !== "repository-unknown")
        this.#warn(`Nothing is deleted in ${repository}, as its tags could not be listed: ${error.message}`);
      return [];
    }
  }

  /** Repositories that only the destination has, where their names can be told from the mapping. */
  async #lostRepositories(): Promise<void> {
    const { spec, destination, signal } = this.#request;
    const find = lostRepositories(spec, this.#isCopiedFrom);
    if (find === undefined) return;
    let names: readonly string[];
    try {
      names = await collectNames({
        source: destination,
        signal,
        operation: "list-repositories",
        open: (endpoint, options) => endpoint.listRepositories(options),
      });
    } catch (error) {
      if (!isOfOneImage(error, [destination])) throw error;
      this.#warn(
        `Repositories that only the destination has are left alone, as it does not list them: ${error.message}`,
      );
      return;
    }
    for (const name of names) {
      const lost = this.#known.has(name) ? undefined : find(name);
      if (lost === undefined) continue;
      this.#list(name, lost.sourceRepository, (tags) => lost.extraTags(tags));
      while (this.#lists.size > parallelLists) await Promise.race(this.#lists);
    }
    await Promise.all(this.#lists);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #sayWhatIsLeft(): void {
    if (this.#untouched > 0)
      this.#warn(
        `Nothing is deleted in ${repositoriesText(this.#untouched)} of which only named tags or digests are copied.`,
      );
    const repositories = this.#extras.filter((extras) => extras.tags.length > 0).length;
    if (this.#extra > 0)
      this.#warn(
        `${tagsText(this.#extra)} in ${repositoriesText(repositories)} of the destination ${this.#extra === 1 ? "is" : "are"} to be deleted.`,
      );
    if (this.#extra > this.#held)
      this.#warn(`${this.#extra - this.#held} of the tags to be deleted are only counted, not shown.`);
  }

  async *#heldTags(): AsyncGenerator<{ readonly extras: Extras; readonly tag: ExtraTag }> {
    for (const extras of this.#extras) for (const tag of extras.tags) yield { extras, tag };
  }

  /** Undefined where the tag went meanwhile, or where the source's lists did not show all: some break off without a word. */
  async #row(extras: Extras, extra: ExtraTag): Promise<PlannedImage | undefined> {
    const { source, destination, signal } = this.#request;
    for (const repository of extra.missingIn)
      if (!(await isMissing(source, { repository, tag: extra.tag }, signal))) {
        this.#standing++;
        return undefined;
      }
    const row = await deleteRow(destination, { ...extras, ...extra }, signal);
    if (row === undefined) this.#vanished++;
    return row;
  }

  #warn(text: string): void {
    this.#request.warn({ code: "deletes", text });
  }
}

/** Within one host a repository may be destination and source at once. */
function copiedFrom({ spec, source, destination }: MirrorRequest): (repository: string) => boolean {
  return source.endpoint.host === destination.endpoint.host ? selectedRepositories(spec) : () => false;
}

function tagsText(count: number): string {
  return count === 1 ? "1 tag" : `${count} tags`;
}

function repositoriesText(count: number): string {
  return count === 1 ? "1 repository" : `${count} repositories`;
}
