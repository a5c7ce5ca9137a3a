// What the engine tells by itself: stores register here for events, progress and gaps.
import type { EventData, EventName, ProgressValue } from "../../shared/contract.ts";

type Listener = (data: never) => void;
type ProgressValues = ReadonlyMap<string, ProgressValue | null>;

const eventListeners = new Map<EventName, Set<Listener>>();
const progressListeners = new Set<(values: ProgressValues) => void>();
const gapListeners = new Set<() => void>();

function register<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => set.delete(item);
}

/** Calls `listener` for each such event; returns the way to stop. */
export function onLive<E extends EventName>(name: E, listener: (data: EventData<E>) => void): () => void {
  const set = eventListeners.get(name) ?? new Set<Listener>();
  eventListeners.set(name, set);
  return register(set, listener as Listener);
}

/** Once per frame at most, with the newest value per key (`progressKey` in shared/contract.ts); null: the key is over. */
export function onProgress(listener: (values: ProgressValues) => void): () => void {
  return register(progressListeners, listener);
}

/** Events were missed (or the connection is new): whatever a store shows must be read again. */
export function onGap(listener: () => void): () => void {
  return register(gapListeners, listener);
}

export function emitEvent<E extends EventName>(name: E, data: EventData<E>): void {
  for (const listener of eventListeners.get(name) ?? []) listener(data as never);
}

export function emitGap(): void {
  for (const listener of gapListeners) listener();
}

/**
 * Collects progress until the next frame is drawn and grants the host its next batches only then:
 * a page that is hidden or slow asks for nothing, and the host keeps the newest value per key.
 */
export class ProgressFrame {
  readonly #nextFrame: (draw: () => void) => void;
  readonly #credit: (batches: number) => void;
  #values = new Map<string, ProgressValue | null>();
  #batches = 0;

  constructor(options: {
    readonly nextFrame: (draw: () => void) => void;
    readonly credit: (batches: number) => void;
  }) {
    this.#nextFrame = options.nextFrame;
    this.#credit = options.credit;
  }

  add(values: readonly (readonly [string, ProgressValue | null])[]): void {
    for (const [key, value] of values) this.#values.set(key, value);
    this.#batches++;
    if (this.#batches === 1) this.#nextFrame(() => this.#draw());
  }

  #draw(): void {
    const values = this.#values;
    const batches = this.#batches;
    this.#values = new Map();
    this.#batches = 0;
    for (const listener of progressListeners) listener(values);
    this.#credit(batches);
  }
}
