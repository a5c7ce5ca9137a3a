// What the filter field and the chips ask of the engine: the rule that it counts by and that a copy of "all" travels as.
import type { MethodInput } from "../../../shared/contract.ts";
import { globToRe2 } from "../../../shared/glob.ts";
import { globSchema } from "../../../shared/selection.ts";
import type { TagChips } from "../../state/tag-chips.ts";
import { transferText } from "../../text/transfer.ts";

export type TagFilter =
  | { readonly kind: "none" }
  | { readonly kind: "globs"; readonly include: readonly string[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** The filter field may hold so many patterns. */
const mostWords = 20;
/** Limit of a rule's sets (shared/selection.ts). */
const mostSets = 100;

/** Text without a glob character matches anywhere; several patterns are set apart by spaces. */
export function readTagFilter(text: string): TagFilter {
  const words = text.split(/[\s]+/).filter((word) => word !== "");
  if (words.length === 0) return { kind: "none" };
  const include = words.map((word) => (/[*?[\]{}\\]/.test(word) ? word : `*${word}*`));
  const unreadable = include.find((glob) => !globSchema.safeParse(glob).success);
  if (unreadable !== undefined || include.length > mostWords)
    return { kind: "unreadable", why: unreadable ?? text };
  return { kind: "globs", include };
}

export type TagRuleInput = NonNullable<MethodInput<"tags.list">["filter"]>;
type TagSetInput = NonNullable<TagRuleInput["sets"]>[number];
export type FactsInput = NonNullable<MethodInput<"tags.list">["facts"]>;

/** The parts that are left out do not filter. */
export interface TagQuery {
  readonly filter?: TagRuleInput;
  readonly facts?: FactsInput;
}

export type ReadQuery =
  | { readonly kind: "query"; readonly query: TagQuery }
  | { readonly kind: "unreadable"; readonly why: string };

/** Field and chips together: a tag must meet all of them. */
export function readQuery(text: string, chips: TagChips): ReadQuery {
  const field = readTagFilter(text);
  if (field.kind === "unreadable") return { kind: "unreadable", why: transferText.tags.badFilter };
  const words = field.kind === "globs" ? field.include : [];
  const filter = ruleOf(words, chips);
  if (typeof filter === "string") return { kind: "unreadable", why: filter };
  const facts = factsOf(chips);
  return {
    kind: "query",
    query: { ...(filter === undefined ? {} : { filter }), ...(facts === undefined ? {} : { facts }) },
  };
}

/** A text says why there is no such rule. */
function ruleOf(words: readonly string[], chips: TagChips): TagRuleInput | string | undefined {
  const { glob, newerThanSeconds, latest } = chips;
  const sets = setsOf(words, chips);
  if (typeof sets === "string") return sets;
  const include = words.length > 0 ? words : (glob?.include ?? []);
  const rule: TagRuleInput = {
    ...(sets.length > 0 ? { sets: [...sets] } : include.length > 0 ? { include: [...include] } : {}),
    ...(glob === undefined || glob.exclude.length === 0 ? {} : { exclude: glob.exclude }),
    ...(newerThanSeconds === undefined ? {} : { newerThanSeconds }),
    ...(latest === undefined ? {} : { latest: { count: latest.count, by: latest.by } }),
  };
  return Object.keys(rule).length === 0 ? undefined : rule;
}

/** Sets are needed where names must meet more than one condition; else none. */
function setsOf(words: readonly string[], chips: TagChips): readonly TagSetInput[] | string {
  const { glob, regex, semver, latest } = chips;
  const globs = glob?.include ?? [];
  const prereleases = semver?.prereleases === true || latest?.prereleases === true;
  const both = words.length > 0 && globs.length > 0;
  if (regex === undefined && semver === undefined && !prereleases && !both) return [];
  // A set has one glob and one regular expression; the field's word takes the place that is free.
  if (both && regex !== undefined) return transferText.filter.tooMuch;
  const rest = {
    ...(semver === undefined ? {} : { semver: semver.range }),
    ...(prereleases ? { prereleases } : {}),
  };
  const sets = both
    ? globs.flatMap((one) => words.map((word) => ({ glob: one, regex: globToRe2(word), ...rest })))
    : patternsOf(words.length > 0 ? words : globs, regex !== undefined || semver !== undefined).map(
        (one) => ({
          ...(one === undefined ? {} : { glob: one }),
          ...(regex === undefined ? {} : { regex }),
          ...rest,
        }),
      );
  return sets.length > mostSets ? transferText.filter.tooMany : sets;
}

/** Without a pattern one set holds the other conditions; one that has no other takes all names. */
function patternsOf(globs: readonly string[], hasOther: boolean): readonly (string | undefined)[] {
  if (globs.length > 0) return globs;
  return hasOther ? [undefined] : ["*"];
}

function factsOf({ platforms, size }: TagChips): FactsInput | undefined {
  if (platforms === undefined && size === undefined) return undefined;
  return {
    ...(platforms === undefined ? {} : { platforms }),
    ...(size?.smallest === undefined ? {} : { smallest: size.smallest }),
    ...(size?.largest === undefined ? {} : { largest: size.largest }),
  };
}

/** True where every tag's image must be looked at before anything can be shown. */
export function readsImages({ filter, facts }: TagQuery): boolean {
  return facts !== undefined || filter?.newerThanSeconds !== undefined || isByDate(filter?.latest);
}

function isByDate(latest: TagRuleInput["latest"]): boolean {
  return latest !== undefined && latest.by !== "semver";
}
