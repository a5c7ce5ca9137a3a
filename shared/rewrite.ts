// Names rewritten by a pattern: `$1` and `${name}` in the replacement stand for the pattern's groups, `$$` for a dollar.
import { FreightlinerError } from "./errors.ts";
import { compileRegex } from "./regex.ts";

export interface RewriteRule {
  /** RE2, matched against the whole name. */
  readonly pattern: string;
  readonly replacement: string;
}

/** The new name, or undefined where the pattern does not match. */
export type Rewrite = (name: string) => string | undefined;

/** A piece of a replacement: text as it stands, or the number of a group. */
type Piece = string | number;

/** @throws FreightlinerError `usage` where the pattern cannot be read or the replacement names a group that it does not have. */
export function compileRewrite(rule: RewriteRule): Rewrite {
  const regex = compileRegex(rule.pattern);
  const groups = { count: regex.groupCount(), named: regex.namedGroups() };
  const pieces = readReplacement(rule.replacement, groups);
  return (name) => {
    const matcher = regex.matcher(name);
    if (!matcher.matches()) return undefined;
    // A group that took no part in the match stands for nothing.
    return pieces.map((piece) => (typeof piece === "string" ? piece : (matcher.group(piece) ?? ""))).join("");
  };
}

export function isRewrite(rule: RewriteRule): boolean {
  try {
    compileRewrite(rule);
    return true;
  } catch {
    return false;
  }
}

interface Groups {
  readonly count: number;
  readonly named: Readonly<Record<string, number>>;
}

function readReplacement(replacement: string, groups: Groups): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of replacement.matchAll(/\$(?:(\$)|(\d{1,3})|\{(\w{1,64})\})?/g)) {
    pieces.push(replacement.slice(end, found.index));
    const [whole, dollar, number, name] = found;
    pieces.push(dollar ?? groupOf(number ?? name ?? "", groups, replacement));
    end = found.index + whole.length;
  }
  return [...pieces, replacement.slice(end)];
}

function groupOf(name: string, groups: Groups, replacement: string): number {
  const group = /^\d+$/.test(name)
    ? Number(name)
    : Object.hasOwn(groups.named, name)
      ? groups.named[name]
      : undefined;
  if (group !== undefined && group <= groups.count) return group;
  const names = ["$0", ...Array.from({ length: groups.count }, (_, at) => `$${at + 1}`)];
  const named = Object.keys(groups.named).map((known) => `\${${known}}`);
  throw new FreightlinerError({
    code: "usage",
    operation: "parse-replacement",
    message: `The replacement "${replacement.slice(0, 300)}" refers to "$${name}", which the pattern does not have: expected ${[...names, ...named].slice(0, 20).join(", ")}, or $$ for a dollar.`,
  });
}
