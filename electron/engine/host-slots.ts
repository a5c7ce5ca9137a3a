// How many requests a host gets at once: slots of several hosts are taken together or not at all (blocker R005).

/** Blob bodies are `bulk`; HEADs, mounts and manifests are `small` and keep a share of every host for themselves. */
export type Lane = "bulk" | "small";

export interface SlotsRequest {
  readonly hosts: readonly string[];
  readonly lane: Lane;
  /** Bytes of a body, where they are known: big ones are begun early. */
  readonly size?: number;
  readonly signal: AbortSignal;
}

export interface SlotsInUse {
  readonly bulk: number;
  readonly small: number;
}

interface Host {
  limit: number;
  bulk: number;
  small: number;
  /** Of the bulk slots in use those that were given by size. */
  bySize: number;
  waiting: number;
}

interface Waiter {
  readonly hosts: readonly string[];
  readonly lane: Lane;
  readonly size: number;
  /** How many that came later were served before it. */
  overtaken: number;
  readonly grant: (bySize: boolean) => void;
}

/** A waiter that was overtaken so often gets the next slots of its hosts, whoever else waits. */
const patience = 16;
/** Bodies within this share of the largest count as equally large: among them the oldest goes first. */
const nearLargest = 0.9;

/**
 * Grants are given in the order asked, but half of a host's bulk slots go to the largest bodies that wait, so that one big
 * blob is not what everybody waits for in the end. One that can run may overtake one that waits for another host. All that
 * overtaking is counted and ends after `patience` times, so nobody starves. Slots are taken all at once, so two that want
 * the same hosts cannot lock each other out.
 */
export class HostSlots {
  readonly #hosts = new Map<string, Host>();
  readonly #waiting: Waiter[] = [];
  readonly #defaultLimit: number;

  /** @param options.defaultLimit requests at once to a host without a limit of its own, at least 1. */
  constructor(options: { readonly defaultLimit?: number } = {}) {
    this.#defaultLimit = atLeastOne(options.defaultLimit ?? 8);
  }

  /** Requests at once to a host, of both lanes together. What runs above a lowered limit finishes first. */
  setLimit(host: string, limit: number): void {
    const known = this.#host(host);
    if (known.limit === atLeastOne(limit)) return;
    known.limit = limit;
    this.#serve();
  }

  inUse(host: string): SlotsInUse {
    const { bulk, small } = this.#host(host);
    return { bulk, small };
  }

  /** Requests that wait for slots, of one host or of all. */
  waiting(host?: string): number {
    return host === undefined ? this.#waiting.length : this.#host(host).waiting;
  }

  /** Waits for one slot of each host (a host named twice counts once); the result gives them back and may be called twice. */
  async acquire(request: SlotsRequest): Promise<() => void> {
    request.signal.throwIfAborted();
    const hosts = [...new Set(request.hosts)];
    const bySize = await this.#queue(hosts, request);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const name of hosts) {
        const host = this.#host(name);
        host[request.lane]--;
        if (bySize) host.bySize--;
      }
      this.#serve();
    };
  }

  #queue(hosts: readonly string[], { lane, size = 0, signal }: SlotsRequest): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        hosts,
        lane,
        size,
        overtaken: 0,
        grant: (bySize) => {
          signal.removeEventListener("abort", leave);
          resolve(bySize);
        },
      };
      const leave = (): void => {
        this.#remove(waiter);
        reject(signal.reason);
        // Those that it held up may run now.
        this.#serve();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
      for (const name of hosts) this.#host(name).waiting++;
      this.#serve();
    });
  }

  #remove(waiter: Waiter): void {
    this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
    for (const name of waiter.hosts) this.#host(name).waiting--;
  }

  /** Grants as long as there is somebody with room. */
  #serve(): void {
    for (;;) {
      const overdue = this.#waiting.find((waiter) => waiter.overtaken >= patience);
      const next = this.#waiting.find((waiter) => this.#hasRoom(waiter, overdue));
      if (next === undefined) return;
      const large = this.#insteadOf(next, overdue);
      this.#grant(large ?? next, large !== undefined);
    }
  }

  #grant(waiter: Waiter, bySize: boolean): void {
    for (const earlier of this.#waiting) {
      if (earlier === waiter) break;
      if (sharesHost(earlier, waiter)) earlier.overtaken++;
    }
    this.#remove(waiter);
    for (const name of waiter.hosts) {
      const host = this.#host(name);
      host[waiter.lane]++;
      if (bySize) host.bySize++;
    }
    waiter.grant(bySize);
  }

  /** The large body that goes before the oldest one, where the slots for such are not all in use. */
  #insteadOf(oldest: Waiter, overdue: Waiter | undefined): Waiter | undefined {
    if (oldest.lane === "small" || oldest === overdue) return undefined;
    const rivals = this.#waiting.filter(
      (waiter) =>
        waiter.lane === "bulk" &&
        sharesHost(waiter, oldest) &&
        this.#hasRoom(waiter, overdue) &&
        waiter.hosts.every((name) => this.#takesBySize(name)),
    );
    const largest = rivals.reduce((most, { size }) => Math.max(most, size), 0);
    return rivals.find(({ size }) => size >= largest * nearLargest);
  }

  #takesBySize(name: string): boolean {
    const host = this.#host(name);
    return host.bySize < Math.floor(bulkShare(host.limit) / 2);
  }

  /** The oldest that is out of patience keeps one slot of each of its hosts. */
  #hasRoom(waiter: Waiter, overdue: Waiter | undefined): boolean {
    const first = overdue === waiter ? undefined : overdue;
    return waiter.hosts.every((name) => {
      const host = this.#host(name);
      const share = bulkShare(host.limit);
      // A host whose bulk share is used up has nothing to keep; so the small ones always find a slot of their own.
      const keeps = first?.hosts.includes(name) && (first.lane === "small" || host.bulk < share) ? 1 : 0;
      if (host.bulk + host.small + keeps >= host.limit) return false;
      return waiter.lane === "small" || host.bulk + keeps < share;
    });
  }

  #host(name: string): Host {
    let host = this.#hosts.get(name);
    if (host === undefined) {
      host = { limit: this.#defaultLimit, bulk: 0, small: 0, bySize: 0, waiting: 0 };
      this.#hosts.set(name, host);
    }
    return host;
  }
}

/** Of 8 requests at once 6 may be bodies; a host with a single slot shares it. */
function bulkShare(limit: number): number {
  return Math.max(1, limit - Math.ceil(limit / 4));
}

function sharesHost(a: Waiter, b: Waiter): boolean {
  return a.hosts.some((name) => b.hosts.includes(name));
}

function atLeastOne(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new RangeError(`A host's limit must be a whole number of at least 1, not ${limit}.`);
}
