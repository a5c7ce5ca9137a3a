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
    const { endpoints } = this.#options.store;
    const now = endpoints.signIns();
    this.#known = without(now, this.#passOn(endpoints.hearSignIns()));
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

  /** What cannot be passed on, or said to be heard, is news at the next look, too. */
  look(): void {
    const { endpoints, journal } = this.#options.store;
    const version = journal.othersWrote();
    if (version === this.#version) return;
    const now = endpoints.signIns();
    const news = [...now].filter(([id, count]) => count !== (this.#known.get(id) ?? 0)).map(([id]) => id);
    const failed = this.#passOn(news);
    if (news.length > 0 && failed.size === 0) endpoints.hearSignIns();
    this.#known = without(now, failed);
    if (failed.size === 0) this.#version = version;
  }

  /** Those that failed; one does not keep the others from their news. */
  #passOn(ids: readonly string[]): ReadonlySet<string> {
    const { onChanged, log } = this.#options;
    const failed = new Set<string>();
    for (const id of ids) {
      try {
        onChanged(id);
      } catch (error) {
        failed.add(id);
        log.error({ endpointId: id, err: error }, "a sign-in of another process could not be taken over");
      }
    }
    return failed;
  }
}

/** Whoever is told of has a count above 0: one that is unknown is news. */
function without(counts: ReadonlyMap<string, number>, ids: ReadonlySet<string>): Map<string, number> {
  return new Map([...counts].filter(([id]) => !ids.has(id)));
}
