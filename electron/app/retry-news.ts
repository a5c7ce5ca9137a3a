// Tells that a run tries something again: without it a run whose registry is away looks like one that hangs.
import { type FreightlinerError, toWire } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";

/** Milliseconds that tries are gathered before they are told. */
const interval = 1000;

export interface RetryNewsOptions {
  /** The run as it stands. @throws where it was removed. */
  readonly get: (runId: string) => Run;
  readonly publish: (run: Run) => void;
  readonly now: () => number;
}

export class RetryNews {
  readonly #options: RetryNewsOptions;
  readonly #waiting = new Map<string, { readonly timer: NodeJS.Timeout; last: Run["lastRetry"] }>();

  constructor(options: RetryNewsOptions) {
    this.#options = options;
  }

  retried(runId: string, error: FreightlinerError): void {
    const last = { at: this.#options.now(), error: toWire(error) };
    const waiting = this.#waiting.get(runId);
    if (waiting !== undefined) waiting.last = last;
    else this.#waiting.set(runId, { timer: setTimeout(() => this.#tell(runId), interval), last });
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #tell(runId: string): void {
    const last = this.#waiting.get(runId)?.last;
    this.#waiting.delete(runId);
    let run: Run;
    try {
      run = this.#options.get(runId);
    } catch {
      // Removed in the meantime: there is nothing left to tell of.
      return;
    }
    if (run.state === "running" || run.state === "planning")
      this.#options.publish({ ...run, lastRetry: last });
  }
}
