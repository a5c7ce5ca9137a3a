// The parts of a run as options of the command line, each the shortest exact way to say it; what is the default is left out.
import { ageText, shareText, speedText } from "../../shared/amounts.ts";
import { assertNever } from "../../shared/assert-never.ts";
import { defaultRunOptions, mirrorSchema, type RunOptions } from "../../shared/run.ts";
import type { Mapping, TagRename, TagRule, TagSet } from "../../shared/selection.ts";
import { tagItemText } from "./tag-item.ts";

function each(option: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [option, value]);
}

/** A set of one condition has an option of its own. */
function setWords(set: TagSet): string[] {
  const { regex, semver, prereleases, ...others } = set;
  const alone = Object.values(others).every((condition) => condition === undefined) && !prereleases;
  if (alone && regex !== undefined && semver === undefined) return ["--tag-regex", regex];
  if (alone && semver !== undefined && regex === undefined) return ["--semver", semver];
  return ["--tag-set", tagItemText(set)];
}

export function tagWords(rule: TagRule): string[] {
  const { names, include, exclude, sets, newerThanSeconds, latest } = rule;
  return [
    ...(names.length > 0 ? ["--tags", names.join(",")] : []),
    ...each("--tag-filter", include),
    ...sets.flatMap(setWords),
    ...each("--exclude-tag", exclude),
    ...(newerThanSeconds === undefined ? [] : ["--newer-than", ageText(newerThanSeconds)]),
    ...(latest === undefined ? [] : ["--latest", String(latest.count)]),
    ...(latest?.by === "semver" ? ["--latest-by", "semver"] : []),
  ];
}

function prefixWords(prefix: string): string[] {
  return prefix === "" ? [] : ["--prefix", prefix];
}

export function mappingWords(mapping: Mapping): string[] {
  switch (mapping.kind) {
    case "keep":
      return [];
    case "prefix":
      return prefixWords(mapping.prefix);
    case "into":
      return ["--into", mapping.repository];
    case "strip":
      return ["--strip", String(mapping.levels), ...prefixWords(mapping.prefix)];
    case "flatten":
      return [
        "--flatten",
        ...(mapping.separator === undefined ? [] : ["--flatten-separator", mapping.separator]),
        ...prefixWords(mapping.prefix),
      ];
    case "template":
      return ["--map", `${mapping.pattern}=>${mapping.replacement}`];
    default:
      return assertNever(mapping);
  }
}

export function renameWords(rename: TagRename | null): string[] {
  return rename === null ? [] : ["--rename-tag", `${rename.pattern}=>${rename.replacement}`];
}

/** What `copy` and `replicate` both understand. */
export function optionWords(options: RunOptions): string[] {
  const { overwrite, keepBothSuffix, verifyBlobs, platforms, attachments, foreignLayers, bandwidth } =
    options;
  return [
    ...(overwrite === defaultRunOptions.overwrite ? [] : ["--overwrite", overwrite]),
    ...(keepBothSuffix === defaultRunOptions.keepBothSuffix ? [] : [`--keep-both-suffix=${keepBothSuffix}`]),
    ...each("--platform", platforms),
    ...(attachments ? [] : ["--no-attachments"]),
    ...(foreignLayers === "never" ? ["--no-foreign-layers"] : []),
    ...(bandwidth === null ? [] : ["--bandwidth", speedText(bandwidth)]),
    ...(verifyBlobs ? ["--verify"] : []),
  ];
}

const defaultMirror = mirrorSchema.parse({});

/** What only `replicate` understands. */
export function manyWords({ mirror, parallelImages }: RunOptions): string[] {
  return [
    ...(parallelImages === defaultRunOptions.parallelImages
      ? []
      : ["--parallel-workers", String(parallelImages)]),
    ...(mirror === null ? [] : ["--mirror"]),
    ...(mirror === null || mirror.maxDelete === defaultMirror.maxDelete
      ? []
      : ["--max-delete", String(mirror.maxDelete)]),
    ...(mirror === null || mirror.maxShare === defaultMirror.maxShare
      ? []
      : ["--max-delete-share", shareText(mirror.maxShare)]),
    ...(mirror === null ? [] : ["--yes"]),
  ];
}
