// What a plan saw missing at a destination a moment ago, so that the run which follows at once does not ask for it again.

import type { Place } from "./blob-flights.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Clock, Journal, Reference } from "./ports.ts";

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

interface TagSight {
  readonly writes: string;
  readonly at: number;
  /** As the journal was then. */
  readonly journal: number;
}

/**
 * Kept in this process alone and good for one use: whoever tries again asks. To be wrong is safe, as it only makes something
 * be sent that came there meanwhile; what is said to be *there* is never taken from here.
 */
export class PlanSights {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #journal: Pick<Journal, "othersWrote">;
  readonly #blobs = new BoundedMap<string, number>(mostBlobs);
  readonly #tags = new BoundedMap<string, TagSight>(mostTags);

  constructor(clock: Pick<Clock, "monotonic">, journal: Pick<Journal, "othersWrote">) {
    this.#clock = clock;
    this.#journal = journal;
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
    this.#tags.set(tagKey(at), { writes, at: this.#clock.monotonic(), journal: this.#journal.othersWrote() });
  }

  /**
   * True once, for what was to be written then, and only where none of us can have written the reference since: this process
   * forgets what it writes, and any other leaves its trace in the journal before it lets go of the reference. (Of a blob the
   * journal says by itself that it has come.)
   */
  takeOtherTag(at: TagPlace, writes: string): boolean {
    const seen = this.#tags.get(tagKey(at));
    this.forgetTag(at);
    if (seen?.writes !== writes || seen.journal !== this.#journal.othersWrote()) return false;
    return this.#isFresh(seen.at);
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
