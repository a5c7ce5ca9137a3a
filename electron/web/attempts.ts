// Failed sign-ins per client: a few are free, then each costs a growing wait.
const freeAttempts = 3;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
/** A client that kept quiet this long starts anew. */
const forgetMs = 15 * 60_000;
/** Clients remembered at once; the oldest are forgotten first. */
const remembered = 1_000;

interface Record {
  failures: number;
  lastMs: number;
  lockedUntilMs: number;
}

export class Attempts {
  readonly #now: () => number;
  readonly #clients = new Map<string, Record>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds that the client must wait before it may try again; 0 where it may try now. */
  waitMs(client: string): number {
    const record = this.#clients.get(client);
    return record === undefined ? 0 : Math.max(0, record.lockedUntilMs - this.#now());
  }

  failed(client: string): void {
    const now = this.#now();
    const known = this.#clients.get(client);
    const failures = known === undefined || now - known.lastMs > forgetMs ? 1 : known.failures + 1;
    const over = failures - freeAttempts;
    const wait = over < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(over, 16));
    this.#clients.delete(client);
    this.#clients.set(client, { failures, lastMs: now, lockedUntilMs: now + wait });
    const oldest = this.#clients.keys().next();
    if (this.#clients.size > remembered && oldest.done !== true) this.#clients.delete(oldest.value);
  }

  succeeded(client: string): void {
    this.#clients.delete(client);
  }
}
