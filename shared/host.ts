// How it stands with a host: its slots, what was decided about it and why, its breaker, quota and bandwidth.
import { z } from "zod";

export const hostQuotaSchema = z.object({
  /** Pulls in the window. */
  limit: z.number().nonnegative(),
  remaining: z.number().nonnegative(),
  windowSeconds: z.number().nonnegative().nullable(),
  /** Milliseconds since 1970. */
  seenAt: z.number(),
});
export type HostQuota = z.infer<typeof hostQuotaSchema>;

export const hostStatusSchema = z.object({
  host: z.string(),
  /** Requests at once: allowed now, allowed at most, in use, waiting. */
  limit: z.number().int(),
  most: z.number().int(),
  adaptive: z.boolean(),
  bulk: z.number().int(),
  small: z.number().int(),
  waiting: z.number().int(),
  /** `waiting` = nothing is sent before `until`; `open` = it does not answer and is left alone; `probing` = one request asks whether it is back. */
  state: z.enum(["ok", "waiting", "open", "probing"]),
  /** Milliseconds since 1970. */
  until: z.number().nullable(),
  /** Where it does not answer: why, in a few words, e.g. `connection refused`. */
  failure: z.string().optional(),
  /** One plain sentence about the newest decision, e.g. why the limit was lowered. */
  reason: z.string().nullable(),
  bandwidth: z.number().nullable(),
  bytesPerSecond: z.number(),
  /** Milliseconds until small requests are answered, smoothed; null before the first. */
  latencyMs: z.number().nullable(),
  quota: hostQuotaSchema.nullable(),
});
export type HostStatus = z.infer<typeof hostStatusSchema>;
