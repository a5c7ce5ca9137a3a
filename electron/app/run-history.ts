// The history of runs: cleared when somebody asks, and of runs older than the settings say, looked at every hour.
import { setImmediate } from "node:timers/promises";
import { readSetting } from "../../shared/settings.ts";
import type { EndedRuns, Store } from "../store/store.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** Runs per transaction: one can hold 100 000 images, and others want to write, too. */
const batchSize = 10;

export interface RunHistoryOptions {
  readonly store: Pick<Store, "runs" | "settings">;
  readonly hub: Pick<EventHub, "emit">;
  readonly log: Pick<Log, "info" | "error">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class RunHistory {
  readonly #options: RunHistoryOptions;
  readonly #closed = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunHistoryOptions) {
    this.#options = options;
  }

  open(): void {
    void this.#tidy();
    this.#timer = setInterval(() => void this.#tidy(), hour);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closed.abort();
  }

  /** Returns how many were removed. */
  async clear(which: EndedRuns, signal: AbortSignal): Promise<number> {
    const { store, hub } = this.#options;
    let removed = 0;
    for (;;) {
      signal.throwIfAborted();
      const gone = store.runs.removeEnded(which, batchSize);
      for (const runId of gone) hub.emit("run.removed", { runId });
      removed += gone.length;
      if (gone.length < batchSize) return removed;
      await setImmediate();
    }
  }

  async #tidy(): Promise<void> {
    const { store, log, now } = this.#options;
    try {
      const days = readSetting(store.settings.all(), "historyDays");
      if (days === null) return;
      const removed = await this.clear({ before: now() - days * day }, this.#closed.signal);
      if (removed > 0) log.info({ removed, days }, "removed old runs from the history");
    } catch (error) {
      // Nobody catches what a timer throws; the next hour tries again.
      if (!this.#closed.signal.aborted) log.error({ err: error }, "removing old runs failed");
    }
  }
}
