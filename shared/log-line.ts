// Lines of the log as the window shows them.
import { z } from "zod";

export const logLevels = ["debug", "info", "warn", "error"] as const;
export const logLevelSchema = z.enum(logLevels);

export const logLineSchema = z.object({
  /** Counts up within the process. */
  id: z.number().int(),
  /** Milliseconds since 1970. */
  at: z.number(),
  level: logLevelSchema,
  message: z.string(),
  /** The run that it is about. */
  runId: z.string().nullable(),
  /** All further fields as one line of JSON, without secrets. */
  fields: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

export const logQuerySchema = z.object({
  runId: z.string().max(26).optional(),
  /** That level and worse. */
  level: logLevelSchema.default("info"),
  text: z.string().max(500).optional(),
  /** Lines behind this id; the last ones where it is left out. */
  after: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(2000).default(500),
});
