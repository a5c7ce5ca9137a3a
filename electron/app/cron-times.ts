// When a schedule comes next: cron expressions of five fields in a time zone, over the days when clocks change.
import { Cron } from "croner";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Schedule } from "../../shared/job.ts";

const example = 'like "0 2 * * *" (minute hour day month weekday; every night at two)';

/**
 * The first times behind `after`, in milliseconds since 1970; fewer where the calendar has no more.
 * A time of day that the clocks jump over comes at the end of the jump; one that they show twice comes once. Times that
 * recur within the hour just go on.
 * @throws FreightlinerError `usage` for an expression or a time zone that cannot be read, or that never comes.
 */
export function nextTimes(schedule: Schedule, after: number, count: number): number[] {
  const times = readCron(schedule)
    .nextRuns(count, new Date(after))
    .map((date) => date.getTime());
  if (times.length > 0) return times;
  throw usage(`The schedule "${schedule.cron}" never comes; expected days that the calendar has.`);
}

/** @throws FreightlinerError `usage`, as `nextTimes`. */
export function nextTime(schedule: Schedule, after: number): number | null {
  return nextTimes(schedule, after, 1)[0] ?? null;
}

function readCron({ cron, timeZone }: Schedule): Cron {
  // Croner also reads dates, seconds and @nicknames; five fields is what every other cron reads too.
  if (cron.trim().split(/\s+/).length !== 5)
    throw usage(`The schedule "${cron}" cannot be read; expected five fields ${example}.`);
  if (timeZone !== null && !isTimeZone(timeZone))
    throw usage(`There is no time zone "${timeZone}"; expected an IANA name like "Europe/Vienna".`);
  try {
    return new Cron(cron, {
      mode: "5-part",
      paused: true,
      // As Vixie cron does: "30 2,14 * * *" means times of day, "*/30 * * * *" means intervals.
      fixedTimeRule: "no-wildcard",
      ...(timeZone === null ? {} : { timezone: timeZone }),
    });
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message.replace(/^\w+: /, "") : String(thrown);
    throw usage(`The schedule "${cron}" cannot be read: ${detail}; expected one ${example}.`, thrown);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function usage(message: string, cause?: unknown): FreightlinerError {
  return new FreightlinerError({ code: "usage", operation: "read-schedule", message, cause });
}
