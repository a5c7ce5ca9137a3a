// Saved jobs: what to copy under a name, and when.
import { z } from "zod";
import { jobSpecSchema, runIdSchema, wholeJobSpecSchema } from "./run.ts";

export const jobIdSchema = z.string().regex(/^[0-9A-Z]{26}$/, "expected a job id");

/** What becomes of times that passed while no process was there: one run as soon as there is one, or none. */
export const scheduleSchema = z.object({
  /** Five fields: minute hour day month weekday. */
  cron: z.string().min(1).max(200),
  /** An IANA name like Europe/Vienna; the machine's own where null. */
  timeZone: z.string().max(100).nullable().default(null),
  missed: z.enum(["run-once", "skip"]).default("run-once"),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const savedJobInputSchema = z.object({
  /** The job to replace. */
  id: jobIdSchema.optional(),
  /** It stands on command lines, in logs and in terminals. */
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}*$/u, "expected a name without control characters"),
  spec: wholeJobSpecSchema,
  schedule: scheduleSchema.nullable().default(null),
  enabled: z.boolean().default(true),
});
export type SavedJobInput = z.input<typeof savedJobInputSchema>;
export type CheckedJobInput = z.output<typeof savedJobInputSchema>;

export const savedJobSchema = z.object({
  id: jobIdSchema,
  name: z.string(),
  spec: jobSpecSchema,
  schedule: scheduleSchema.nullable(),
  enabled: z.boolean(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  nextRunAt: z.number().nullable(),
  lastRunAt: z.number().nullable(),
  lastRunId: runIdSchema.nullable(),
  /** Why its last time brought no run, or a run that was not started; null where it did. */
  note: z.string().nullable(),
});
export type SavedJob = z.infer<typeof savedJobSchema>;
