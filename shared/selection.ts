// What to copy: images by name, or repositories and tags by rule; and where each lands.
import validRange from "semver/ranges/valid.js";
import { z } from "zod";
import { isDigest } from "./digest.ts";
import { compileGlob } from "./glob.ts";
import { isRepositoryName, isTag } from "./reference.ts";
import { isRegex } from "./regex.ts";
import { isRewrite } from "./rewrite.ts";

function isSemverRange(range: string): boolean {
  return validRange(range) !== null;
}

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

export const regexSchema = z
  .string()
  .min(1)
  .max(1000)
  .refine(isRegex, "expected a regular expression of RE2 (no look-around, no back-references)");
export const semverRangeSchema = z
  .string()
  .min(1)
  .max(256)
  .refine(isSemverRange, "expected a range like >=1.2.0 <2");

/** The newest N: by version number, or by the creation date of the image configuration. */
export const latestSchema = z.object({
  count: z.number().int().min(1).max(100_000),
  by: z.enum(["semver", "created"]).default("created"),
});
export type Latest = z.infer<typeof latestSchema>;

/** Seconds; as long as a century. */
const ageSchema = z.number().int().min(1).max(3_155_760_000);

/** Tags that meet every condition given; `latest` is taken last, among those that meet the others. */
export const tagSetSchema = z
  .object({
    glob: globSchema.optional(),
    /** RE2, matched against the whole tag. */
    regex: regexSchema.optional(),
    semver: semverRangeSchema.optional(),
    /** Pre-releases count as versions of a range and for `latest` even where the range names none of them. */
    prereleases: z.boolean().default(false),
    newerThanSeconds: ageSchema.optional(),
    latest: latestSchema.optional(),
  })
  .refine(
    (set) =>
      set.glob !== undefined ||
      set.regex !== undefined ||
      set.semver !== undefined ||
      set.newerThanSeconds !== undefined ||
      set.latest !== undefined,
    "expected at least one of glob, regex, semver, newerThanSeconds, latest",
  );
export type TagSet = z.infer<typeof tagSetSchema>;

/**
 * Which tags of a repository: the named ones; and those that match an include or belong to a set (all, where nothing of
 * the three is given), narrowed by age and then to the latest. What an exclude matches is out before anything is counted.
 * Named tags are not narrowed.
 */
export const tagRuleSchema = z.object({
  names: z.array(tagSchema).max(100_000).default([]),
  include: z.array(globSchema).max(100).default([]),
  exclude: z.array(globSchema).max(100).default([]),
  sets: z.array(tagSetSchema).max(100).default([]),
  /** Only tags whose image was created within that time before now. */
  newerThanSeconds: ageSchema.optional(),
  latest: latestSchema.optional(),
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

const groupsExpected = "expected groups that the pattern has ($1 or its name in braces) and $$ for a dollar";

/** How a source repository's name becomes the destination's. */
export const mappingSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("keep") }),
  z.object({ kind: z.literal("prefix"), prefix: z.string().max(255) }),
  /** Everything into this one repository. */
  z.object({ kind: z.literal("into"), repository: repositoryNameSchema }),
  /** Leaves the first `levels` path components out (never the last one), then puts the prefix before. */
  z.object({
    kind: z.literal("strip"),
    levels: z.number().int().min(1).max(32),
    prefix: z.string().max(255).default(""),
  }),
  /** One level: the last component, or all of them joined by the separator; then the prefix before. */
  z.object({
    kind: z.literal("flatten"),
    separator: z.enum(["-", "_", "__", "."]).optional(),
    prefix: z.string().max(255).default(""),
  }),
  /** RE2 over the whole name; `$1` and `${name}` in the replacement stand for its groups, `$$` for a dollar. */
  z
    .object({ kind: z.literal("template"), pattern: regexSchema, replacement: z.string().min(1).max(255) })
    .refine(isRewrite, { error: groupsExpected, path: ["replacement"] }),
]);
export type Mapping = z.infer<typeof mappingSchema>;

/** How a source tag becomes the destination's; tags that the pattern does not match keep their name. */
export const tagRenameSchema = z
  .object({ pattern: regexSchema, replacement: z.string().min(1).max(255) })
  .refine(isRewrite, { error: groupsExpected, path: ["replacement"] });
export type TagRename = z.infer<typeof tagRenameSchema>;
