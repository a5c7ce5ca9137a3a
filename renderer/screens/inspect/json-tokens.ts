// Reads JSON text into coloured pieces on indented lines, without changing a character of its values; made for showing, not for parsing.

export type TokenKind = "punctuation" | "key" | "string" | "number" | "word" | "other";
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}
export interface JsonLine {
  readonly indent: number;
  readonly tokens: readonly Token[];
  /** The line of the bracket that closes what this line opens. */
  readonly closes?: number;
}

const pattern =
  /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|\s+|./gs;

function kindOf(text: string): TokenKind {
  if (text.startsWith('"')) return text.length > 1 ? "string" : "other";
  if (/^[{}[\],:]$/.test(text)) return "punctuation";
  if (/^-?\d/.test(text)) return "number";
  return /^(?:true|false|null)$/.test(text) ? "word" : "other";
}

/** The pieces of a JSON text; white space between them is left out, what is no JSON is kept as it is. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [piece] of text.matchAll(pattern)) {
    if (/^\s/.test(piece)) continue;
    const kind = kindOf(piece);
    const before = tokens.at(-1);
    if (kind === "other" && before?.kind === "other") tokens[tokens.length - 1] = joined(before, piece);
    else tokens.push({ kind, text: piece });
  }
  return tokens.map((token, at) =>
    token.kind === "string" && tokens[at + 1]?.text === ":" ? { ...token, kind: "key" } : token,
  );
}

function joined(token: Token, text: string): Token {
  return { kind: token.kind, text: token.text + text };
}

/** One value or bracket per line; an empty object or list stays on its line. */
export function layOut(tokens: readonly Token[]): readonly JsonLine[] {
  const lines: { indent: number; tokens: Token[]; closes?: number }[] = [];
  const opened: number[] = [];
  let line: { indent: number; tokens: Token[]; closes?: number } = { indent: 0, tokens: [] };
  const next = (indent: number): void => {
    if (line.tokens.length > 0) lines.push(line);
    line = { indent, tokens: [] };
  };
  tokens.forEach((token, at) => {
    const before = tokens[at - 1]?.text;
    const after = tokens[at + 1]?.text;
    switch (token.kind === "punctuation" ? token.text : "") {
      case "{":
      case "[":
        line.tokens.push(token);
        if (after === "}" || after === "]") return;
        opened.push(lines.length);
        next(opened.length);
        return;
      case "}":
      case "]": {
        if (before === "{" || before === "[") {
          line.tokens.push(token);
          return;
        }
        const opener = opened.pop();
        next(opened.length);
        line.tokens.push(token);
        const opening = opener === undefined ? undefined : lines[opener];
        if (opening !== undefined) opening.closes = lines.length;
        return;
      }
      case ",":
        line.tokens.push(token);
        next(opened.length);
        return;
      case ":":
        line.tokens.push({ kind: "punctuation", text: ": " });
        return;
      default:
        line.tokens.push(token);
    }
  });
  next(0);
  return lines;
}

/** A text as its lines: laid out where it is JSON (or the beginning of one), as it stands where it is not. */
export function readLines(text: string, isCut = false): readonly JsonLine[] {
  if (isCut || isJson(text)) return layOut(tokenize(text));
  return text.split("\n").map((line) => ({ indent: 0, tokens: [{ kind: "string", text: line }] }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Anything may lie in a registry: it is shown all the same.
    return false;
  }
}

/** The lines as text, two spaces for each level. */
export function formattedText(lines: readonly JsonLine[]): string {
  return lines
    .map(({ indent, tokens }) => "  ".repeat(indent) + tokens.map(({ text }) => text).join(""))
    .join("\n");
}

/** Indexes of the lines that are not inside something folded. */
export function unfolded(lines: readonly JsonLine[], folded: ReadonlySet<number>): readonly number[] {
  const shown: number[] = [];
  for (let at = 0; at < lines.length; at++) {
    shown.push(at);
    const closes = lines[at]?.closes;
    if (closes !== undefined && folded.has(at)) at = closes - 1;
  }
  return shown;
}

/** A piece of a line with the found text marked. */
export interface Marked {
  readonly text: string;
  readonly found: boolean;
}
export function markFound(text: string, needle: string): readonly Marked[] {
  if (needle === "") return [{ text, found: false }];
  const parts: Marked[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), found: false });
    parts.push({ text: text.slice(at, at + needle.length), found: true });
    from = at + needle.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), found: false });
  return parts;
}
