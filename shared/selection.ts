// What to copy: images by name, or repositories and tags by rule; and where each lands.
import { z } from "zod";
import { isDigest } from "./digest.ts";
import { FreightlinerError } from "./errors.ts";
import { compileGlob, compileGlobs, type Matcher } from "./glob.ts";
import { isAttachmentTag, isRepositoryName, isTag } from "./reference.ts";

export const repositoryNameSchema = z
  .string()
  .refine(isRepositoryName, "expected a repository name like team/app");
export const tagSchema = z
  .string()
  .refine(isTag, "expected a tag like v1.2 (letters, digits and . _ -, at most 128)");
export const referenceTextSchema = z
  .string()
  .refine((text) => isTag(text) || isDigest(text), "expected a tag or a digest sha256:…");
export const globSchema = z
  .string()
  .min(1)
  .max(1000)
  .refine((pattern) => {
    try {
      compileGlob(pattern);
      return true;
    } catch {
      return false;
    }
  }, "expected a glob like v1.* or {alpha,beta}-*");

/** Which tags of a repository: the named ones, or those that match an include (all, where none is given), less the excludes. */
export const tagRuleSchema = z.object({
  names: z.array(tagSchema).max(100_000).default([]),
  include: z.array(globSchema).max(100).default([]),
  exclude: z.array(globSchema).max(100).default([]),
});
export type TagRule = z.infer<typeof tagRuleSchema>;

export const selectionItemSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("image"),
    repository: repositoryNameSchema,
    /** Tag or digest at the source. */
    reference: referenceTextSchema,
    /** Overrides the mapping. */
    destinationRepository: repositoryNameSchema.optional(),
    /** Tag at the destination; the source's own by default, none for a digest. */
    destinationTag: tagSchema.optional(),
  }),
  z.object({
    kind: z.literal("repositories"),
    names: z.array(repositoryNameSchema).max(100_000).default([]),
    include: z.array(globSchema).max(100).default([]),
    exclude: z.array(globSchema).max(100).default([]),
    tags: tagRuleSchema,
  }),
]);
export type SelectionItem = z.infer<typeof selectionItemSchema>;
export const selectionSchema = z.array(selectionItemSchema).min(1).max(10_000);

/** How a source repository's name becomes the destination's. */
export const mappingSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("keep") }),
  z.object({ kind: z.literal("prefix"), prefix: z.string().max(255) }),
  /** Everything into this one repository. */
  z.object({ kind: z.literal("into"), repository: repositoryNameSchema }),
]);
export type Mapping = z.infer<typeof mappingSchema>;

/** @throws FreightlinerError `usage` where the result is not a repository name. */
export function mapRepository(repository: string, mapping: Mapping): string {
  const mapped =
    mapping.kind === "keep"
      ? repository
      : mapping.kind === "into"
        ? mapping.repository
        : joinPath(mapping.prefix, repository);
  if (isRepositoryName(mapped)) return mapped;
  throw new FreightlinerError({
    code: "usage",
    operation: "map-repository",
    message: `The mapping turns "${repository}" into "${mapped}", which is not a repository name.`,
  });
}

function joinPath(prefix: string, repository: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? repository : `${trimmed}/${repository}`;
}

/** A tag matcher for a rule; attachments (`sha256-…`) match only where they are named. */
export function compileTagRule(rule: TagRule): Matcher {
  const names = new Set(rule.names);
  const included = compileGlobs(rule.include, []);
  const excluded: Matcher = rule.exclude.length === 0 ? nothing : compileGlobs(rule.exclude, []);
  const byPattern = rule.include.length > 0 || names.size === 0;
  return {
    matches: (tag) =>
      !excluded.matches(tag) &&
      (names.has(tag) || (byPattern && !isAttachmentTag(tag) && included.matches(tag))),
  };
}

const nothing: Matcher = { matches: () => false };
