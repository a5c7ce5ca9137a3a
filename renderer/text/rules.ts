// What a job or a run copies, in words: repositories, tags, mapping and policies.
import { assertNever } from "../../shared/assert-never.ts";
import type { JobSpec, RunOptions } from "../../shared/run.ts";
import type { Latest, Mapping, SelectionItem, TagRule, TagSet } from "../../shared/selection.ts";
import { formatCount, plural } from "./common.ts";

export const rulesText = { readWhole: "Read all names" };

/** The first few by name, the rest as a number. */
function some(names: readonly string[], most: number, left = 0): string {
  const more = Math.max(0, names.length - most) + left;
  const first = names.slice(0, most).join(", ");
  return more === 0 ? first : `${first} and ${formatCount(more)} more`;
}

/** `team/app: newest 5 by version` or `all repositories without scratch, tags v1.*`. */
export function selectionText({ selection, namesLeft = 0 }: JobSpec): string {
  const images = selection.filter((item) => item.kind === "image");
  const parts = selection.filter((item) => item.kind === "repositories").map(repositoriesText);
  if (images.length > 0) {
    const names = images.map(
      ({ repository, reference }) => `${repository}${separator(reference)}${shortened(reference)}`,
    );
    parts.unshift(
      images.length === 1
        ? (names[0] ?? "")
        : `${plural(images.length + namesLeft, "image", "images")}: ${some(names, 2, namesLeft)}`,
    );
  } else if (namesLeft > 0) parts.push(`and ${formatCount(namesLeft)} more`);
  return parts.join("; ");
}

function separator(reference: string): string {
  return reference.includes(":") ? "@" : ":";
}
function shortened(reference: string): string {
  return reference.includes(":") ? reference.slice(0, 19) : reference;
}

function repositoriesText(item: Extract<SelectionItem, { kind: "repositories" }>): string {
  const named = [...item.names, ...item.include];
  const everything =
    named.length === 0 || (item.names.length === 0 && item.include.every((glob) => glob === "**"));
  const which = everything ? "all repositories" : some(named, 3);
  const without = item.exclude.length === 0 ? "" : ` without ${some(item.exclude, 2)}`;
  return `${which}${without}, ${tagsText(item.tags)}`;
}

export function tagsText(rule: TagRule): string {
  const parts: string[] = [];
  if (rule.names.length > 0) parts.push(`${rule.names.length === 1 ? "tag" : "tags"} ${some(rule.names, 3)}`);
  if (rule.include.length > 0) parts.push(`tags ${some(rule.include, 3)}`);
  if (rule.sets.length > 0) parts.push(`tags ${some(rule.sets.map(setText), 3)}`);
  if (parts.length === 0 && rule.latest === undefined) parts.push("all tags");
  if (rule.exclude.length > 0) parts.push(`without ${some(rule.exclude, 2)}`);
  if (rule.newerThanSeconds !== undefined) parts.push(ageText(rule.newerThanSeconds));
  if (rule.latest !== undefined) parts.push(latestText(rule.latest));
  return parts.join(", ");
}

function setText(set: TagSet): string {
  const parts: string[] = [];
  if (set.glob !== undefined) parts.push(set.glob);
  if (set.regex !== undefined) parts.push(`/${set.regex}/`);
  if (set.semver !== undefined)
    parts.push(`version ${set.semver}${set.prereleases ? " with pre-releases" : ""}`);
  if (set.newerThanSeconds !== undefined) parts.push(ageText(set.newerThanSeconds));
  if (set.latest !== undefined) parts.push(latestText(set.latest));
  return parts.join(" and ");
}

function latestText({ count, by }: Latest): string {
  return `the newest ${plural(count, "tag", "tags")} by ${by === "semver" ? "version" : "date"}`;
}

function ageText(seconds: number): string {
  const days = seconds / 86_400;
  if (days >= 1) return `made in the last ${plural(Math.round(days), "day", "days")}`;
  return `made in the last ${plural(Math.max(1, Math.round(seconds / 3600)), "hour", "hours")}`;
}

/** Empty where names are kept. */
export function mappingText(mapping: Mapping): string {
  switch (mapping.kind) {
    case "keep":
      return "";
    case "prefix":
      return `under ${mapping.prefix}`;
    case "into":
      return `into ${mapping.repository}`;
    case "strip":
      return `${plural(mapping.levels, "folder", "folders")} cut off${mapping.prefix === "" ? "" : `, under ${mapping.prefix}`}`;
    case "flatten":
      return `flattened${mapping.prefix === "" ? "" : ` under ${mapping.prefix}`}`;
    case "template":
      return `renamed to ${mapping.replacement}`;
    default:
      return assertNever(mapping);
  }
}

/** Empty for what is usual. */
const overwriteParts: Readonly<Record<RunOptions["overwrite"], string>> = {
  "if-different": "",
  never: "never overwrites",
  always: "writes equal tags again",
  "if-newer": "overwrites only with newer images",
  "keep-both": "keeps both where tags differ",
  stop: "stops where a tag differs",
};

function optionsText(options: RunOptions): readonly string[] {
  const parts: string[] = [];
  if (options.platforms.length > 0) parts.push(`only ${some(options.platforms, 3)}`);
  if (!options.attachments) parts.push("without signatures and SBOMs");
  const overwrites = overwriteParts[options.overwrite];
  if (overwrites !== "") parts.push(overwrites);
  if (options.mirror !== null) parts.push("deletes what the source does not have");
  if (options.verifyBlobs) parts.push("reads every blob back");
  return parts;
}

/** The whole rule in one line. */
export function ruleText(spec: JobSpec): string {
  const parts = [selectionText(spec), mappingText(spec.mapping)];
  if (spec.renameTags !== null) parts.push(`tags renamed to ${spec.renameTags.replacement}`);
  return [...parts, ...optionsText(spec.options)].filter((part) => part !== "").join("; ");
}
