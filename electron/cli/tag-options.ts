// Options that say which tags of a repository are meant.
import { type Command, InvalidArgumentError, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { compileGlob } from "../../shared/glob.ts";
import { parseTag } from "../../shared/reference.ts";
import {
  globSchema,
  regexSchema,
  semverRangeSchema,
  type TagRule,
  type TagSet,
  tagSchema,
  tagSetSchema,
} from "../../shared/selection.ts";
import { tagItemSchema } from "../app/tag-item.ts";
import {
  age,
  checked,
  each,
  eachOfList,
  ended,
  listOf,
  numberOf,
  parsed,
  type Values,
  wholeNumber,
} from "./option-values.ts";
import { usageError } from "./usage-error.ts";

const glob = parsed((text: string) => {
  compileGlob(text);
  return text;
});

/** One item of a sync file's `tags` list, in YAML or JSON. */
function readTagSet(text: string): TagSet {
  let value: unknown;
  try {
    value = parseYaml(text, { prettyErrors: false });
  } catch {
    throw new InvalidArgumentError('expected a set in YAML or JSON, like {"glob": "v*", "latest": 3}.');
  }
  const item = tagItemSchema.safeParse(value);
  if (item.success && item.data.kind === "set") return item.data.set;
  const why = item.success
    ? 'expected a set like {"glob": "v*", "latest": 3}'
    : (item.error.issues[0]?.message ?? "expected a set of conditions");
  throw new InvalidArgumentError(ended(why));
}

export function addTagOptions(command: Command): Command {
  return command
    .option("--tags <names>", "these tags, separated by commas", eachOfList(parsed(parseTag)))
    .option("--tag-filter <glob>", "tags by glob, like 'v*' (repeatable)", each(glob))
    .option(
      "--tag-regex <re>",
      "tags by regular expression over the whole tag (repeatable)",
      each(checked(regexSchema)),
    )
    .option(
      "--semver <range>",
      "tags that are versions of a range, like '>=1.2 <2' (repeatable)",
      each(checked(semverRangeSchema)),
    )
    .option(
      "--tag-set <set>",
      "tags that meet several conditions, as in a sync file (repeatable)",
      each(readTagSet),
    )
    .option("--exclude-tag <glob>", "leave these tags out (repeatable)", each(glob))
    .option("--newer-than <age>", "only images created within this time, like 12h or 30d", age)
    .option("--latest <number>", "only the newest so many of each repository", wholeNumber(1, 100_000))
    .addOption(
      new Option("--latest-by <what>", "what --latest goes by (default: created)").choices([
        "created",
        "semver",
      ]),
    );
}

/** @throws FreightlinerError `usage` where `--latest-by` stands alone. */
export function readTagRule(values: Values): TagRule {
  const count = numberOf(values, "latest");
  const newerThanSeconds = numberOf(values, "newerThan");
  if (count === undefined && values.latestBy !== undefined)
    throw usageError("--latest-by says what --latest N goes by; expected --latest beside it.");
  return {
    names: listOf(values, "tags", tagSchema),
    include: listOf(values, "tagFilter", globSchema),
    exclude: listOf(values, "excludeTag", globSchema),
    sets: [
      ...listOf(values, "tagRegex", regexSchema).map((regex) => ({ regex, prereleases: false })),
      ...listOf(values, "semver", semverRangeSchema).map((semver) => ({ semver, prereleases: false })),
      ...listOf(values, "tagSet", tagSetSchema),
    ],
    ...(newerThanSeconds === undefined ? {} : { newerThanSeconds }),
    ...(count === undefined
      ? {}
      : { latest: { count, by: values.latestBy === "semver" ? ("semver" as const) : ("created" as const) } }),
  };
}

/** True where any of them was given. */
export function hasTagOptions(values: Values): boolean {
  return [
    "tags",
    "tagFilter",
    "tagRegex",
    "semver",
    "tagSet",
    "excludeTag",
    "newerThan",
    "latest",
    "latestBy",
  ].some((name) => values[name] !== undefined);
}
