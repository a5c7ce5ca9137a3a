// News on its way up: numbered state events that are never dropped, and progress merged to the latest value per key.
import { type EventData, type EventName, events, type ProgressValue } from "../../shared/contract.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";

/** Progress goes out at most this often, in milliseconds. */
const progressInterval = 100;
/** A client with more bytes than this on their way is given nothing more until it has read some. */
const pendingLimit = 1024 * 1024;
/** Events kept for clients that come back or fall behind; beyond that they read a snapshot. */
const keptEvents = 4096;
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

export class EventHub {
  readonly #onBroken: (error: unknown) => void;
  readonly #clients = new Set<Client>();
  readonly #kept: { readonly seq: number; readonly name: string; readonly data: unknown }[] = [];
  /** What a client that joins in mid-run is shown at once. */
  readonly #latest = new Map<string, ProgressValue>();
  #seq = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onBroken` is told of what a client's pipe threw; that client is let go, and neither a run nor the others notice. */
  constructor(onBroken: (error: unknown) => void = () => {}) {
    this.#onBroken = onBroken;
  }

  /** Numbers a state event and sends it to every client that keeps up. */
  emit<E extends EventName>(name: E, data: EventData<E>): void {
    const seq = ++this.#seq;
    // Parsed once here, so that nothing leaves which the contract does not name.
    this.#kept.push({ seq, name, data: events[name].parse(data) });
    if (this.#kept.length > keptEvents) this.#kept.splice(0, this.#kept.length - keptEvents);
    for (const client of this.#clients) this.#sendEvents(client);
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
      const event = this.#kept[client.sentSeq + 1 - this.#oldest()];
      if (event === undefined) return;
      client.sentSeq = event.seq;
      if (!this.#send(client, { t: "event", ...event })) return;
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
