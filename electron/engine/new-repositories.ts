// Which repositories the destination does not know yet: one question spares those about every tag and blob in them.
import { FreightlinerError } from "../../shared/errors.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { ImageDestination } from "./ports.ts";
import { remembered } from "./remembered.ts";

/** For one plan: a run asks the destination itself, as what was unknown may be known by then. */
export class NewRepositories {
  readonly #destination: EndpointSide<ImageDestination>;
  readonly #signal: AbortSignal;
  readonly #asked = new BoundedMap<string, Promise<boolean>>(10_000);
  readonly #known = new BoundedMap<string, true>(10_000);

  constructor(destination: EndpointSide<ImageDestination>, signal: AbortSignal) {
    this.#destination = destination;
    this.#signal = signal;
  }

  /** True where the destination was asked already and does not know the repository. */
  wasNew(repository: string): boolean {
    return this.#known.get(repository) === true;
  }

  /** Asks once. Rejects with the signal's reason only. */
  isNew(repository: string): Promise<boolean> {
    return remembered(this.#asked, repository, async () => {
      const isNew = await this.#ask(repository);
      if (isNew) this.#known.set(repository, true);
      return isNew;
    });
  }

  async #ask(repository: string): Promise<boolean> {
    try {
      return await this.#destination.askOnce(this.#signal, (endpoint, options) =>
        endpoint.lacksRepository(repository, options),
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      // Whatever is wrong, the questions that this one was to spare are asked then, and tell it.
      if (error instanceof FreightlinerError) return false;
      throw error;
    }
  }
}
