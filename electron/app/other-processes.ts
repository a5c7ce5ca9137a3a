// What other processes on the same database do to runs, told to the clients of this one.
import type { Run } from "../../shared/run.ts";
import type { Store } from "../store/store.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";

const second = 1000;

export interface OtherProcessesOptions {
  readonly store: Pick<Store, "runs" | "journal">;
  readonly hub: Pick<EventHub, "emit" | "clients" | "onEmit">;
  readonly log: Pick<Log, "error">;
}

/** Looks once a second while somebody listens, and reads only where SQLite says that another connection wrote. */
export class OtherProcesses {
  readonly #options: OtherProcessesOptions;
  /** What was told of each run that is not over. */
  readonly #told = new Map<string, string>();
  /** Every run that this process has told of or seen. */
  #known = new Set<string>();
  #version: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OtherProcessesOptions) {
    this.#options = options;
    options.hub.onEmit((name, data) => {
      if (name === "run.changed") this.#note(data as Run);
      if (name === "run.removed") this.#forget((data as { readonly runId: string }).runId);
    });
  }

  open(): void {
    this.#timer = setInterval(() => {
      try {
        this.look();
      } catch (error) {
        // Nobody catches what a timer throws; the next second tries again.
        this.#options.log.error({ err: error }, "looking for changes of other processes failed");
      }
    }, second);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const { store, hub } = this.#options;
    if (hub.clients === 0) {
      // Who joins reads a snapshot; what changed before is no news.
      this.#version = undefined;
      return;
    }
    const version = store.journal.othersWrote();
    if (version === this.#version) return;
    const first = this.#version === undefined;
    this.#version = version;
    this.#tellChanged(first);
    this.#tellRemoved(first);
  }

  #tellChanged(first: boolean): void {
    const { store, hub } = this.#options;
    const open = store.runs.open();
    const still = new Set(open.map(({ id }) => id));
    // Runs of this process are told by who works on them.
    const own = new Set(store.runs.held().map(({ id }) => id));
    for (const run of open) {
      if (first) this.#note(run);
      else if (!own.has(run.id) && this.#told.get(run.id) !== signatureOf(run)) hub.emit("run.changed", run);
    }
    for (const id of [...this.#told.keys()]) {
      if (still.has(id)) continue;
      this.#told.delete(id);
      const ended = first ? undefined : this.#readable(id);
      if (ended !== undefined) hub.emit("run.changed", ended);
    }
  }

  /** Those that were begun and ended between two looks are told, too. */
  #tellRemoved(first: boolean): void {
    const { store, hub } = this.#options;
    const now = new Set(store.runs.ids());
    if (!first) {
      for (const id of this.#known) if (!now.has(id)) hub.emit("run.removed", { runId: id });
      for (const id of now) {
        const fresh = this.#known.has(id) ? undefined : this.#readable(id);
        if (fresh !== undefined) hub.emit("run.changed", fresh);
      }
    }
    this.#known = now;
  }

  #readable(id: string): Run | undefined {
    const { runs } = this.#options.store;
    try {
      return runs.get(id);
    } catch {
      // Removed meanwhile, or parked: it is told as removed, or shown nowhere.
      return undefined;
    }
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#told.delete(id);
  }

  #note(run: Run): void {
    this.#known.add(run.id);
    const isOver = run.finishedAt !== null;
    if (isOver) this.#told.delete(run.id);
    else this.#told.set(run.id, signatureOf(run));
  }
}

function signatureOf({ state, stateReason, priority, position, spec, plan, tallies }: Run): string {
  return JSON.stringify([state, stateReason, priority, position, spec.options, plan, tallies]);
}
