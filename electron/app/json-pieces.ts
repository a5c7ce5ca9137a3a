// JSON written piece by piece: a list in it may come in pages, so that a long document never stands whole in memory.
import { jsonText } from "../../shared/plain-text.ts";

/** A list in a document whose items are read while it is written. */
export class PagedList<Item> {
  readonly pages: () => AsyncIterable<readonly Item[]>;

  constructor(pages: () => AsyncIterable<readonly Item[]>) {
    this.pages = pages;
  }
}

/** A member of a document that is only known when its turn comes; left out where it is undefined then. */
export class LateValue {
  readonly read: () => unknown;

  constructor(read: () => unknown) {
    this.read = read;
  }
}

interface Layout {
  /** Blanks a level; 0 = all on one line. */
  readonly indent: number;
  readonly depth: number;
}

/**
 * Together the text that `jsonText(document, indent)` gives for the same document with whole lists. What holds no paged
 * list, and each page of one, is one piece.
 */
export function jsonPieces(document: object, indent: number): AsyncGenerator<string> {
  return pieces(document, { indent, depth: 0 });
}

async function* pieces(value: unknown, layout: Layout): AsyncGenerator<string> {
  if (value instanceof PagedList) yield* listPieces(value, layout);
  else if (!holdsPages(value)) yield text(value, layout);
  else if (Array.isArray(value))
    yield* bracketed(
      "[]",
      layout,
      value.map((item) => ["", item] as const),
    );
  else {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const colon = layout.indent === 0 ? ":" : ": ";
    yield* bracketed(
      "{}",
      layout,
      members.map(([name, member]) => [`${jsonText(name)}${colon}`, member] as const),
    );
  }
}

async function* bracketed(
  [open = "", close = ""]: string,
  layout: Layout,
  parts: readonly (readonly [label: string, value: unknown])[],
): AsyncGenerator<string> {
  const inner = deeper(layout);
  let separator = open;
  for (const [label, given] of parts) {
    const value = given instanceof LateValue ? given.read() : given;
    if (value === undefined) continue;
    yield `${separator}${lineBreak(inner)}${label}`;
    yield* pieces(value, inner);
    separator = ",";
  }
  yield `${lineBreak(layout)}${close}`;
}

async function* listPieces(list: PagedList<unknown>, layout: Layout): AsyncGenerator<string> {
  const inner = deeper(layout);
  let separator = "[";
  for await (const page of list.pages()) {
    if (page.length === 0) continue;
    const items = page.map((item) => `${lineBreak(inner)}${text(item, inner)}`);
    yield `${separator}${items.join(",")}`;
    separator = ",";
  }
  yield separator === "[" ? "[]" : `${lineBreak(layout)}]`;
}

function holdsPages(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof PagedList || Object.values(value).some(holdsPages);
}

/** A text in JSON has no line break of its own: those that are there lay it out. */
function text(value: unknown, layout: Layout): string {
  return jsonText(value, layout.indent).replaceAll("\n", lineBreak(layout));
}

function lineBreak({ indent, depth }: Layout): string {
  return indent === 0 ? "" : `\n${" ".repeat(indent * depth)}`;
}

function deeper(layout: Layout): Layout {
  return { ...layout, depth: layout.depth + 1 };
}
