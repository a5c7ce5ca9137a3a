// One side of a run as the engine asks it: in the host's small slots, tried again, and every error says which side.
import { type FreightlinerError, type Side, toFreightlinerError } from "../../shared/errors.ts";
import type { Hosts } from "./hosts.ts";
import type { CallOptions, Clock, ImageSource } from "./ports.ts";
import { retrying } from "./retry.ts";

/** A host that never answered is given up after so many tries: a wrong address should not look like a slow one. */
const triesOfFirstContact = 3;

export interface EndpointSideOptions<E extends ImageSource> {
  readonly side: Exclude<Side, "local">;
  readonly endpoint: E;
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Told before each further try, with what made it necessary. */
  readonly onRetry?: (error: FreightlinerError) => void;
}

export class EndpointSide<E extends ImageSource = ImageSource> {
  readonly side: Exclude<Side, "local">;
  readonly endpoint: E;
  readonly #options: EndpointSideOptions<E>;
  #answered = false;

  constructor(options: EndpointSideOptions<E>) {
    this.side = options.side;
    this.endpoint = options.endpoint;
    this.#options = options;
  }

  /** True once it served something, so that it is reachable and lets us in. */
  get answered(): boolean {
    return this.#answered;
  }

  /** A small request. */
  ask<T>(
    operation: string,
    signal: AbortSignal,
    work: (endpoint: E, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    return this.retrying(operation, signal, () => this.askOnce(signal, work));
  }

  /** A small request in a single try, for those who try again themselves. */
  askOnce<T>(signal: AbortSignal, work: (endpoint: E, options: CallOptions) => Promise<T>): Promise<T> {
    return this.#options.hosts.within({ hosts: [this.endpoint.host], lane: "small", signal }, () =>
      work(this.endpoint, { signal }),
    );
  }

  /** Anything else that is tried again; the caller takes its own slots. */
  retrying<T>(operation: string, signal: AbortSignal, work: (attempt: number) => Promise<T>): Promise<T> {
    const { clock, side } = this.#options;
    return retrying({ clock, signal, side, operation, onRetry: this.#allows }, async (attempt) => {
      const answer = await work(attempt);
      this.#answered = true;
      return answer;
    });
  }

  /** The error, said of this side. */
  named(thrown: unknown, operation: string): FreightlinerError {
    return toFreightlinerError(thrown, operation).at(this.side);
  }

  readonly #allows = (error: FreightlinerError, attempt: number): boolean => {
    if (error.code === "unreachable" && !this.#answered && attempt >= triesOfFirstContact) return false;
    this.#options.onRetry?.(error);
    return true;
  };
}
