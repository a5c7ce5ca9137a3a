// Sign-ins that another process on the same database saved or forgot: heard of within a second.
import type { Store } from "../store/store.ts";
import type { Log } from "./log.ts";

const second = 1000;

export interface SignInsElsewhereOptions {
  readonly store: Pick<Store, "endpoints" | "journal">;
  /** An endpoint's sign-in is another one now, or gone. */
  readonly onChanged: (endpointId: string) => void;
  readonly log: Pick<Log, "error">;
}

/** Reads only where SQLite says that another connection wrote. */
export class SignInsElsewhere {
  readonly #options: SignInsElsewhereOptions;
  #known: ReadonlyMap<string, number> = new Map();
  #version: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SignInsElsewhereOptions) {
    this.#options = options;
  }

  /** From now on; what was before is no news. */
  open(): void {
    this.#known = this.#options.store.endpoints.signIns();
    const look = (): void => {
      try {
        this.look();
      } catch (error) {
        // Nobody catches what a timer throws; the next second tries again.
        this.#options.log.error({ err: error }, "looking for sign-ins of other processes failed");
      }
    };
    this.#timer = setInterval(look, second);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Tells the other processes of one that was saved or forgotten here. */
  tell(endpointId: string): void {
    const count = this.#options.store.endpoints.countSignIn(endpointId);
    this.#known = new Map([...this.#known, [endpointId, count]]);
  }

  /** One was changed in a place that is not ours: it is news here and in other processes. */
  changedOutside(endpointId: string): void {
    this.tell(endpointId);
    this.#options.onChanged(endpointId);
  }

  look(): void {
    const { store, onChanged } = this.#options;
    const version = store.journal.othersWrote();
    if (version === this.#version) return;
    const before = this.#known;
    const now = store.endpoints.signIns();
    this.#version = version;
    this.#known = now;
    for (const [id, count] of now) if (count !== (before.get(id) ?? 0)) onChanged(id);
  }
}
