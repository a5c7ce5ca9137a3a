// Names that are left out of what is given away: each stands everywhere as the same placeholder.

type Kind = "name" | "user" | "folder" | "host";

/** Shorter ones would be found inside of other words; where they stand by themselves they are replaced all the same. */
const shortestInText = 4;

export class Placeholders {
  readonly hide: boolean;
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<Kind, number>();

  constructor(hide: boolean) {
    this.hide = hide;
  }

  readonly name = (text: string): string => this.#placeholder("name", text);
  readonly user = (text: string): string => this.#placeholder("user", text);
  readonly folder = (text: string): string => this.#placeholder("folder", text);
  /** With its port, which says more of the set-up than of whose it is. */
  readonly host = (text: string): string => {
    const [, host = text, port = ""] = /^(.*?)(:\d{1,5})?$/.exec(text) ?? [];
    return this.#placeholder("host", host) + port;
  };

  /** Replaces what is known wherever it stands, the longest first, as one may be part of another. */
  inText(text: string): string {
    if (!this.hide) return text;
    const known = [...this.#known].filter(([name]) => name.length >= shortestInText);
    return known
      .toSorted(([a], [b]) => b.length - a.length)
      .reduce((left, [name, placeholder]) => left.replaceAll(escaped(name), placeholder), text);
  }

  #placeholder(kind: Kind, text: string): string {
    if (!this.hide || text === "") return text;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const placeholder = `<${kind} ${count}>`;
    this.#known.set(text, placeholder);
    return placeholder;
  }
}

/** As it stands inside of JSON text. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
