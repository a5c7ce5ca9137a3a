// Tells every window when the place of secrets changes, and lets go on what waited for it.
import type { SecretKeeper } from "../credentials/secret-box/secret-keeper.ts";
import type { Store, StoredEndpoint } from "../store/store.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";
import type { RunQueue } from "./run-queue.ts";

/** Milliseconds between looks at a keychain that could not be had, while a run waits for it. */
const lookInterval = 15_000;

export interface SecretNewsOptions {
  readonly keeper: () => SecretKeeper;
  readonly store: Pick<Store, "endpoints" | "runs">;
  readonly hub: Pick<EventHub, "emit">;
  readonly queue: () => Pick<RunQueue, "resume">;
  /** Tells how an endpoint is seen now. */
  readonly publish: (stored: StoredEndpoint) => void;
  /** False where the program runs only what it was told to. */
  readonly resumes: boolean;
  readonly log: Pick<Log, "info" | "error">;
}

export class SecretNews {
  readonly #options: SecretNewsOptions;
  readonly #closed = new AbortController();
  #pending = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SecretNewsOptions) {
    this.#options = options;
  }

  /** What waited when the program ended last goes on where it can. */
  open(): void {
    this.changed();
    const look = (): void => void this.#resume();
    this.#timer = setInterval(look, lookInterval);
    this.#timer.unref();
  }

  /** Several changes in a row are told once. */
  changed(): void {
    if (this.#pending || this.#closed.signal.aborted) return;
    this.#pending = true;
    setImmediate(() => {
      this.#pending = false;
      void this.#tell();
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closed.abort();
  }

  async #tell(): Promise<void> {
    const { keeper, store, hub, publish, log } = this.#options;
    // A command may be over before its news is due.
    if (this.#closed.signal.aborted) return;
    try {
      const status = await keeper().status();
      if (this.#closed.signal.aborted) return;
      hub.emit("secrets.changed", status);
      // Whether their credentials can be had is part of how they are seen.
      for (const stored of store.endpoints.list()) publish(stored);
    } catch (thrown) {
      if (!this.#closed.signal.aborted)
        log.error({ err: thrown }, "a change of the place of secrets could not be told");
    }
    await this.#resume();
  }

  /** Runs that wait for the secrets go on once one of those can be read. */
  async #resume(): Promise<void> {
    const { keeper, store, queue, resumes, log } = this.#options;
    const { signal } = this.#closed;
    if (!resumes || signal.aborted) return;
    try {
      const waiting = store.runs.open().filter(({ stateReason }) => stateReason === "secrets-locked");
      if (waiting.length === 0 || !(await keeper().canRead(signal)) || signal.aborted) return;
      for (const { id } of waiting) {
        queue().resume(id);
        log.info({ runId: id }, "a run goes on: the saved passwords can be read again");
      }
    } catch (thrown) {
      if (!signal.aborted)
        log.error({ err: thrown }, "runs that waited for the saved passwords did not go on");
    }
  }
}
