// Regular expressions that people type: RE2 only, which takes linear time, and always matched against the whole text.
import { RE2JS } from "re2js";
import { FreightlinerError } from "./errors.ts";

/** @throws FreightlinerError `usage` that names the pattern and what is wrong with it. */
export function compileRegex(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FreightlinerError({
      code: "usage",
      operation: "parse-regex",
      message: `The pattern "${pattern.slice(0, 200)}" cannot be read as a regular expression of RE2: ${why}`,
      cause,
    });
  }
}

export function isRegex(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}
