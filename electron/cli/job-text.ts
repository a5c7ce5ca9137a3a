// What a saved job takes, where it puts it and how, in words: `jobs show` without --json.
import { ageText, shareText, speedText } from "../../shared/amounts.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { defaultRunOptions, type RunOptions } from "../../shared/run.ts";
import type { Latest, Mapping, SelectionItem, TagRename, TagRule, TagSet } from "../../shared/selection.ts";

/** Names of a list that are shown; how many more there are is said. */
const shownNames = 8;

function names(all: readonly string[]): string {
  const more = all.length - shownNames;
  return `${all.slice(0, shownNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function listed(words: string, all: readonly string[]): string[] {
  return all.length === 0 ? [] : [`${words}${names(all)}`];
}

function latestText({ count, by }: Latest): string {
  return `the newest ${count} by ${by === "semver" ? "version" : "creation date"}`;
}

function narrowed({ newerThanSeconds, latest }: Pick<TagRule, "newerThanSeconds" | "latest">): string[] {
  return [
    ...(newerThanSeconds === undefined ? [] : [`created within ${ageText(newerThanSeconds)}`]),
    ...(latest === undefined ? [] : [latestText(latest)]),
  ];
}

function setText(set: TagSet): string {
  const { glob, regex, semver, prereleases } = set;
  const conditions = [
    ...(glob === undefined ? [] : [glob]),
    ...(regex === undefined ? [] : [`regular expression ${regex}`]),
    ...(semver === undefined ? [] : [`versions ${semver}`]),
    ...(prereleases ? ["with pre-releases"] : []),
    ...narrowed(set),
  ];
  return conditions.join(", ");
}

/** `all`, or each way in which a tag belongs to it, then what narrows them. */
function tagsText(rule: TagRule): string {
  const ways = [...listed("", rule.names), ...listed("", rule.include), ...rule.sets.map(setText)];
  const narrowing = [...listed("without ", rule.exclude), ...narrowed(rule)];
  return [ways.length === 0 ? "all" : ways.join("; or "), ...narrowing].join("; ");
}

/** `team/app:v1`, or `team/** without team/scratch; tags: versions >=1.2, the newest 5 by version`. */
export function selectionText(item: SelectionItem): string {
  switch (item.kind) {
    case "image": {
      const { repository, reference, destinationRepository, destinationTag } = item;
      const digest = reference.includes(":");
      const tag = destinationTag ?? (digest ? undefined : reference);
      const to = `${destinationRepository ?? repository}${tag === undefined ? "" : `:${tag}`}`;
      const same = destinationRepository === undefined && destinationTag === undefined;
      return `${repository}${digest ? "@" : ":"}${reference}${same ? "" : ` as ${to}`}`;
    }
    case "repositories": {
      const taken = [...listed("", item.names), ...listed("", item.include)];
      const repositories = taken.length === 0 ? "all repositories" : taken.join(", ");
      return [
        [repositories, ...listed("without ", item.exclude)].join(" "),
        `tags: ${tagsText(item.tags)}`,
      ].join("; ");
    }
    default:
      return assertNever(item);
  }
}

export function mappingText(mapping: Mapping): string {
  const under = (prefix: string): string => (prefix === "" ? "" : `, under ${prefix}`);
  switch (mapping.kind) {
    case "keep":
      return "the same names";
    case "prefix":
      return `the same names${under(mapping.prefix)}`;
    case "into":
      return `all into ${mapping.repository}`;
    case "strip":
      return `without the first ${mapping.levels === 1 ? "level" : `${mapping.levels} levels`}${under(mapping.prefix)}`;
    case "flatten": {
      const { separator, prefix } = mapping;
      const how = separator === undefined ? "the last part of each name" : `all parts joined by ${separator}`;
      return `${how}${under(prefix)}`;
    }
    case "template":
      return `${mapping.pattern} becomes ${mapping.replacement}`;
    default:
      return assertNever(mapping);
  }
}

export function renameText({ pattern, replacement }: TagRename): string {
  return `${pattern} becomes ${replacement}`;
}

const overwriteWords = {
  "if-different": "tags that differ are overwritten",
  never: "no tag is overwritten",
  always: "every tag is written again",
  "if-newer": "tags are overwritten where the source's image is newer",
  "keep-both": "tags that differ are kept beside the new ones",
  stop: "nothing is copied where a tag differs",
} as const satisfies Record<RunOptions["overwrite"], string>;

/** How many images at once is always said; what is as usual is left out, but for what happens to tags. */
export function optionsText(options: RunOptions): string {
  const { overwrite, mirror, platforms, bandwidth, parallelImages } = options;
  return [
    overwriteWords[overwrite],
    `${parallelImages} ${parallelImages === 1 ? "image" : "images"} at once`,
    ...listed("only ", platforms),
    ...(options.attachments ? [] : ["without signatures, SBOMs and other referrers"]),
    ...(options.foreignLayers === defaultRunOptions.foreignLayers ? [] : ["without foreign layers"]),
    ...(mirror === null
      ? []
      : [
          `tags that the source does not have are deleted, at most ${mirror.maxDelete} and ${shareText(mirror.maxShare)}`,
        ]),
    ...(bandwidth === null ? [] : [`at most ${speedText(bandwidth)}`]),
    ...(options.verifyBlobs ? ["every blob is read back"] : []),
  ].join("; ");
}
