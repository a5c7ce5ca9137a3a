// A sync file's text as values that know where they stand: YAML or JSON (which is YAML), line and column by path.
import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
} from "yaml";

export type Path = readonly (string | number)[];

/** One thing that is wrong with a file. Lines and columns count from 1. */
export interface FileProblem {
  readonly line: number;
  readonly column: number;
  /** Where in the file, like `jobs[0].tags[1].semver`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what was expected; never holds a value of the file. */
  readonly message: string;
}

export function pathText(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

/** More repeats of an anchor than that and the file is built to be large, not to be read. */
const mostAliases = 100;

/** Words, marks and blanks: about fifty thousand lines. Each costs the parser up to a kilobyte where it is wrong. */
const mostTokens = 500_000;

export class FileText {
  readonly #document: Document;
  readonly #isTooLong: boolean;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    // No pretty errors: they quote the line, and the line may hold what should not be there.
    // Editors of Windows begin a file with a mark that is no column. Keys are compared below: the parser's way is quadratic.
    this.#isTooLong = isLongerThan(mostTokens, text);
    const source = this.#isTooLong ? "" : text.replace(/^\uFEFF/, "");
    this.#document = withoutStacks(() =>
      parseDocument(source, {
        lineCounter: this.#lines,
        prettyErrors: false,
        merge: true,
        uniqueKeys: false,
        logLevel: "error",
      }),
    );
  }

  /** The values, or why there are none. */
  read(): { readonly value: unknown; readonly problems: readonly FileProblem[] } {
    if (this.#isTooLong) {
      const message = `it is too long; expected at most ${mostTokens} words, marks and blanks`;
      return { value: undefined, problems: [this.#at(0, "", message)] };
    }
    const problems = this.#document.errors.map(({ pos, message }) =>
      this.#at(pos[0], "", plainSyntax(message)),
    );
    for (const key of repeatedKeys(this.#document.contents))
      problems.push(this.#at(rangeStart(key) ?? 0, "", plainSyntax("Map keys must be unique")));
    if (problems.length > 0) return { value: undefined, problems };
    try {
      return { value: this.#document.toJS({ maxAliasCount: mostAliases }), problems: [] };
    } catch {
      const message = `anchors are repeated too often; expected at most ${mostAliases} aliases in all`;
      return { value: undefined, problems: [this.#at(0, "", message)] };
    }
  }

  /** The problem at a path; what is not in the file stands where its nearest parent does. */
  problem(path: Path, message: string): FileProblem {
    return this.#at(this.#offset(path), pathText(path), message);
  }

  /** The same where the key itself is what is wrong. */
  keyProblem(path: Path, message: string): FileProblem {
    const offset = rangeStart(this.#pair(path)?.key) ?? this.#offset(path);
    return this.#at(offset, pathText(path), message);
  }

  /** The paths of all keys of all mappings. */
  *keys(): Generator<Path> {
    yield* keysBelow(this.#document.contents, []);
  }

  /** Of the value; where that is not in the file, of the nearest thing around it. */
  #offset(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const below = path.slice(0, length);
      const found = rangeStart(this.#document.getIn(below, true)) ?? rangeStart(this.#pair(below)?.key);
      if (found !== undefined) return found;
    }
    return rangeStart(this.#document.contents) ?? 0;
  }

  #pair(path: Path): { readonly key: unknown } | undefined {
    const parent =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    return parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  }

  #at(offset: number, path: string, message: string): FileProblem {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), path, message };
  }
}

/** Each mistake is an error of its own, which nobody throws: its stack would be most of what it takes. */
function withoutStacks<Result>(work: () => Result): Result {
  const kept = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = kept;
  }
}

function isLongerThan(most: number, text: string): boolean {
  let count = 0;
  for (const _ of new Lexer().lex(text)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}

function* keysBelow(node: unknown, path: Path): Generator<Path> {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const below = [...path, isScalar(key) ? String(key.value) : ""];
      yield below;
      yield* keysBelow(value, below);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* keysBelow(item, [...path, index]);
  }
}

/** The second of two keys that are the same; `<<` may stand there more than once. */
function* repeatedKeys(node: unknown): Generator<unknown> {
  if (!isMap(node) && !isSeq(node)) return;
  const seen = new Set<unknown>();
  for (const item of node.items) {
    if (!isPair(item)) {
      yield* repeatedKeys(item);
      continue;
    }
    const key: unknown = isScalar(item.key) ? String(item.key.value) : item.key;
    if (seen.has(key) && key !== "<<") yield item.key;
    seen.add(key);
    yield* repeatedKeys(item.value);
  }
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** The parser's sentence without a full stop, beginning small like our own. */
function plainSyntax(message: string): string {
  const line = message.split(/[\n;]/)[0] ?? message;
  return `this cannot be read as YAML: ${line.replace(/[.:]\s*$/, "")}`;
}
