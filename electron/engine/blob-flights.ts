// One flight per blob and destination, shared by all runs of the process, and what was learnt about mounting on the way.
import type { Digest } from "../../shared/digest.ts";
import { BoundedMap } from "./bounded-map.ts";
import { KeyedLock } from "./keyed-lock.ts";
import type { Clock } from "./ports.ts";

/** Places remembered for each digest; the newest are tried. */
const placesPerDigest = 3;
/** A place seen longer ago may have been collected; the destination is asked again. Milliseconds. */
const placeLifetime = 10 * 60_000;
/** After so many refusals without one success a host is taken for one that does not mount. */
const refusalsAllowed = 4;
/** Then it is left alone for so long, in milliseconds. */
const refusalPause = 5 * 60_000;

interface MountRecord {
  refusals: number;
  lastAt: number;
}

/**
 * distribution 2.8 answers 400 to a manifest when two uploads of one digest race in one repository, so a digest is brought
 * to a repository once at a time; and a second repository waits for the first upload where it can mount from it afterwards.
 */
export class BlobFlights {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #arrivals = new KeyedLock();
  readonly #uploads = new KeyedLock();
  readonly #manifests = new KeyedLock();
  readonly #referrers = new KeyedLock();
  readonly #places = new BoundedMap<string, ReadonlyMap<string, number>>(100_000);
  readonly #mounts = new BoundedMap<string, MountRecord>(1_000);
  readonly #refused = new BoundedMap<string, true>(100_000);

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Only one at a time brings a digest into a repository. */
  arrive<T>(at: Place, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#arrivals.within(`${at.host}\n${at.repository}\n${at.digest}`, signal, work);
  }

  /** Only one at a time uploads a digest to a host. */
  upload<T>(at: Omit<Place, "repository">, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#uploads.within(`${at.host}\n${at.digest}`, signal, work);
  }

  /** Only one at a time writes a manifest's bytes to a host: two first writers truncate each other's file on distribution 2.8. */
  writeManifest<T>(at: Omit<Place, "repository">, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#manifests.within(`${at.host}\n${at.digest}`, signal, work);
  }

  /** Only one at a time adds to the list of what refers to a manifest. */
  mergeReferrers<T>(of: Place, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#referrers.within(placeKey(of), signal, work);
  }

  /** Notes that the destination has just said that the blob is there. */
  seen(at: Place): void {
    const key = `${at.host}\n${at.digest}`;
    const places = new Map(this.#places.get(key));
    places.delete(at.repository);
    places.set(at.repository, this.#clock.monotonic());
    while (places.size > placesPerDigest) places.delete(places.keys().next().value ?? "");
    this.#places.set(key, places);
  }

  /** Notes that the destination turned out not to have it. */
  missed(at: Place): void {
    const key = `${at.host}\n${at.digest}`;
    const places = new Map(this.#places.get(key));
    if (places.delete(at.repository)) this.#places.set(key, places);
  }

  /** True where this process saw the blob there within the last minutes. */
  wasSeen(at: Place): boolean {
    return this.placesOf(at.host, at.digest).includes(at.repository);
  }

  /** Repositories of the host that held the blob within the last minutes, newest first. */
  placesOf(host: string, digest: Digest): readonly string[] {
    const oldest = this.#clock.monotonic() - placeLifetime;
    const places = [...(this.#places.get(`${host}\n${digest}`) ?? [])];
    return places
      .filter(([, at]) => at >= oldest)
      .map(([repository]) => repository)
      .reverse();
  }

  /** False where this host has refused often enough, or has refused this very mount. */
  mayMount(from: Place): boolean {
    return this.mountsAt(from.host) && this.#refused.get(placeKey(from)) === undefined;
  }

  /** False while the host is taken for one that does not mount. */
  mountsAt(host: string): boolean {
    const record = this.#mounts.get(host);
    return (
      record === undefined ||
      record.refusals < refusalsAllowed ||
      this.#clock.monotonic() - record.lastAt > refusalPause
    );
  }

  /**
   * Remembers how a mount went. A refusal says something of the host only where the blob was `certain` to be there: what was
   * remembered of an earlier run may have been deleted since.
   */
  mounted(from: Place, accepted: boolean, certain: boolean): void {
    if (!accepted) this.#refused.set(placeKey(from), true);
    if (!accepted && !certain) return;
    const refusals = accepted ? 0 : (this.#mounts.get(from.host)?.refusals ?? 0) + 1;
    this.#mounts.set(from.host, { refusals, lastAt: this.#clock.monotonic() });
  }
}

/** A blob in a repository of a host. */
export interface Place {
  readonly host: string;
  readonly repository: string;
  readonly digest: Digest;
}

function placeKey(place: Place): string {
  return `${place.host}\n${place.repository}\n${place.digest}`;
}
