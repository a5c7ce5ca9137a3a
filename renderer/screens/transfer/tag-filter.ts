// The tag filter's text as the globs that the engine counts by and that a copy of "all" travels as.
import { globSchema } from "../../../shared/selection.ts";

export type TagFilter =
  | { readonly kind: "none" }
  | { readonly kind: "globs"; readonly include: readonly string[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** Text without a glob character matches anywhere; several patterns are set apart by spaces. */
export function readTagFilter(text: string): TagFilter {
  const words = text.split(/[\s]+/).filter((word) => word !== "");
  if (words.length === 0) return { kind: "none" };
  const include = words.map((word) => (/[*?[\]{}\\]/.test(word) ? word : `*${word}*`));
  const unreadable = include.find((glob) => !globSchema.safeParse(glob).success);
  if (unreadable !== undefined || include.length > 20) return { kind: "unreadable", why: unreadable ?? text };
  return { kind: "globs", include };
}
