// One question of a probe: bounded by its own deadline and the probe's, and never more than an answer or an error.
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import { untilAborted } from "./shared-work.ts";

export type Outcome<T> = { readonly value: T } | { readonly error: FreightlinerError };

export interface ProbeLimits {
  /** Milliseconds for one question. */
  readonly stepMs: number;
  /** Milliseconds for all of them; those that are asked later have `leastMs` each, as cleaning up comes last. */
  readonly totalMs: number;
}

/** Milliseconds. */
const leastMs = 4000;

export class ProbeStep {
  readonly #signal: AbortSignal;
  readonly #limits: ProbeLimits;
  readonly #began = performance.now();

  constructor(signal: AbortSignal, limits: ProbeLimits) {
    this.#signal = signal;
    this.#limits = limits;
  }

  /** @throws only the reason of the signal that the probe was given. */
  async run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    this.#signal.throwIfAborted();
    const { stepMs, totalMs } = this.#limits;
    const left = totalMs - (performance.now() - this.#began);
    const ms = Math.max(Math.min(stepMs, left), Math.min(stepMs, leastMs));
    const deadline = AbortSignal.timeout(ms);
    const signal = AbortSignal.any([this.#signal, deadline]);
    try {
      return { value: await untilAborted(work(signal), signal) };
    } catch (thrown) {
      this.#signal.throwIfAborted();
      if (!deadline.aborted) return { error: toFreightlinerError(thrown, "probe") };
      const message = `The registry did not answer within ${Math.ceil(ms / 1000)} s.`;
      return { error: new FreightlinerError({ code: "timeout", operation: "probe", message }) };
    }
  }
}
