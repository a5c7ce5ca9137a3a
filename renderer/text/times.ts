// Points in time as people read them, in the user's locale but by the 24-hour clock: exact, and as a distance from now.

export const timesText = { form: "HH:MM" } as const;

const exact = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "medium",
  hourCycle: "h23",
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export function exactTime(at: number): string {
  return exact.format(at);
}

const steps = [
  { unit: "minute", ms: 60_000, upTo: 60 },
  { unit: "hour", ms: 3_600_000, upTo: 36 },
  { unit: "day", ms: 86_400_000, upTo: 45 },
  { unit: "month", ms: 30.44 * 86_400_000, upTo: 18 },
] as const;

/** `just now`, `4 min. ago`, `in 2 hr.`, `yesterday`. */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 45_000) return distance > 0 ? "in a moment" : "just now";
  for (const { unit, ms, upTo } of steps) {
    const count = Math.round(distance / ms);
    if (Math.abs(count) < upTo) return relative.format(count, unit);
  }
  return relative.format(Math.round(distance / (365.25 * 86_400_000)), "year");
}
