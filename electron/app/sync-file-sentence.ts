// What the schema found wrong, in words: what was expected, never what was there (nobody knows what was put there).
import type { z } from "zod";

export type Issue = z.core.$ZodIssue;

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

function expectedType(issue: Extract<Issue, { code: "invalid_type" }>): string {
  if (issue.message.startsWith("expected")) return issue.message;
  const expected = typeWords[issue.expected] ?? issue.expected;
  if (issue.input === undefined) return `this is missing; expected ${expected}`;
  const bare = typeof issue.input === "number" || typeof issue.input === "boolean" || issue.input === null;
  if (issue.expected === "string" && bare) return "expected text; put the value in quotes";
  return `expected ${expected}`;
}

/** One sentence without its full stop, beginning small. */
export function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return expectedType(issue);
    case "invalid_value":
      if (issue.input === undefined) return `this is missing; expected ${oneOf(issue.values)}`;
      return issue.message.startsWith("expected") ? issue.message : `expected ${oneOf(issue.values)}`;
    case "too_small":
      return issue.message.startsWith("expected") ? issue.message : `expected ${atLeast(issue)}`;
    case "too_big":
      return issue.message.startsWith("expected")
        ? issue.message
        : `expected at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message;
  }
}

function oneOf(values: readonly z.core.util.Primitive[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(", ")}`;
}

function unit(origin: string): string {
  return origin === "string" ? " characters" : origin === "array" ? " entries" : "";
}

function atLeast(issue: Extract<Issue, { code: "too_small" }>): string {
  if (issue.origin === "string" && Number(issue.minimum) === 1) return "some text";
  return `at least ${issue.minimum}${unit(issue.origin)}`;
}

/** The keys of an object that are not known, where the issue is about that; its sentences are one for each. */
export function unknownKeysOf(issue: Issue): readonly string[] | undefined {
  if (issue.code === "unrecognized_keys") return issue.keys;
  if (issue.code !== "custom") return undefined;
  const keys: unknown = issue.params?.[keysParameter];
  return Array.isArray(keys) ? keys.map(String) : undefined;
}

/** Carries them through a value whose schema was chosen by its form. */
export const keysParameter = "unknownKeys";
