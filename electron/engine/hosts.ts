// The one way every request of the engine goes: each host's slots, limits and measurements, one set per process.
import { HostSlots, type SlotsRequest } from "./host-slots.ts";

export interface HostsOptions {
  /** Requests at once to a host without a limit of its own, at least 1. */
  readonly defaultLimit?: number;
}

export class Hosts {
  readonly #slots: HostSlots;

  constructor(options: HostsOptions = {}) {
    this.#slots = new HostSlots(options);
  }

  /** The most requests at once to a host, of both lanes together. What runs above a lowered limit finishes first. */
  setLimit(host: string, limit: number): void {
    this.#slots.setLimit(host, limit);
  }

  /** Slots in use. */
  inUse(host: string): { readonly bulk: number; readonly small: number } {
    return this.#slots.inUse(host);
  }

  /**
   * Runs one request in slots of its hosts. Of two hosts the source comes first, so that an error that names no side is
   * the last one's.
   */
  within<T>(request: SlotsRequest, work: () => Promise<T>): Promise<T> {
    return this.#slots.within(request, work);
  }
}
