// The images of a run in plan order, read page by page. Those that another run works on wait here and are come back to.
import type { RunImage } from "../../shared/run.ts";

/** Rows read from the journal at once. */
const pageSize = 64;
/** With more that wait, nothing new is begun: they are held in memory. */
const mostWaiting = 256;
/** Milliseconds until a reference that another run holds is tried again; doubled up to the longest. */
const firstPause = 100;
const longestPause = 1000;

export interface Turn {
  readonly image: RunImage;
  /** Milliseconds to wait before it is tried. */
  readonly wait: number;
  /** How often another run held it. */
  readonly held: number;
}

interface Waiting {
  readonly image: RunImage;
  readonly held: number;
  /** On the clock that never jumps. */
  readonly due: number;
}

export class ImageQueue {
  readonly #read: (afterId: number, limit: number) => readonly RunImage[];
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #page: readonly RunImage[] = [];
  #lastId = -1;
  #atEnd = false;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(read: (afterId: number, limit: number) => readonly RunImage[], now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** True once it is known that nothing is left. */
  get isEmpty(): boolean {
    return this.#atEnd && this.#page.length === 0 && this.#waiting.length === 0;
  }

  /** The next image to copy: one that waited long enough, a new one, or the one that waits for longest. Deletes come after them all. */
  turn(): Turn | undefined {
    const now = this.#now();
    const first = this.#waiting[0];
    if (first !== undefined && (first.due <= now || this.#waiting.length >= mostWaiting))
      return this.#again(first, now);
    const image = this.#peek();
    if (image !== undefined && image.action !== "delete") {
      this.#take();
      return { image, wait: 0, held: 0 };
    }
    return first === undefined ? undefined : this.#again(first, now);
  }

  /** Another run works on it. */
  postpone({ image, held }: Turn): void {
    const pause = Math.min(longestPause, firstPause * 2 ** Math.min(held, 10));
    this.#waiting.push({ image, held: held + 1, due: this.#now() + pause });
    this.#waiting.sort((one, other) => one.due - other.due);
  }

  /** The deletes of the next repository, all of them, so that it can be seen which go together; empty at the end. */
  deletes(): readonly RunImage[] {
    const rows: RunImage[] = [];
    for (let row = this.#peek(); row !== undefined; row = this.#peek()) {
      if (rows[0] !== undefined && rows[0].destinationRepository !== row.destinationRepository) break;
      rows.push(row);
      this.#take();
    }
    return rows;
  }

  #again(first: Waiting, now: number): Turn {
    this.#waiting.shift();
    return { image: first.image, wait: Math.max(0, first.due - now), held: first.held };
  }

  #peek(): RunImage | undefined {
    if (this.#page.length === 0 && !this.#atEnd) {
      this.#page = this.#read(this.#lastId, pageSize);
      this.#atEnd = this.#page.length === 0;
    }
    return this.#page[0];
  }

  #take(): void {
    const [image, ...rest] = this.#page;
    this.#page = rest;
    this.#lastId = image?.id ?? this.#lastId;
  }
}
