// What may stand in a sync file (docs/sync-files.md), section by section; names are checked against each other elsewhere.
import { z } from "zod";
import { platformSchema } from "../../shared/platform.ts";
import { runOptionsSchema } from "../../shared/run.ts";
import { tagRenameSchema } from "../../shared/selection.ts";
import {
  mapSchema,
  mirrorSchema,
  renameSchema,
  repositoriesSchema,
  scheduleItem,
} from "./sync-file-rules.ts";
import { speedSchema, strict } from "./sync-file-strict.ts";
import { tagItemSchema } from "./tag-item.ts";

/** A word that people type behind --profile, --job, --source. */
export const nameSchema = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, "expected a name of letters, digits, blanks and . _ -");

const logLevelSchema = z.enum(["debug", "info", "warn", "error"]);
const overwriteSchema = runOptionsSchema.shape.overwrite.unwrap();

const concurrencySchema = strict({
  /** Images copied at once. */
  images: z.number().int().min(1).max(64).optional(),
});

/** What runs do where a job leaves it open. */
const defaultsShape = {
  concurrency: concurrencySchema.optional(),
  bandwidth: speedSchema.optional(),
  overwrite: overwriteSchema.optional(),
  keep_both_suffix: runOptionsSchema.shape.keepBothSuffix.unwrap().optional(),
  attachments: z.boolean().optional(),
  verify: z.boolean().optional(),
};

export const profileSchema = strict({
  ...defaultsShape,
  concurrency: strict({
    images: concurrencySchema.shape.images,
    /** Requests at once to each registry that says nothing itself. */
    connections: z.number().int().min(1).max(64).optional(),
  }).optional(),
  log_level: logLevelSchema.optional(),
  /** Looked at one by one, like those of the file. */
  registries: z.unknown().optional(),
});
export type ProfileEntry = z.infer<typeof profileSchema>;

export const jobSchema = strict({
  ...defaultsShape,
  name: nameSchema,
  from: z.string().min(1).max(4096),
  to: z.string().min(1).max(4096),
  repositories: repositoriesSchema,
  tags: z.array(tagItemSchema).max(100_000).default([]),
  map: mapSchema.default({ kind: "keep" }),
  rename_tags: renameSchema
    .transform(({ match, to }) => tagRenameSchema.parse({ pattern: match, replacement: to }))
    .optional(),
  platforms: z.array(platformSchema).max(32).optional(),
  foreign_layers: z.enum(["if-held", "never"]).optional(),
  mirror: mirrorSchema.default(false),
  schedule: scheduleItem.optional(),
  enabled: z.boolean().default(true),
});
export type JobEntry = z.infer<typeof jobSchema>;

/** Beside these, keys that begin with `x-` may hold what several places refer to by anchors. */
export const topLevelKeys = ["version", "log_level", "profiles", "registries", "jobs"] as const;
export const versionSchema = z.literal(1, "expected 1, the only version there is");
export { logLevelSchema };
