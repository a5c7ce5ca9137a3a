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
  /** Counts arrivals. */
  readonly number: number;
  readonly size: number;
  /** How many that came later were served before it. */
  overtaken: number;
  readonly grant: (bySize: boolean) => void;
}

/** Those that wait for the same hosts in the same lane, oldest first: where one has room, all have. */
interface Line {
  readonly key: string;
  readonly hosts: readonly string[];
  readonly lane: Lane;
  readonly waiters: Waiter[];
}

interface Place {
  readonly line: Line;
  readonly waiter: Waiter;
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
  readonly #lines = new Map<string, Line>();
  readonly #defaultLimit: number;
  #arrivals = 0;

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
    if (host !== undefined) return this.#host(host).waiting;
    return [...this.#lines.values()].reduce((sum, { waiters }) => sum + waiters.length, 0);
  }

  /** Waits for one slot of each host (a host named twice counts once); the result gives them back and may be called twice. */
  async acquire(request: SlotsRequest): Promise<() => void> {
    request.signal.throwIfAborted();
    const hosts = [...new Set(request.hosts)];
    const bySize = !this.#takeFree(hosts, request.lane) && (await this.#queue(hosts, request));
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

  /** Where nobody waits for these hosts there is no order to keep. */
  #takeFree(hosts: readonly string[], lane: Lane): boolean {
    if (hosts.some((name) => this.#host(name).waiting > 0)) return false;
    if (!this.#hasRoom({ hosts, lane }, undefined)) return false;
    for (const name of hosts) this.#host(name)[lane]++;
    return true;
  }

  #queue(hosts: readonly string[], { lane, size = 0, signal }: SlotsRequest): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const line = this.#line(hosts, lane);
      const waiter: Waiter = {
        number: this.#arrivals++,
        size,
        overtaken: 0,
        grant: (bySize) => {
          signal.removeEventListener("abort", leave);
          resolve(bySize);
        },
      };
      const leave = (): void => {
        this.#remove({ line, waiter });
        reject(signal.reason);
        // Those that it held up may run now.
        this.#serve();
      };
      signal.addEventListener("abort", leave, { once: true });
      line.waiters.push(waiter);
      for (const name of hosts) this.#host(name).waiting++;
      this.#serve();
    });
  }

  #line(hosts: readonly string[], lane: Lane): Line {
    const key = `${lane} ${hosts.join("\n")}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = { key, hosts, lane, waiters: [] };
      this.#lines.set(key, line);
    }
    return line;
  }

  #remove({ line, waiter }: Place): void {
    line.waiters.splice(line.waiters.indexOf(waiter), 1);
    if (line.waiters.length === 0) this.#lines.delete(line.key);
    for (const name of line.hosts) this.#host(name).waiting--;
  }

  /** Grants as long as there is somebody with room. */
  #serve(): void {
    for (;;) {
      const overdue = this.#oldest(({ overtaken }) => overtaken >= patience);
      const next = this.#oldest((_, line) => this.#hasRoom(line, overdue));
      if (next === undefined) return;
      const large = this.#insteadOf(next, overdue);
      this.#grant(large ?? next, large !== undefined);
    }
  }

  /** The first of a line was overtaken most of it, so the firsts are all that need to be looked at. */
  #oldest(isMeant: (first: Waiter, line: Line) => boolean): Place | undefined {
    let oldest: Place | undefined;
    for (const line of this.#lines.values()) {
      const [waiter] = line.waiters;
      if (waiter === undefined || (oldest !== undefined && oldest.waiter.number < waiter.number)) continue;
      if (isMeant(waiter, line)) oldest = { line, waiter };
    }
    return oldest;
  }

  #grant(place: Place, bySize: boolean): void {
    const { line, waiter } = place;
    for (const other of this.#lines.values()) {
      if (!sharesHost(other, line)) continue;
      for (const earlier of other.waiters) {
        if (earlier.number >= waiter.number) break;
        earlier.overtaken++;
      }
    }
    this.#remove(place);
    for (const name of line.hosts) {
      const host = this.#host(name);
      host[line.lane]++;
      if (bySize) host.bySize++;
    }
    waiter.grant(bySize);
  }

  /** The large body that goes before the oldest one, where the slots for such are not all in use. */
  #insteadOf(oldest: Place, overdue: Place | undefined): Place | undefined {
    if (oldest.line.lane === "small" || oldest.waiter === overdue?.waiter) return undefined;
    const lines = [...this.#lines.values()].filter(
      (line) =>
        line.lane === "bulk" &&
        // What is kept for the one that is out of patience is not for others of its line.
        line !== overdue?.line &&
        sharesHost(line, oldest.line) &&
        line.hosts.every((name) => this.#takesBySize(name)) &&
        this.#hasRoom(line, overdue),
    );
    let largest = 0;
    for (const { waiters } of lines) for (const { size } of waiters) largest = Math.max(largest, size);
    let found: Place | undefined;
    for (const line of lines) {
      const waiter = line.waiters.find(({ size }) => size >= largest * nearLargest);
      if (waiter !== undefined && (found === undefined || waiter.number < found.waiter.number))
        found = { line, waiter };
    }
    return found;
  }

  #takesBySize(name: string): boolean {
    const host = this.#host(name);
    return host.bySize < Math.floor(bulkShare(host.limit) / 2);
  }

  /** The oldest that is out of patience keeps one slot of each of its hosts. */
  #hasRoom(line: Pick<Line, "hosts" | "lane">, overdue: Place | undefined): boolean {
    const first = overdue?.line === line ? undefined : overdue?.line;
    return line.hosts.every((name) => {
      const host = this.#host(name);
      const share = bulkShare(host.limit);
      // A host whose bulk share is used up has nothing to keep; so the small ones always find a slot of their own.
      const keeps = first?.hosts.includes(name) && (first.lane === "small" || host.bulk < share) ? 1 : 0;
      if (host.bulk + host.small + keeps >= host.limit) return false;
      return line.lane === "small" || host.bulk + keeps < share;
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

function sharesHost(a: Line, b: Line): boolean {
  return a.hosts.some((name) => b.hosts.includes(name));
}

function atLeastOne(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new RangeError(`A host's limit must be a whole number of at least 1, not ${limit}.`);
}
