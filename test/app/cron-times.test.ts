// When schedules come: time zones, the days when clocks change, and what cannot be read.
import { describe, expect, it } from "vitest";
import { nextTime, nextTimes } from "../../electron/app/cron-times.ts";
import { scheduleSchema } from "../../shared/job.ts";

function times(cron: string, timeZone: string | null, after: string, count = 3): string[] {
  const schedule = scheduleSchema.parse({ cron, timeZone });
  return nextTimes(schedule, Date.parse(after), count).map((time) =>
    new Date(time).toISOString().slice(5, 16),
  );
}

describe("the next times", () => {
  it("are those of the time zone, on either side of midnight", () => {
    expect(times("0 2 * * *", "Europe/Vienna", "2026-01-10T00:30:00Z")).toEqual([
      "01-10T01:00",
      "01-11T01:00",
      "01-12T01:00",
    ]);
    expect(times("0 2 * * mon", "Asia/Tokyo", "2026-01-10T00:00:00Z", 2)).toEqual([
      "01-11T17:00",
      "01-18T17:00",
    ]);
    expect(times("0 2 * * *", "UTC", "2026-01-10T02:00:00Z", 1)).toEqual(["01-11T02:00"]);
  });

  it("come once on the day that has no such hour", () => {
    // 2026-03-29: 02:00 becomes 03:00 in Vienna.
    expect(times("30 2 * * *", "Europe/Vienna", "2026-03-28T00:00:00Z")).toEqual([
      "03-28T01:30",
      "03-29T01:00",
      "03-30T00:30",
    ]);
    expect(times("30 2,14 * * *", "Europe/Vienna", "2026-03-28T20:00:00Z", 2)).toEqual([
      "03-29T01:00",
      "03-29T12:30",
    ]);
  });

  it("come once on the day that has an hour twice, and intervals go through both", () => {
    // 2026-10-25: 03:00 becomes 02:00 in Vienna.
    expect(times("30 2 * * *", "Europe/Vienna", "2026-10-24T12:00:00Z", 2)).toEqual([
      "10-25T00:30",
      "10-26T01:30",
    ]);
    expect(times("*/30 * * * *", "Europe/Vienna", "2026-10-25T00:00:00Z", 4)).toEqual([
      "10-25T00:30",
      "10-25T01:00",
      "10-25T01:30",
      "10-25T02:00",
    ]);
  });

  it("are never the moment itself, and whole minutes", () => {
    const schedule = scheduleSchema.parse({ cron: "* * * * *", timeZone: "UTC" });
    const minute = Date.UTC(2026, 0, 1, 12, 30);
    expect(nextTime(schedule, minute)).toBe(minute + 60_000);
    expect(nextTime(schedule, minute + 59_999)).toBe(minute + 60_000);
  });

  it("are those of the machine where no time zone is given", () => {
    const schedule = scheduleSchema.parse({ cron: "15 6 * * *" });
    const next = new Date(nextTime(schedule, Date.UTC(2026, 5, 1)) ?? 0);
    expect([next.getHours(), next.getMinutes(), next.getSeconds()]).toEqual([6, 15, 0]);
  });
});

describe("a schedule that cannot be", () => {
  it.each([
    ["61 * * * *", null, '"61 * * * *" cannot be read'],
    ["0 2 * *", null, "expected five fields"],
    ["0 0 2 * * *", null, "expected five fields"],
    ["@daily", null, "expected five fields"],
    ["2026-05-05T10:00:00", null, "expected five fields"],
    ["every day at two o'clock", null, "cannot be read"],
    ["0 0 31 2 *", null, "never comes"],
    ["0 2 * * *", "Mars/Olympus", 'no time zone "Mars/Olympus"'],
  ])("%s in %s is refused in words", (cron, timeZone, words) => {
    expect(() => times(cron, timeZone, "2026-01-01T00:00:00Z")).toThrow(
      expect.objectContaining({ code: "usage", message: expect.stringContaining(words) }),
    );
  });
});
