// Finds in the text of a JSON document what parsers disagree about: a key that comes twice, and nesting without end.

/** Deeper than any manifest; parsers that call themselves run out of stack far below what fits into a manifest's bytes. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const brace = 0x7b;
const braceEnd = 0x7d;
const bracket = 0x5b;
const bracketEnd = 0x5d;

/**
 * What is wrong with it, as the end of a sentence; undefined where nothing is. Of two keys JavaScript takes the last, others
 * the first; and Go, in which registries are written, does not tell upper case from lower: a registry would read another
 * image than we do (protocol.md 8, row 25).
 * @param text JSON that a parser has accepted.
 * @param keys the keys that must be clear, wherever they stand.
 */
export function structureFault(text: string, keys: ReadonlySet<string>): string | undefined {
  const watched = new Map([...keys].map((key) => [key.toLowerCase(), key]));
  /** One for every object or list that is open; lists hold no keys. */
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === brace || code === bracket) {
      if (open.length >= deepest) return `nests deeper than ${deepest} levels`;
      open.push(new Set());
    } else if (code === braceEnd || code === bracketEnd) open.pop();
    else if (code === quote) {
      const end = endOfString(text, at);
      if (isKey(text, end)) {
        const key = watched.get(nameOf(text.slice(at, end)));
        const seen = open.at(-1);
        if (key !== undefined && seen?.has(key) === true) return `holds the key "${key}" twice`;
        if (key !== undefined) seen?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The place behind the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at + 1;
}

function isKey(text: string, behind: number): boolean {
  let at = behind;
  while (at < text.length && text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === colon;
}

/** In lower case; an escaped letter is the letter. Longer than any key that is looked for = not looked at. */
function nameOf(literal: string): string {
  if (literal.length > 200) return "";
  const name: unknown = literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
  return typeof name === "string" ? name.toLowerCase() : "";
}
