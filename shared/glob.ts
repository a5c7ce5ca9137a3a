// Globs compiled to RE2, so that no pattern can hang (facts: ui.md P11): * ? ** {a,b} [a-z] and \ escapes.
import { RE2JS } from "re2js";
import { FreightlinerError } from "./errors.ts";

const special = /[.+^$()|[\]{}\\*?]/g;
const quote = (text: string): string => text.replace(special, "\\$&");

function bad(pattern: string, expectation: string): never {
  throw new FreightlinerError({
    code: "usage",
    operation: "parse-glob",
    message: `The pattern "${pattern.slice(0, 200)}" cannot be read: ${expectation}`,
  });
}

/** `[…]` from `start`; a `!` or `^` behind the bracket negates it. */
function characterClass(pattern: string, start: number): Piece {
  let end = start + 1;
  if (pattern[end] === "!" || pattern[end] === "^") end++;
  if (pattern[end] === "]") end++;
  while (end < pattern.length && pattern[end] !== "]") end += pattern[end] === "\\" ? 2 : 1;
  if (end >= pattern.length) bad(pattern, "a [ without its ].");
  const inner = pattern.slice(start + 1, end);
  const negated = inner.startsWith("!") || inner.startsWith("^");
  const members = (negated ? inner.slice(1) : inner).replace(/[[\]\\&~]/g, "\\$&");
  return { source: negated ? `[^/${members}]` : `[${members}]`, length: end + 1 - start, depth: 0 };
}

interface Piece {
  readonly source: string;
  /** Characters of the pattern that it stands for. */
  readonly length: number;
  /** How the piece changes the depth of open braces. */
  readonly depth: number;
}

/** `*`, `**` and `**` with its slash, which also stands for no segment at all. */
function star(pattern: string, at: number): Piece {
  if (pattern[at + 1] !== "*") return { source: "[^/]*", length: 1, depth: 0 };
  const wholeSegment = pattern[at + 2] === "/" && (at === 0 || pattern[at - 1] === "/");
  return wholeSegment ? { source: "(?:.*/)?", length: 3, depth: 0 } : { source: ".*", length: 2, depth: 0 };
}

function piece(pattern: string, at: number, depth: number): Piece {
  const c = pattern.charAt(at);
  if (c === "*") return star(pattern, at);
  if (c === "?") return { source: "[^/]", length: 1, depth: 0 };
  if (c === "[") return characterClass(pattern, at);
  if (c === "{") return { source: "(?:", length: 1, depth: 1 };
  if (c === "}" && depth > 0) return { source: ")", length: 1, depth: -1 };
  if (c === "," && depth > 0) return { source: "|", length: 1, depth: 0 };
  if (c === "\\" && at + 1 < pattern.length)
    return { source: quote(pattern.charAt(at + 1)), length: 2, depth: 0 };
  return { source: quote(c), length: 1, depth: 0 };
}

/**
 * The RE2 source of a glob. `*` and `?` stay inside a path segment, `**` crosses segments.
 * @throws FreightlinerError `usage` that names the pattern.
 */
export function globToRe2(pattern: string): string {
  if (pattern === "" || pattern.length > 1000) bad(pattern, "expected 1 to 1000 characters.");
  let source = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; ) {
    const next = piece(pattern, at, depth);
    source += next.source;
    depth += next.depth;
    at += next.length;
  }
  if (depth > 0) bad(pattern, "a { without its }.");
  return source;
}

export interface Matcher {
  matches(text: string): boolean;
}

/** @throws FreightlinerError `usage` that names the pattern. */
export function compileGlob(pattern: string): Matcher {
  const source = globToRe2(pattern);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, RE2JS.DOTALL);
  } catch (cause) {
    throw new FreightlinerError({
      code: "usage",
      operation: "parse-glob",
      message: `The pattern "${pattern}" cannot be read as a glob.`,
      cause,
    });
  }
  return { matches: (text) => compiled.matches(text) };
}

/** Matches what any include matches (all, where there is none) and no exclude does. */
export function compileGlobs(include: readonly string[], exclude: readonly string[]): Matcher {
  const wanted = include.map(compileGlob);
  const unwanted = exclude.map(compileGlob);
  return {
    matches: (text) =>
      (wanted.length === 0 || wanted.some((glob) => glob.matches(text))) &&
      !unwanted.some((glob) => glob.matches(text)),
  };
}
