// How many requests a host gets at once: slots of several hosts are taken together or not at all.

/** Blob bodies are `bulk`; HEADs, mounts and manifests are `small` and keep a share of every host for themselves. */
export type Lane = "bulk" | "small";

export interface SlotsRequest {
  readonly hosts: readonly string[];
  readonly lane: Lane;
  /** Bytes of a body, where they are known: big ones are begun early. */
  readonly size?: number;
  readonly signal: AbortSignal;
}

interface Host {
  limit: number;
  bulk: number;
  small: number;
}

interface Waiter {
  readonly hosts: readonly string[];
  readonly lane: Lane;
  /** How many that came later were served before it. */
  overtaken: number;
  readonly grant: () => void;
}

/** A waiter that was overtaken so often gets the next slots of its hosts, whoever else waits. */
const patience = 16;

/**
 * Grants are given in the order asked; one that can run may overtake one that waits for another host, but only
 * `patience` times, so nobody starves. Slots are taken all at once, so two that want the same hosts cannot lock each other out.
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
    this.#host(host).limit = atLeastOne(limit);
    this.#serve();
  }

  /** Slots in use. */
  inUse(host: string): { readonly bulk: number; readonly small: number } {
    const { bulk, small } = this.#host(host);
    return { bulk, small };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Waits for one slot of each host (a host named twice counts once); the result gives them back and may be called twice. */
  async acquire(request: SlotsRequest): Promise<() => void> {
    request.signal.throwIfAborted();
    const hosts = [...new Set(request.hosts)];
    await this.#queue(hosts, request.lane, request.signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const name of hosts) this.#host(name)[request.lane]--;
      this.#serve();
    };
  }

  /** Runs `work` in slots of the hosts. */
  async within<T>(request: SlotsRequest, work: () => Promise<T>): Promise<T> {
    const release = await this.acquire(request);
    try {
      return await work();
    } finally {
      release();
    }
  }

  #queue(hosts: readonly string[], lane: Lane, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        hosts,
        lane,
        overtaken: 0,
        grant: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
        // Those that it held up may run now.
        this.#serve();
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiter);
      this.#serve();
    });
  }

  /** One pass in order of arrival; the oldest that is out of patience keeps one slot of each of its hosts. */
  #serve(): void {
    const passed: Waiter[] = [];
    let first: Waiter | undefined;
    for (let at = 0; at < this.#waiting.length; ) {
      const waiter = this.#waiting[at];
      if (waiter === undefined) return;
      if (this.#hasRoom(waiter, first)) {
        this.#waiting.splice(at, 1);
        for (const name of waiter.hosts) this.#host(name)[waiter.lane]++;
        for (const other of passed) if (sharesHost(other, waiter)) other.overtaken++;
        waiter.grant();
        continue;
      }
      passed.push(waiter);
      if (waiter.overtaken >= patience) first ??= waiter;
      at++;
    }
  }

  #hasRoom(waiter: Waiter, first: Waiter | undefined): boolean {
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
      host = { limit: this.#defaultLimit, bulk: 0, small: 0 };
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
