// What a comparison of two registries, repositories or images says.
import { z } from "zod";

export const comparedRepositorySchema = z.object({
  /** Null where the source has no repository for it. */
  source: z.string().nullable(),
  /** Null where the destination has none. */
  destination: z.string().nullable(),
});
export type ComparedRepository = z.infer<typeof comparedRepositorySchema>;

export const comparedTagsSchema = z.object({
  /** At the source only. */
  missing: z.array(z.object({ tag: z.string(), sourceDigest: z.string() })),
  different: z.array(z.object({ tag: z.string(), sourceDigest: z.string(), destinationDigest: z.string() })),
  /** At the destination only. */
  extra: z.array(z.object({ tag: z.string(), destinationDigest: z.string().nullable() })),
  same: z.number().int(),
});
export type ComparedTags = z.infer<typeof comparedTagsSchema>;

export const comparedPartSchema = z.object({
  what: z.enum(["manifest", "config", "layer", "attachment"]),
  digest: z.string(),
  mediaType: z.string(),
  size: z.number(),
  platform: z.string().nullable(),
  at: z.enum(["both", "source", "destination"]),
});

export const comparedImageSchema = z.object({
  equal: z.boolean(),
  /** Null where the image is not there. */
  sourceDigest: z.string().nullable(),
  destinationDigest: z.string().nullable(),
  parts: z.array(comparedPartSchema),
});
export type ComparedImage = z.infer<typeof comparedImageSchema>;
