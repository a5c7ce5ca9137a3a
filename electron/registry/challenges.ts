// Reads WWW-Authenticate: several headers, several challenges in one, quoted values. RFC 9110 section 11.6.1.
export interface Challenge {
  /** Lower case: "basic", "bearer". */
  readonly scheme: string;
  /** Names in lower case; the first of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
/** Wider than the grammar: unquoted URLs are met in the field. */
const unquoted = /[^\s,"]+/y;
const space = /[ \t]*/y;
const separators = /[ \t,]*/y;
/** A challenge longer than this is not read. */
const limit = 16_384;

class Scanner {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match === undefined) return undefined;
    this.at += match.length;
    return match;
  }
  quoted(): string {
    let value = "";
    this.at += 1;
    while (this.at < this.text.length && this.text[this.at] !== '"') {
      if (this.text[this.at] === "\\") this.at += 1;
      value += this.text[this.at] ?? "";
      this.at += 1;
    }
    this.at += 1;
    return value;
  }
  value(): string {
    this.take(space);
    return this.text[this.at] === '"' ? this.quoted() : (this.take(unquoted) ?? "");
  }
}

/** `name = value` at this place, or undefined and the place unchanged: then a new challenge begins here. */
function parameter(scanner: Scanner): readonly [string, string] | undefined {
  const start = scanner.at;
  const name = scanner.take(token);
  if (name !== undefined) {
    scanner.take(space);
    if (scanner.text[scanner.at] === "=" && scanner.text[scanner.at + 1] !== "=") {
      scanner.at += 1;
      return [name.toLowerCase(), scanner.value()];
    }
  }
  scanner.at = start;
  return undefined;
}

function scan(header: string): Challenge[] {
  const scanner = new Scanner(header.slice(0, limit));
  const challenges: Challenge[] = [];
  while (scanner.at < scanner.text.length) {
    scanner.take(separators);
    const scheme = scanner.take(token);
    if (scheme === undefined) {
      // Something that is no challenge: go on behind it rather than for ever.
      scanner.at += 1;
      continue;
    }
    const parameters = new Map<string, string>();
    for (;;) {
      scanner.take(separators);
      const found = parameter(scanner);
      if (found === undefined) break;
      if (!parameters.has(found[0])) parameters.set(found[0], found[1]);
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
  return challenges;
}

/** All challenges of all header values, in their order. Never throws: what cannot be read is left out. */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  return headers.flatMap(scan);
}

/** The one to answer: Bearer where offered with a realm, else Basic. */
export function chooseChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return (
    challenges.find((one) => one.scheme === "bearer" && one.parameters.has("realm")) ??
    challenges.find((one) => one.scheme === "basic")
  );
}
