// The attachment tags of source repositories while a run runs: listed once where the plan listed tags, too.
import { isAttachmentTag } from "../../shared/reference.ts";
import type { JobSpec } from "../../shared/run.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import { BoundedMap } from "./bounded-map.ts";
import { collectNames } from "./collect-names.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { remembered } from "./remembered.ts";
import type { RepositoryListing } from "./selected.ts";
import { isOfOneRepository } from "./side-errors.ts";

export class AttachmentTags {
  readonly #source: EndpointSide;
  readonly #wanted: boolean;
  readonly #signal: AbortSignal;
  readonly #listings = new BoundedMap<string, Promise<RepositoryListing>>(64);

  /** @param spec says whether tags are listed: where all are named, each attachment's tag is asked for by itself. */
  constructor(source: EndpointSide, spec: Pick<JobSpec, "selection">, signal: AbortSignal) {
    this.#source = source;
    this.#wanted = spec.selection.some(
      (item) => item.kind === "repositories" && compileTagRule(item.tags).needsList,
    );
    this.#signal = signal;
  }

  /** Undefined where no list is read. @throws what ends the run: a source that lets nobody in. */
  async of(repository: string): Promise<RepositoryListing | undefined> {
    return this.#wanted ? remembered(this.#listings, repository, () => this.#list(repository)) : undefined;
  }

  async #list(repository: string): Promise<RepositoryListing> {
    const source = this.#source;
    try {
      const tags = await collectNames({
        ...{ source, signal: this.#signal, operation: "list-tags" },
        open: (endpoint, options) => endpoint.listTags(repository, options),
      });
      return { complete: true, attachmentTags: new Set(tags.filter(isAttachmentTag)) };
    } catch (error) {
      if (!isOfOneRepository(error, source)) throw error;
      // Without a list each tag is asked for.
      return { complete: false, attachmentTags: new Set() };
    }
  }
}
