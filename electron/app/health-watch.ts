// Learns from ordinary work how an endpoint is: a listing that fails turns its dot, one that works turns it back.
import type { CheckStep, EndpointHealth } from "../../shared/endpoint.ts";
import { FreightlinerError, toWire } from "../../shared/errors.ts";
import type { Store, StoredEndpoint } from "../store/store.ts";

export interface HealthWatchOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly publish: (stored: StoredEndpoint) => void;
}

export class HealthWatch {
  readonly #options: HealthWatchOptions;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /** Does some work with an endpoint and notes what it says about it; the outcome is the work's own. */
  async during<T>(endpointId: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#note(endpointId, { state: "ok", steps: [] });
      return result;
    } catch (thrown) {
      const health = thrown instanceof FreightlinerError ? healthAfter(thrown) : undefined;
      if (health !== undefined) this.#note(endpointId, health);
      throw thrown;
    }
  }

  #note(endpointId: string, seen: Pick<EndpointHealth, "state" | "steps">): void {
    const { store, now, publish } = this.#options;
    const stored = store.endpoints.list().find((endpoint) => endpoint.id === endpointId);
    // Removed meanwhile, or nothing new: an answer does not replace the steps of a full check.
    if (stored === undefined || stored.health.state === seen.state) return;
    const changed = { ...stored, health: { ...seen, checkedAt: now() } };
    store.endpoints.update(changed);
    publish(changed);
  }
}

/** What an error says about the endpoint itself; undefined where it is about what was asked for. */
function healthAfter(error: FreightlinerError): Pick<EndpointHealth, "state" | "steps"> | undefined {
  const step = (name: CheckStep["name"]): CheckStep => ({
    name,
    outcome: "failed",
    text: error.message,
    error: toWire(error),
  });
  switch (error.code) {
    case "unauthorized":
      return { state: "needs-sign-in", steps: [step("sign-in")] };
    case "unreachable":
    case "tls":
    case "timeout":
      return { state: "failing", steps: [step("reachable")] };
    default:
      return undefined;
  }
}
