// Waits for a run to reach a state: told by events, and looking again by itself in case one was missed.
import type { ContractClient } from "../../shared/client.ts";
import type { EventData, EventName, ProgressValue } from "../../shared/contract.ts";
import type { Run } from "../../shared/run.ts";

/** Milliseconds between two looks where no event comes. */
const lookAgainMs = 1_000;

export interface RunListener {
  onEvent<E extends EventName>(name: E, data: EventData<E>): void;
  onProgress(values: readonly (readonly [string, ProgressValue | null])[]): void;
}

export class RunWatch {
  readonly #client: ContractClient;
  readonly #listeners = new Set<RunListener>();
  #news = 0;
  #wake: () => void = () => {};

  /** Subscribes at once, so that nothing which is started afterwards can be missed. */
  constructor(client: ContractClient) {
    this.#client = client;
    client.subscribe({
      onEvent: (name, data) => {
        for (const listener of this.#listeners) listener.onEvent(name, data);
        if (name === "run.changed") this.#tell();
      },
      onProgress: (values) => {
        for (const listener of this.#listeners) listener.onProgress(values);
        client.credit(1);
      },
      onGap: () => this.#tell(),
      onClose: () => this.#tell(),
    });
  }

  listen(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the run as soon as `reached` holds; rejects with the call's error, or `cancelled` by the signal. */
  async until(runId: string, reached: (run: Run) => boolean, signal?: AbortSignal): Promise<Run> {
    const onAbort = (): void => this.#tell();
    signal?.addEventListener("abort", onAbort);
    try {
      for (;;) {
        const seen = this.#news;
        const run = await this.#client.call("runs.get", { runId }, signal);
        if (reached(run)) return run;
        if (seen === this.#news) await this.#nextNews();
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  #tell(): void {
    this.#news++;
    this.#wake();
  }

  async #nextNews(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookAgainMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
