// Type-ahead: characters typed in quick succession find the next row that starts with them.

const pauseMs = 700;

export class TypeAhead {
  #text = "";
  #at = 0;

  /** Any other key ends the word. */
  reset(): void {
    this.#text = "";
  }

  /** Takes one typed character; returns the row to go to. `label` is undefined for rows that are not there yet. */
  next(
    character: string,
    options: {
      readonly now: number;
      readonly from: number;
      readonly count: number;
      readonly label: (index: number) => string | undefined;
    },
  ): number | undefined {
    const { now, from, count, label } = options;
    const fresh = this.#text === "" || now - this.#at > pauseMs;
    this.#text = fresh ? character : this.#text + character;
    this.#at = now;
    const wanted = this.#text.toLowerCase();
    // The same letter again and again goes through all that start with it.
    const repeated = wanted.length > 1 && [...wanted].every((letter) => letter === wanted[0]);
    const prefix = repeated ? wanted.charAt(0) : wanted;
    const start = wanted.length === 1 || repeated ? from + 1 : from;
    for (let step = 0; step < count; step++) {
      const index = (start + step) % count;
      if (label(index)?.toLowerCase().startsWith(prefix) === true) return index;
    }
    return undefined;
  }
}

/** True for keys that type a character rather than command something. */
export function isTyped(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): boolean {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}
