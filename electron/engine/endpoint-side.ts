// One side of a run as the engine asks it: through the host's door, tried again, and every error says which side.
import type { Digest } from "../../shared/digest.ts";
import { type FreightlinerError, type Side, toFreightlinerError } from "../../shared/errors.ts";
import type { Waiter } from "./breaker.ts";
import { verdictOf } from "./host-verdict.ts";
import type { Hosts } from "./hosts.ts";
import type { ManifestCache } from "./manifest-cache.ts";
import type { CallOptions, Clock, ImageSource, Manifest } from "./ports.ts";
import { type Ruling, retrying } from "./retry.ts";

/** A host that never answered this process is given up after so many tries: a wrong address should not look like a slow one. */
const triesOfFirstContact = 3;

export interface EndpointSideOptions<E extends ImageSource> {
  readonly side: Exclude<Side, "local">;
  readonly endpoint: E;
  readonly hosts: Hosts;
  readonly clock: Clock;
  /** Keeps what `manifest` reads; only for a source, as what a destination holds is always asked for. */
  readonly manifests?: ManifestCache;
  /** How long it waits for a host that fails; a call where it is not said. */
  readonly waiter?: Waiter;
  /** The other side's host, which an error of this side's work may be about. */
  readonly otherHost?: string;
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

  get waiter(): Waiter {
    return this.#options.waiter ?? "call";
  }

  /** A small request. */
  ask<T>(
    operation: string,
    signal: AbortSignal,
    work: (endpoint: E, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    return this.retrying(operation, signal, () => this.askOnce(signal, work, operation));
  }

  /** A manifest by its digest, from this process where it read it from there a moment ago. @throws what the endpoint throws. */
  async manifest(repository: string, digest: Digest, signal: AbortSignal): Promise<Manifest> {
    const { manifests } = this.#options;
    const place = { endpoint: this.endpoint, repository, digest };
    const known = manifests?.get(place);
    if (known !== undefined) return known;
    const read = await this.ask("get-manifest", signal, (endpoint, options) =>
      endpoint.getManifest(repository, digest, options),
    );
    // What is served for another digest is somebody else's error and must not be kept.
    if (read.digest === digest) manifests?.set(place, read);
    return read;
  }

  /** A small request in a single try, for those who try again themselves. */
  askOnce<T>(
    signal: AbortSignal,
    work: (endpoint: E, options: CallOptions) => Promise<T>,
    operation?: string,
  ): Promise<T> {
    // Registries with a pull limit count GETs of manifests; HEADs are free (protocol.md 6).
    const counted = operation === "get-manifest";
    const { waiter } = this;
    const request = { hosts: [this.endpoint.host], lane: "small", counted, waiter, signal } as const;
    return this.#options.hosts.within(request, () => work(this.endpoint, { signal }));
  }

  /**
   * A request in a single try for work that holds a slot of this host already: a second one could wait for the first for
   * ever. It is no more patient than a call, as others may need the slots that are held meanwhile.
   */
  askInSlot<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const request = { hosts: [this.endpoint.host], lane: "small", inSlot: true, signal } as const;
    return this.#options.hosts.within(request, work);
  }

  /** Anything else that is tried again; the caller goes through the hosts' doors itself. */
  retrying<T>(
    operation: string,
    signal: AbortSignal,
    work: (attempt: number) => Promise<T>,
    waiter: Waiter = this.waiter,
  ): Promise<T> {
    const { clock, side } = this.#options;
    const rule = (error: FreightlinerError): Ruling => this.#rule(error, waiter);
    const options = { clock, signal, side, operation, onRetry: this.#allows, rule };
    return retrying(options, async (attempt) => {
      const answer = await work(attempt);
      this.#answered = true;
      return answer;
    });
  }

  /** The error, said of this side. */
  named(thrown: unknown, operation: string): FreightlinerError {
    return toFreightlinerError(thrown, operation).at(this.side);
  }

  /** A host that asked for a pause, or that is waited for, uses no tries up; one that was given up ends them. */
  #rule(error: FreightlinerError, waiter: Waiter): Ruling {
    const verdict = verdictOf(error);
    if (verdict === "throttled") return "free";
    if (verdict !== "failed" && verdict !== "timed-out") return "counts";
    switch (this.#options.hosts.outlook(this.#hostOf(error), waiter)) {
      case "up":
        return "counts";
      case "resting":
        return "free";
      case "down":
        return "stop";
    }
  }

  #hostOf(error: FreightlinerError): string {
    return error.side === this.side ? this.endpoint.host : (this.#options.otherHost ?? this.endpoint.host);
  }

  readonly #allows = (error: FreightlinerError, attempt: number): boolean => {
    const { hosts, onRetry } = this.#options;
    const served = this.#answered || hosts.served(this.#hostOf(error));
    if (error.code === "unreachable" && !served && attempt >= triesOfFirstContact) return false;
    onRetry?.(error);
    return true;
  };
}
