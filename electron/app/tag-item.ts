// One item of a `tags` list as people write it, in sync files and behind --tag-set: a name, a set of conditions, an exclude.
import { z } from "zod";
import { ageExpectation, ageText, parseAge } from "../../shared/amounts.ts";
import {
  globSchema,
  regexSchema,
  semverRangeSchema,
  type TagRule,
  type TagSet,
  tagSchema,
} from "../../shared/selection.ts";
import { amount, chosen, isObject, strict } from "./sync-file-strict.ts";

export type TagItem =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "exclude"; readonly glob: string }
  | { readonly kind: "set"; readonly set: TagSet };

const nameItem = tagSchema.transform((name): TagItem => ({ kind: "name", name }));

const excludeItem = strict({ exclude: globSchema }).transform(
  ({ exclude }): TagItem => ({ kind: "exclude", glob: exclude }),
);

/** Every condition that is given has to hold. */
const setItem = strict({
  glob: globSchema.optional(),
  regex: regexSchema.optional(),
  semver: semverRangeSchema.optional(),
  prereleases: z.boolean().optional(),
  newer_than: amount(parseAge, ageExpectation).optional(),
  latest: z.number().int().min(1).max(100_000).optional(),
  by: z.enum(["semver", "created"]).optional(),
})
  .refine((item) => item.by === undefined || item.latest !== undefined, {
    message: "`by` says how the latest are found; expected `latest` beside it",
    path: ["by"],
  })
  .refine(
    ({ glob, regex, semver, newer_than, latest }) =>
      [glob, regex, semver, newer_than, latest].some((condition) => condition !== undefined),
    "expected at least one of glob, regex, semver, newer_than, latest",
  )
  .transform(
    ({ newer_than, latest, by, prereleases, glob, regex, semver }): TagItem => ({
      kind: "set",
      set: {
        ...(glob === undefined ? {} : { glob }),
        ...(regex === undefined ? {} : { regex }),
        ...(semver === undefined ? {} : { semver }),
        prereleases: prereleases ?? false,
        ...(newer_than === undefined ? {} : { newerThanSeconds: newer_than }),
        ...(latest === undefined ? {} : { latest: { count: latest, by: by ?? "created" } }),
      },
    }),
  );

export const tagItemSchema = chosen<TagItem>((value) => {
  if (!isObject(value)) return nameItem;
  return "exclude" in value ? excludeItem : setItem;
});

/** The rule of a list of items: names and sets are joined by OR, excludes are taken out before. */
export function tagRuleOf(items: readonly TagItem[]): TagRule {
  const rule: TagRule = { names: [], include: [], exclude: [], sets: [] };
  for (const item of items) {
    if (item.kind === "name") rule.names.push(item.name);
    else if (item.kind === "exclude") rule.exclude.push(item.glob);
    else rule.sets.push(item.set);
  }
  return rule;
}

/** The other way: how a set is written as an item. */
export function tagItemText(set: TagSet): string {
  return JSON.stringify({
    glob: set.glob,
    regex: set.regex,
    semver: set.semver,
    prereleases: set.prereleases ? true : undefined,
    newer_than: set.newerThanSeconds === undefined ? undefined : ageText(set.newerThanSeconds),
    latest: set.latest?.count,
    by: set.latest?.by,
  });
}
