// The bandwidth over the week as stretches of equal limit, for the picture of the timetable.
import { type BandwidthRule, bandwidthAt, type Limits } from "../../../shared/limits.ts";

export interface Stretch {
  /** Minutes since midnight. */
  readonly from: number;
  readonly to: number;
  /** Bytes per second; null = no limit. */
  readonly bytesPerSecond: number | null;
}

export const minutesADay = 24 * 60;

/** The stretches of one day; rules begin and end at whole minutes. */
export function stretchesOf(
  limits: Pick<Limits, "bandwidth" | "timetable">,
  day: number,
): readonly Stretch[] {
  const edges = new Set([
    0,
    minutesADay,
    ...limits.timetable.flatMap(({ from, to }) => [minuteOf(from), minuteOf(to)]),
  ]);
  const sorted = [...edges].toSorted((a, b) => a - b);
  const stretches: Stretch[] = [];
  for (const [index, from] of sorted.slice(0, -1).entries()) {
    const bytesPerSecond = bandwidthAt(limits, { day, minute: from });
    const last = stretches.at(-1);
    const to = sorted[index + 1] ?? minutesADay;
    if (last !== undefined && last.bytesPerSecond === bytesPerSecond)
      stretches[stretches.length - 1] = { ...last, to };
    else stretches.push({ from, to, bytesPerSecond });
  }
  return stretches;
}

function minuteOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** `08:30`. */
export function timeOf(minute: number): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Monday first: the days as `Date.getDay` counts them. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

const short = new Intl.DateTimeFormat(undefined, { weekday: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(undefined, { weekday: "long", timeZone: "UTC" });

/** 1970-01-04 was a Sunday. */
function dateOf(day: number): Date {
  return new Date(Date.UTC(1970, 0, 4 + day));
}
export function shortDay(day: number): string {
  return short.format(dateOf(day));
}
export function longDay(day: number): string {
  return long.format(dateOf(day));
}

export const newRule: BandwidthRule = {
  days: [1, 2, 3, 4, 5],
  from: "08:00",
  to: "18:00",
  bytesPerSecond: 5 * 1024 * 1024,
};
