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
  #isHost = false;

  constructor(options: SignInsElsewhereOptions) {
    this.#options = options;
  }

  /** For a host: tells what came while none was open, and from now on what comes. */
  open(): void {
    const { store, onChanged } = this.#options;
    this.#known = store.endpoints.signIns();
    for (const id of store.endpoints.hearSignIns()) onChanged(id);
    this.#isHost = true;
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
    // Here it is heard of anyway; after a command the next host is to hear of it.
    if (this.#isHost) this.#options.store.endpoints.hearSignIns();
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
    const news = [...now].filter(([id, count]) => count !== (before.get(id) ?? 0));
    if (news.length === 0) return;
    store.endpoints.hearSignIns();
    for (const [id] of news) onChanged(id);
  }
}
