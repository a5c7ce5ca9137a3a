// Building blocks of the sync file's schema: objects that know all their keys, and values whose form depends on their kind.
import { z } from "zod";
import { parseSpeed, speedExpectation } from "../../shared/amounts.ts";
import { keysParameter, sentence, unknownKeysOf } from "./sync-file-sentence.ts";

/** Letters that differ, counted as insertions, deletions, exchanges, and neighbours that changed places. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const swapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      next.push(
        Math.min(
          (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1),
          (row[j + 1] ?? 0) + 1,
          (next[j] ?? 0) + 1,
          swapped ? (before[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The known word that was most likely meant: at most a third of its letters differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, "");
  const scored = known
    .map((candidate) => ({ candidate, off: distance(plain(word.slice(0, 100)), plain(candidate)) }))
    .toSorted((a, b) => a.off - b.off)[0];
  if (scored === undefined || scored.off > Math.max(1, Math.floor(scored.candidate.length / 3)))
    return undefined;
  return scored.candidate;
}

/** What to say of a key that is not known. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? `this key is not known here; expected ${known.join(", ")}`
    : `this key is not known here; did you mean "${meant}"?`;
}

/** Between the sentences about several keys of one object; the report of problems takes them apart again. */
export const perKey = "\n";

/** An object that takes the keys of its shape and no other. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" && Array.isArray(issue.keys)
        ? issue.keys.map((key) => unknownKey(String(key), known)).join(perKey)
        : undefined,
  });
}

/** A value whose schema is chosen by what it is, so that a mistake is told against the form that was meant. */
export function chosen<Output>(choose: (value: unknown) => z.ZodType<Output>) {
  return z.unknown().transform((value, context): Output => {
    const parsed = choose(value).safeParse(value, { reportInput: true });
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      const params = { [keysParameter]: unknownKeysOf(issue) };
      context.issues.push({
        code: "custom",
        message: sentence(issue),
        path: issue.path,
        input: issue.input,
        params,
      });
    }
    return z.NEVER;
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text that `parse` turns into a value. */
export function amount<Value>(parse: (text: string) => Value | undefined, expectation: string) {
  return z.string({ error: expectation }).transform((text, context): Value => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: "custom", message: expectation, input: text });
    return z.NEVER;
  });
}

/** Bytes per second. */
export const speedSchema = amount(parseSpeed, speedExpectation);
