// What a mirror may delete: decided by names alone, so that what nobody selected is never touched.
import { FreightlinerError } from "../../shared/errors.ts";
import { compileGlobs } from "../../shared/glob.ts";
import { keepsApart, mapTag } from "../../shared/mapping.ts";
import { isAttachmentTag } from "../../shared/reference.ts";
import type { JobSpec } from "../../shared/run.ts";
import type { Mapping, SelectionItem, TagRename, TagRule } from "../../shared/selection.ts";
import { compileTagRule } from "../../shared/tag-matching.ts";
import type { GatheredDestination } from "./selected.ts";

export interface ExtraTag {
  readonly tag: string;
  /** One plain sentence why it goes. */
  readonly reason: string;
  /** Repositories of the source whose lists did not show it: each is asked for the tag itself before it counts as missing. */
  readonly missingIn: readonly string[];
}

export interface ExtraTags {
  readonly extra: readonly ExtraTag[];
  /** Tags that were looked at: the whole of which `extra` is a share. */
  readonly seen: number;
}

export interface PassedRepository {
  readonly gathered: GatheredDestination;
  /** Tags that selected images land on, whether they can be copied or not. */
  readonly targets: ReadonlySet<string>;
  readonly readable: boolean;
}

/** Why nothing is deleted in a destination repository, as a sentence; `named-only` where nothing of it was selected by pattern. */
export function whyUntouched(
  { gathered, readable }: PassedRepository,
  isCopiedFrom: (destinationRepository: string) => boolean,
): string | "named-only" | undefined {
  const { destinationRepository, sources, complete } = gathered;
  // Its tags are the source's own.
  if (isCopiedFrom(destinationRepository))
    return `Nothing is deleted in ${destinationRepository}: it is copied from as well.`;
  const listed = sources.every((source) => source.listing !== undefined);
  if (!listed && readable) return "named-only";
  if (!complete || !readable)
    return `Nothing is deleted in ${destinationRepository}: not everything at the source could be read.`;
  return undefined;
}

/**
 * Tags under the rules of the repository's sources that nothing lands on. A tag that the renaming would change could not
 * have come from a source's tag of that name, so that it is somebody else's and stays.
 */
export function extraTags(
  tags: readonly string[],
  { gathered, targets }: PassedRepository,
  rename: TagRename | null,
): ExtraTags {
  const rules = gathered.sources.flatMap((source) => source.rules);
  const atSource = new Set(gathered.sources.flatMap((source) => source.tags ?? []));
  const [first, ...others] = gathered.sources;
  const where =
    others.length === 0 ? `${first?.sourceRepository}` : `any of ${gathered.sources.length} sources`;
  const atAll = gathered.sources.map((source) => source.sourceRepository);
  const whyOf = (tag: string): Why =>
    atSource.has(tag)
      ? { reason: `${tag} is at the source but is not selected.`, missingIn: [] }
      : { reason: `The source does not have ${tag} in ${where}.`, missingIn: atAll };
  return chosen(tags, (tag) =>
    !targets.has(tag) && fallsUnder(rules, tag) && keepsName(tag, rename) ? whyOf(tag) : undefined,
  );
}

type Why = Omit<ExtraTag, "tag">;

function chosen(tags: readonly string[], whyOf: (tag: string) => Why | undefined): ExtraTags {
  const own = tags.filter((tag) => !isAttachmentTag(tag));
  const extra = own.flatMap((tag) => {
    const why = whyOf(tag);
    return why === undefined ? [] : [{ tag, ...why }];
  });
  return { extra, seen: own.length };
}

function fallsUnder(rules: readonly TagRule[], tag: string): boolean {
  return rules.some((rule) => compileTagRule(rule).matchesName(tag));
}

function keepsName(tag: string, rename: TagRename | null): boolean {
  try {
    return mapTag(tag, rename) === tag;
  } catch (error) {
    // The renaming makes no tag of it.
    if (error instanceof FreightlinerError) return false;
    throw error;
  }
}

export interface LostRepository {
  readonly sourceRepository: string;
  extraTags(tags: readonly string[]): ExtraTags;
}

/** Tells whether the selection reads a repository of that name at the source, by its own name or by a pattern. */
export function selectedRepositories({ selection }: Pick<JobSpec, "selection">): (name: string) => boolean {
  const items = selection.map((item) => {
    if (item.kind === "image") return (name: string) => name === item.repository;
    const { names, include, exclude } = item;
    const byPattern = names.length === 0 || include.length > 0;
    const globs = compileGlobs(include, exclude);
    const named = new Set(names);
    return (name: string) => named.has(name) || (byPattern && globs.matches(name));
  });
  return (name) => items.some((isSelected) => isSelected(name));
}

/**
 * Finds for a repository's name at the destination what the source would call it, where the selection asks for that name by
 * pattern; undefined where the mapping does not tell or nothing is selected by pattern.
 */
export function lostRepositories(
  spec: Pick<JobSpec, "selection" | "mapping" | "renameTags">,
  isCopiedFrom: (destinationRepository: string) => boolean,
): ((destinationRepository: string) => LostRepository | undefined) | undefined {
  const items = spec.selection.filter(isByPattern);
  if (items.length === 0 || !keepsApart(spec.mapping)) return undefined;
  const matchers = items.map((item) => ({
    rule: item.tags,
    repositories: compileGlobs(item.include, item.exclude),
  }));
  return (destinationRepository) => {
    const sourceRepository = sourceName(destinationRepository, spec.mapping);
    if (sourceRepository === undefined || isCopiedFrom(destinationRepository)) return undefined;
    const rules = matchers.filter((one) => one.repositories.matches(sourceRepository)).map((one) => one.rule);
    if (rules.length === 0) return undefined;
    const why = {
      reason: `The source has no repository ${sourceRepository}.`,
      missingIn: [sourceRepository],
    };
    return {
      sourceRepository,
      extraTags: (tags) =>
        chosen(tags, (tag) => (fallsUnder(rules, tag) && keepsName(tag, spec.renameTags) ? why : undefined)),
    };
  };
}

type RepositoriesItem = Extract<SelectionItem, { kind: "repositories" }>;

/** Only such an item has read the source's whole catalog; tags that are named are not sought where nobody named the repository. */
function isByPattern(item: SelectionItem): item is RepositoriesItem {
  if (item.kind !== "repositories" || !compileTagRule(item.tags).needsList) return false;
  return item.names.length === 0 || item.include.length > 0;
}

function sourceName(destinationRepository: string, mapping: Mapping): string | undefined {
  if (mapping.kind === "keep") return destinationRepository;
  if (mapping.kind !== "prefix") return undefined;
  const prefix = mapping.prefix.replace(/^\/+|\/+$/g, "");
  if (prefix === "") return destinationRepository;
  return destinationRepository.startsWith(`${prefix}/`)
    ? destinationRepository.slice(prefix.length + 1)
    : undefined;
}
