// News on its way up: numbered state events that are never dropped, and progress merged to the latest value per key.
import { type EventData, type EventName, events, type ProgressValue } from "../../shared/contract.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";

/** Progress goes out at most this often, in milliseconds. */
const progressInterval = 100;
/** A client with more bytes than this on their way is given nothing more until it has read some. */
const pendingLimit = 1024 * 1024;
/** Events kept for clients that come back or fall behind; beyond that they read a snapshot. */
const keptEvents = 4096;
/** Names of repositories and tags that all kept events may hold together: a run can name 100 000, and changes often. */
const keptNames = 1_000_000;
/** Batches that a client may grant ahead. */
const creditLimit = 64;

export interface Subscriber {
  /** The client has room for further progress batches. */
  grant(batches: number): void;
  leave(): void;
}

interface Client {
  readonly pipe: FramePipe<HostFrame>;
  readonly dirty: Map<string, ProgressValue | null>;
  credits: number;
  sentSeq: number;
}

interface KeptEvent {
  readonly seq: number;
  readonly names: number;
  readonly event: { readonly seq: number; readonly name: string; readonly data: unknown };
}

export class EventHub {
  readonly #onBroken: (error: unknown) => void;
  readonly #clients = new Set<Client>();
  readonly #kept: KeptEvent[] = [];
  readonly #listeners: ((name: EventName, data: unknown) => void)[] = [];
  #namesKept = 0;
  /** What a client that joins in mid-run is shown at once. */
  readonly #latest = new Map<string, ProgressValue>();
  #seq = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onBroken` is told of what a client's pipe threw; that client is let go, and neither a run nor the others notice. */
  constructor(onBroken: (error: unknown) => void = () => {}) {
    this.#onBroken = onBroken;
  }

  /** Called with every event of this process. */
  onEmit(listener: (name: EventName, data: unknown) => void): void {
    this.#listeners.push(listener);
  }

  /** Numbers a state event and sends it to every client that keeps up. */
  emit<E extends EventName>(name: E, data: EventData<E>): void {
    const seq = ++this.#seq;
    // Parsed once here, so that nothing leaves which the contract does not name.
    const parsed = events[name].parse(data);
    const names = namesIn(parsed);
    this.#kept.push({ seq, names, event: { seq, name, data: parsed } });
    this.#namesKept += names;
    this.#forgetOldest();
    for (const listener of this.#listeners) listener(name, parsed);
    for (const client of this.#clients) this.#sendEvents(client);
  }

  /** The newest stays, whatever it holds. */
  #forgetOldest(): void {
    while (this.#kept.length > keptEvents || (this.#namesKept > keptNames && this.#kept.length > 1)) {
      this.#namesKept -= this.#kept.shift()?.names ?? 0;
    }
  }

  /** Notes the newest value of a key; null says that the key is over. Never sends by itself. */
  progress(key: string, value: ProgressValue | null): void {
    if (value === null) this.#latest.delete(key);
    else this.#latest.set(key, value);
    for (const client of this.#clients) client.dirty.set(key, value);
    if (this.#clients.size > 0) this.#wake();
  }

  /** Adds a client. `since` is the last event that it has seen; what it missed is sent, or it is told of a gap. */
  join(pipe: FramePipe<HostFrame>, since: number | undefined): Subscriber {
    const known = since === undefined || (since <= this.#seq && since + 1 >= this.#oldest());
    const from = since !== undefined && known ? since : this.#seq;
    const client: Client = { pipe, dirty: new Map(this.#latest), credits: 0, sentSeq: from };
    this.#clients.add(client);
    this.#send(client, { t: "subscribed", seq: from, gap: !known });
    this.#sendEvents(client);
    return {
      grant: (batches) => {
        client.credits = Math.min(creditLimit, client.credits + batches);
        if (client.dirty.size > 0) this.#wake();
      },
      leave: () => void this.#clients.delete(client),
    };
  }

  get clients(): number {
    return this.#clients.size;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#clients.clear();
  }

  #oldest(): number {
    return this.#kept[0]?.seq ?? this.#seq + 1;
  }

  #sendEvents(client: Client): void {
    while (client.sentSeq < this.#seq) {
      if ((client.pipe.pending?.() ?? 0) > pendingLimit) {
        this.#wake();
        return;
      }
      if (client.sentSeq + 1 < this.#oldest()) {
        client.sentSeq = this.#seq;
        this.#send(client, { t: "subscribed", seq: this.#seq, gap: true });
        return;
      }
      const kept = this.#kept[client.sentSeq + 1 - this.#oldest()];
      if (kept === undefined) return;
      client.sentSeq = kept.seq;
      if (!this.#send(client, { t: "event", ...kept.event })) return;
    }
  }

  #send(client: Client, frame: HostFrame): boolean {
    try {
      client.pipe.send(frame);
      return true;
    } catch (thrown) {
      this.#clients.delete(client);
      this.#onBroken(thrown);
      return false;
    }
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => this.#flush(), progressInterval);
  }

  #flush(): void {
    this.#timer = undefined;
    for (const client of this.#clients) {
      this.#sendEvents(client);
      const full = (client.pipe.pending?.() ?? 0) > pendingLimit;
      if (full) this.#wake();
      if (full || client.credits === 0 || client.dirty.size === 0) continue;
      client.credits--;
      const values = [...client.dirty];
      client.dirty.clear();
      this.#send(client, { t: "progress", values });
    }
  }
}

/** How many names stand in the selection of a run or job. */
function namesIn(data: EventData<EventName>): number {
  if (!("spec" in data)) return 0;
  const counts = data.spec.selection.map((item) =>
    item.kind === "repositories" ? item.names.length + item.tags.names.length : 1,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
