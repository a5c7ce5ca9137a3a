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

/** A moment of the week in local time. */
export interface WeekTime {
  /** 0 = Sunday. */
  readonly day: number;
  /** Minutes since midnight. */
  readonly minute: number;
}

/** The bandwidth that holds at a moment: the first rule that does, else the general one. Bytes per second; null = no limit. */
export function bandwidthAt(limits: Pick<Limits, "bandwidth" | "timetable">, at: WeekTime): number | null {
  const rule = limits.timetable.find((one) => holds(one, at));
  return rule === undefined ? limits.bandwidth : rule.bytesPerSecond;
}

/** A rule over midnight belongs to the day that it begins on; one with equal times holds for the whole day from then on. */
function holds({ days, from, to }: BandwidthRule, { day, minute }: WeekTime): boolean {
  const isOn = (weekday: number): boolean => days.length === 0 || days.includes(weekday);
  const [start, end] = [minutes(from), minutes(to)];
  if (start < end) return isOn(day) && minute >= start && minute < end;
  return (isOn(day) && minute >= start) || (isOn((day + 6) % 7) && minute < end);
}

function minutes(time: string): number {
  const [hours = "0", rest = "0"] = time.split(":");
  return Number(hours) * 60 + Number(rest);
}
