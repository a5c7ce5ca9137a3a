// What a plan saw missing at a destination a moment ago, so that the run which follows at once does not ask for it again.

import type { Place } from "./blob-flights.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Clock, Reference } from "./ports.ts";

/** Later the destination is asked again. Milliseconds. */
const lifetime = 60_000;
const mostBlobs = 50_000;
const mostTags = 20_000;

/** A reference in a repository of a host. */
export interface TagPlace {
  readonly host: string;
  readonly repository: string;
  readonly reference: Reference;
}

/**
 * Kept in this process alone and good for one use: whoever tries again asks. To be wrong is safe, as it only makes something
 * be sent that came there meanwhile; what is said to be *there* is never taken from here.
 */
export class PlanSights {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #blobs = new BoundedMap<string, number>(mostBlobs);
  readonly #tags = new BoundedMap<string, { readonly writes: string; readonly at: number }>(mostTags);

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** The destination has just said that it does not have the blob. */
  sawNoBlob(at: Place): void {
    this.#blobs.set(blobKey(at), this.#clock.monotonic());
  }

  /** True once, and only a moment after it was seen. */
  takeNoBlob(at: Place): boolean {
    const key = blobKey(at);
    const seen = this.#blobs.get(key);
    this.#blobs.delete(key);
    return this.#isFresh(seen);
  }

  /** The reference has just been seen to point at nothing, or at something else than what is to be written. */
  sawOtherTag(at: TagPlace, writes: string): void {
    this.#tags.set(tagKey(at), { writes, at: this.#clock.monotonic() });
  }

  /** True once, for what was to be written then, and only where nobody here has written the reference since. */
  takeOtherTag(at: TagPlace, writes: string): boolean {
    const seen = this.#tags.get(tagKey(at));
    this.forgetTag(at);
    return seen?.writes === writes && this.#isFresh(seen.at);
  }

  forgetTag(at: TagPlace): void {
    this.#tags.delete(tagKey(at));
  }

  #isFresh(at: number | undefined): boolean {
    return at !== undefined && this.#clock.monotonic() - at <= lifetime;
  }
}

function blobKey({ host, repository, digest }: Place): string {
  return `${host}\n${repository}\n${digest}`;
}

function tagKey({ host, repository, reference }: TagPlace): string {
  return `${host}\n${repository}\n${reference}`;
}
