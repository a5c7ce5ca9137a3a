// The filter chips of a tag list: conditions that a tag must all meet. Empty: nothing is filtered away.
import { z } from "zod";
import { platformSchema } from "../../shared/platform.ts";
import { globSchema, latestSchema, regexSchema, semverRangeSchema } from "../../shared/selection.ts";

/** Patterns of one chip; any of them lets a tag in. */
const patterns = z.array(globSchema).max(20).default([]);
const bytes = z.number().int().nonnegative();

export const chipSchemas = {
  glob: z.object({ include: patterns, exclude: patterns }),
  regex: regexSchema,
  semver: z.object({ range: semverRangeSchema, prereleases: z.boolean().default(false) }),
  latest: latestSchema.extend({ prereleases: z.boolean().default(false) }),
  newerThanSeconds: z.number().int().min(1).max(3_155_760_000),
  platforms: z.array(platformSchema).min(1).max(16),
  size: z.object({ smallest: bytes.optional(), largest: bytes.optional() }),
} as const;

export const tagChipsSchema = z.object(chipSchemas).partial();
export type TagChips = z.output<typeof tagChipsSchema>;
export type ChipKind = keyof typeof chipSchemas;
export const chipKinds = Object.keys(chipSchemas) as readonly ChipKind[];

export const noChips: TagChips = {};

export function setKinds(chips: TagChips): readonly ChipKind[] {
  return chipKinds.filter((kind) => chips[kind] !== undefined);
}

export function withoutChip(chips: TagChips, kind: ChipKind): TagChips {
  return Object.fromEntries(Object.entries(chips).filter(([key]) => key !== kind));
}
