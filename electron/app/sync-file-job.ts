// A job as the entries of a sync file: the other way of sync-job.ts. What no entry can say is refused, never left out.
import { ageText, shareText, speedText } from "../../shared/amounts.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Schedule } from "../../shared/job.ts";
import { isTag } from "../../shared/reference.ts";
import { defaultRunOptions, type JobSpec, mirrorSchema, type RunOptions } from "../../shared/run.ts";
import type { Mapping, SelectionItem, TagRule, TagSet } from "../../shared/selection.ts";

export interface WrittenJob {
  readonly name: string;
  /** Names of registries in the file. */
  readonly from: string;
  readonly to: string;
  readonly spec: JobSpec;
  readonly schedule?: Schedule | null;
  readonly enabled?: boolean;
}

type Rule = Extract<SelectionItem, { kind: "repositories" }>;
type Named = Extract<SelectionItem, { kind: "image" }>;

/** One entry for each repositories rule of the selection, and one for each repository of single images. */
export function jobEntries(job: WrittenJob): object[] {
  const { spec } = job;
  const rules = spec.selection.flatMap((item) => (item.kind === "repositories" ? [{ rule: item }] : []));
  const images = imageRules(spec.selection.flatMap((item) => (item.kind === "image" ? [item] : [])));
  return [...rules, ...images].map(({ rule, into }: PlacedRule, at) => ({
    name: at === 0 ? job.name : `${job.name.slice(0, 90)} ${at + 1}`,
    from: job.from,
    to: job.to,
    repositories: repositoriesOf(rule),
    ...said("tags", tagItems(rule.tags)),
    ...said("map", mapOf(into === undefined ? spec.mapping : { kind: "into", repository: into })),
    ...(spec.renameTags === null
      ? {}
      : { rename_tags: { match: spec.renameTags.pattern, to: spec.renameTags.replacement } }),
    ...optionsOf(spec.options),
    ...scheduleOf(job.schedule ?? null),
    ...(job.enabled === false ? { enabled: false } : {}),
  }));
}

interface PlacedRule {
  readonly rule: Rule;
  /** Where the images were put by hand. */
  readonly into?: string | undefined;
}

function imageRules(images: readonly Named[]): PlacedRule[] {
  const groups = new Map<string, { into: string | undefined; repository: string; tags: string[] }>();
  for (const { repository, reference, destinationRepository: into, destinationTag } of images) {
    if (!isTag(reference)) throw inexpressible(`${repository}@${reference} is named by its digest`);
    if (destinationTag !== undefined && destinationTag !== reference)
      throw inexpressible(`${repository}:${reference} gets the tag ${destinationTag} there`);
    const key = JSON.stringify([repository, into]);
    const group = groups.get(key) ?? { into, repository, tags: [] };
    group.tags.push(reference);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ into, repository, tags: names }) => ({
    into,
    rule: {
      kind: "repositories",
      names: [repository],
      include: [],
      exclude: [],
      tags: { names, include: [], exclude: [], sets: [] },
    },
  }));
}

const globMark = /[*?[{]/;

function repositoriesOf({ names, include, exclude }: Rule): object {
  if (names.length === 0) return { include, ...said("exclude", exclude) };
  if (exclude.length > 0) throw inexpressible("repositories are named, and others are left out by a pattern");
  if (include.some((glob) => !globMark.test(glob)))
    throw inexpressible("a pattern for repositories has no sign of one");
  return [...names, ...include];
}

function tagItems({ names, include, exclude, sets, newerThanSeconds, latest }: TagRule): unknown[] {
  const globs = include.map((glob): TagSet => ({ glob, prereleases: false }));
  const all = [...sets, ...globs];
  const narrowing = {
    ...(newerThanSeconds === undefined ? {} : { newerThanSeconds }),
    ...(latest === undefined ? {} : { latest }),
  };
  const excludes = exclude.map((glob) => ({ exclude: glob }));
  if (Object.keys(narrowing).length === 0) return [...names, ...all.map(setItem), ...excludes];
  const [only = { prereleases: false }] = all;
  const isNarrowed = only.newerThanSeconds !== undefined || only.latest !== undefined;
  if (names.length > 0 || all.length > 1 || isNarrowed)
    throw inexpressible("age or the newest are asked of several rules for tags together");
  return [setItem({ ...only, ...narrowing }), ...excludes];
}

function setItem({ prereleases, newerThanSeconds, latest, ...patterns }: TagSet): object {
  return {
    ...patterns,
    ...(prereleases ? { prereleases } : {}),
    ...(newerThanSeconds === undefined ? {} : { newer_than: ageText(newerThanSeconds) }),
    ...(latest === undefined ? {} : { latest: latest.count, by: latest.by }),
  };
}

function mapOf(mapping: Mapping): object {
  const prefix = "prefix" in mapping && mapping.prefix !== "" ? { prefix: mapping.prefix } : {};
  switch (mapping.kind) {
    case "keep":
      return {};
    case "prefix":
      return prefix;
    case "into":
      return { into: mapping.repository };
    case "strip":
      return { strip: mapping.levels, ...prefix };
    case "flatten":
      return {
        flatten: true,
        ...(mapping.separator === undefined ? {} : { separator: mapping.separator }),
        ...prefix,
      };
    case "template":
      return { template: { match: mapping.pattern, to: mapping.replacement } };
  }
}

function optionsOf(options: RunOptions): object {
  const { overwrite, keepBothSuffix, verifyBlobs, parallelImages, platforms, attachments } = options;
  const { foreignLayers, mirror, bandwidth } = options;
  const usual = defaultRunOptions;
  return {
    ...(overwrite === usual.overwrite ? {} : { overwrite }),
    ...(keepBothSuffix === usual.keepBothSuffix ? {} : { keep_both_suffix: keepBothSuffix }),
    ...(verifyBlobs === usual.verifyBlobs ? {} : { verify: verifyBlobs }),
    ...(parallelImages === usual.parallelImages ? {} : { concurrency: { images: parallelImages } }),
    ...said("platforms", platforms),
    ...(attachments === usual.attachments ? {} : { attachments }),
    ...(foreignLayers === usual.foreignLayers ? {} : { foreign_layers: foreignLayers }),
    ...(bandwidth === null ? {} : { bandwidth: speedText(bandwidth) }),
    ...(mirror === null ? {} : { mirror: mirrorOf(mirror) }),
  };
}

function mirrorOf({ maxDelete, maxShare }: NonNullable<RunOptions["mirror"]>): unknown {
  const usual = mirrorSchema.parse({});
  const limits = {
    ...(maxDelete === usual.maxDelete ? {} : { max_delete: maxDelete }),
    ...(maxShare === usual.maxShare ? {} : { max_share: shareText(maxShare) }),
  };
  return Object.keys(limits).length === 0 ? true : limits;
}

function scheduleOf(schedule: Schedule | null): object {
  if (schedule === null) return {};
  const { cron, timeZone, missed } = schedule;
  if (timeZone === null && missed === "run-once") return { schedule: cron };
  const more = timeZone === null ? {} : { time_zone: timeZone };
  return { schedule: { cron, ...more, ...(missed === "run-once" ? {} : { missed }) } };
}

/** Nothing where there is nothing to say. */
function said(key: string, value: readonly unknown[] | object): object {
  const isEmpty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
  return isEmpty ? {} : { [key]: value };
}

function inexpressible(why: string): FreightlinerError {
  return new FreightlinerError({
    code: "unsupported",
    operation: "write-sync-file",
    message: `A sync file cannot say this: ${why}.`,
  });
}
