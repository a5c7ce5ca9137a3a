// Asks a side's referrers API, and a host without one no more than once.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Journal } from "./ports.ts";

export interface ReferrersQuestion {
  readonly repository: string;
  /** A manifest that is there: some registries answer the question for others as if they had no API (protocol.md 3.4). */
  readonly digest: Digest;
}

export class ReferrersApi {
  readonly #side: EndpointSide;
  readonly #journal: Pick<Journal, "capability" | "rememberCapability">;
  #present: boolean | undefined;
  /** The first question to a host of which nothing is known; the others wait for what it shows. */
  #first: Promise<unknown> | undefined;

  constructor(side: EndpointSide, journal: Pick<Journal, "capability" | "rememberCapability">) {
    this.#side = side;
    this.#journal = journal;
    this.#present = journal.capability(side.endpoint.host, "referrers");
  }

  /** Undefined where nobody has found out yet. */
  get present(): boolean | undefined {
    return this.#present;
  }

  /** What refers to the manifest; undefined where there is no such list. @throws what the side throws. */
  async list(question: ReferrersQuestion, signal: AbortSignal): Promise<readonly Descriptor[] | undefined> {
    while (this.#present === undefined && this.#first !== undefined) await this.#first.catch(() => undefined);
    if (this.#present === false) return undefined;
    if (this.#present === true) return this.#ask(question, signal);
    const first = this.#ask(question, signal);
    this.#first = first;
    try {
      const listed = await first;
      this.#present = listed !== undefined;
      this.#journal.rememberCapability(this.#side.endpoint.host, "referrers", this.#present);
      return listed;
    } finally {
      this.#first = undefined;
    }
  }

  #ask({ repository, digest }: ReferrersQuestion, signal: AbortSignal) {
    return this.#side.ask("list-referrers", signal, (endpoint, options) =>
      endpoint.listReferrers(repository, digest, options),
    );
  }
}
