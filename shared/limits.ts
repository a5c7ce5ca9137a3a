// Limits of the whole program: runs at once, and bandwidth by time of day.
import { z } from "zod";

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "expected a time of day like 08:30");

/** Local time; `to` before `from` goes over midnight. */
export const bandwidthRuleSchema = z.object({
  /** 0 = Sunday; all days where empty. */
  days: z.array(z.number().int().min(0).max(6)).max(7).default([]),
  from: timeOfDay,
  to: timeOfDay,
  /** Bytes per second; null = no limit. */
  bytesPerSecond: z.number().int().min(1024).nullable(),
});
export type BandwidthRule = z.infer<typeof bandwidthRuleSchema>;

export const limitsSchema = z.object({
  /** Runs worked on at once by one process. */
  parallelRuns: z.number().int().min(1).max(16).default(2),
  /** Bytes per second of all runs together; null = no limit. */
  bandwidth: z.number().int().min(1024).nullable().default(null),
  /** The first rule that holds now counts in place of `bandwidth`. */
  timetable: z.array(bandwidthRuleSchema).max(50).default([]),
});
export type Limits = z.infer<typeof limitsSchema>;
