// Manifests that this process read a moment ago, by digest, so that the run reads nothing twice that its plan has read.
import type { Digest } from "../../shared/digest.ts";
import type { Clock, Manifest } from "./ports.ts";

/** Bytes of manifests that are kept; what was not asked for longest goes first. */
const mostBytes = 32 * 1024 * 1024;
/** What an entry costs beside its bytes. */
const entryBytes = 512;
/**
 * What a digest names never changes, but who may read it does: after so many milliseconds the registry decides anew. A run
 * that outlives the permission for a few minutes reads no more than what it was allowed to read already.
 */
const lifetime = 10 * 60_000;

export interface ManifestPlace {
  /** Who read it, by identity: another sign-in at the same host may be allowed less. */
  readonly endpoint: object;
  readonly repository: string;
  readonly digest: Digest;
}

interface Entry {
  readonly manifest: Manifest;
  readonly at: number;
}

export class ManifestCache {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  readonly #numbers = new WeakMap<object, number>();
  #bytes = 0;
  #endpoints = 0;

  /** @param limit bytes. */
  constructor(clock: Pick<Clock, "monotonic">, limit = mostBytes) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Only what was read from this very repository: whether another has it, too, is for the registry to say. */
  get(place: ManifestPlace): Manifest | undefined {
    const key = this.#keyOf(place);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#drop(key, entry);
    if (this.#clock.monotonic() - entry.at > lifetime) return undefined;
    this.#keep(key, entry);
    return entry.manifest;
  }

  set(place: ManifestPlace, manifest: Manifest): void {
    const key = this.#keyOf(place);
    const earlier = this.#entries.get(key);
    if (earlier !== undefined) this.#drop(key, earlier);
    this.#keep(key, { manifest, at: this.#clock.monotonic() });
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#limit) return;
      this.#drop(oldest, entry);
    }
  }

  #keyOf({ endpoint, repository, digest }: ManifestPlace): string {
    const number = this.#numbers.get(endpoint) ?? ++this.#endpoints;
    this.#numbers.set(endpoint, number);
    return `${number}\n${repository}\n${digest}`;
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(entry);
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= sizeOf(entry);
  }
}

function sizeOf({ manifest }: Entry): number {
  return manifest.bytes.length + entryBytes;
}
