// The timetable of bandwidth: the first rule that holds counts, also over midnight.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BandwidthRule, bandwidthAt, limitsSchema } from "../../shared/limits.ts";

const at = (day: number, time: string) => {
  const [hours, minutes] = time.split(":").map(Number);
  return { day, minute: (hours ?? 0) * 60 + (minutes ?? 0) };
};
const rule = (
  from: string,
  to: string,
  days: number[] = [],
  bytesPerSecond: number | null = 2048,
): BandwidthRule => ({
  from,
  to,
  days,
  bytesPerSecond,
});
const limited = (...timetable: BandwidthRule[]) => ({ bandwidth: 1_000_000, timetable });

describe("bandwidth by time of day", () => {
  it.each([
    ["before it begins", at(1, "07:59"), 1_000_000],
    ["from its first minute", at(1, "08:00"), 2048],
    ["to its last", at(1, "17:59"), 2048],
    ["and not at its end", at(1, "18:00"), 1_000_000],
    ["nor on another day", at(0, "12:00"), 1_000_000],
  ])("counts %s", (_, time, expected) => {
    expect(bandwidthAt(limited(rule("08:00", "18:00", [1, 2, 3, 4, 5])), time)).toBe(expected);
  });

  it.each([
    ["on the evening of its day", at(5, "22:00"), 2048],
    ["until the next morning", at(6, "05:59"), 2048],
    ["not longer", at(6, "06:00"), 1_000_000],
    ["not on the morning of its day", at(5, "05:00"), 1_000_000],
    ["not on the evening after", at(6, "23:00"), 1_000_000],
  ])("over midnight holds %s", (_, time, expected) => {
    expect(bandwidthAt(limited(rule("22:00", "06:00", [5])), time)).toBe(expected);
  });

  it("over midnight from Saturday to Sunday goes around the week", () => {
    expect(bandwidthAt(limited(rule("22:00", "06:00", [6])), at(0, "03:00"))).toBe(2048);
  });

  it("takes the first rule that holds, which may take the limit away", () => {
    const both = limited(rule("08:00", "12:00", [], null), rule("00:00", "00:00", [], 4096));
    expect(bandwidthAt(both, at(3, "09:00"))).toBeNull();
    expect(bandwidthAt(both, at(3, "13:00"))).toBe(4096);
    expect(bandwidthAt({ bandwidth: null, timetable: [] }, at(3, "13:00"))).toBeNull();
  });

  it("a rule and the one from its end to its start share every minute of the week between them", () => {
    const time = fc.integer({ min: 0, max: 1439 });
    const text = (minute: number): string =>
      `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    fc.assert(
      fc.property(time, time, fc.integer({ min: 0, max: 6 }), time, (from, to, day, minute) => {
        fc.pre(from !== to);
        const now = { day, minute };
        const one = bandwidthAt(limited(rule(text(from), text(to))), now) === 2048;
        const other = bandwidthAt(limited(rule(text(to), text(from))), now) === 2048;
        expect(one).not.toBe(other);
      }),
    );
  });

  it("is read with its defaults, and nonsense is refused", () => {
    expect(limitsSchema.parse({})).toEqual({ parallelRuns: 2, bandwidth: null, timetable: [] });
    for (const broken of [
      { bandwidth: 5 },
      { parallelRuns: 0 },
      { timetable: [{ from: "25:00", to: "01:00", bytesPerSecond: null }] },
    ])
      expect(limitsSchema.safeParse(broken).success).toBe(false);
  });
});
