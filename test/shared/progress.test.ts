// Progress arithmetic and the words for numbers.
import { describe, expect, it } from "vitest";
import { fraction, secondsLeft, startSpeed, updateSpeed } from "../../shared/progress.ts";
import { formatBytes, formatDuration, formatSpeed, formatTimeLeft } from "../../shared/units.ts";

describe("speed", () => {
  it("settles on a steady rate and tells the time left only when it can", () => {
    let state = startSpeed(0, 0);
    for (let t = 1; t <= 40; t++) {
      state = updateSpeed(state, t * 250_000, t * 250);
      if (t < 12) expect(secondsLeft(state, 1e6)).toBeUndefined();
    }
    expect(state.bytesPerSecond).toBeCloseTo(1e6, -3);
    expect(secondsLeft(state, 10e6)).toBeCloseTo(10, 0);
    expect(secondsLeft(state, 0)).toBe(0);
  });
  it("is the true mean while it is young, however the first moment was", () => {
    const idle = updateSpeed(startSpeed(0, 0), 0, 100);
    expect(updateSpeed(idle, 900_000, 1000).bytesPerSecond).toBeGreaterThan(800_000);
  });
  it("falls to nothing in a stall and survives a blob that starts again", () => {
    let state = updateSpeed(startSpeed(0, 0), 1e6, 1000);
    for (let t = 2; t < 60; t++) state = updateSpeed(state, 1e6, t * 1000);
    expect(state.bytesPerSecond).toBeLessThan(100);
    expect(updateSpeed(state, 0, 61_000).bytesPerSecond).toBeGreaterThanOrEqual(0);
    expect(updateSpeed(state, 5, 1000)).toBe(state);
    expect(secondsLeft(updateSpeed(startSpeed(0, 0), 0, 10_000), 5)).toBeUndefined();
  });
  it("never says all where something is left", () => {
    expect(fraction(5, 10)).toBe(0.5);
    expect(fraction(11, 10)).toBe(1);
    expect(fraction(1, 0)).toBeUndefined();
  });
});

describe("words for numbers", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [1024 * 1024 - 1, "1.0 MiB"],
    [123 * 1024 * 1024, "123 MiB"],
    [1024 ** 4 * 3, "3.0 TiB"],
    [1024 ** 6, "1024 PiB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
  it("speaks of durations and of time left", () => {
    expect(formatSpeed(2048)).toBe("2.0 KiB/s");
    expect([850, 12_000, 250_000, 120_000, 7_500_000, 7_200_000].map(formatDuration)).toEqual([
      "850 ms",
      "12 s",
      "4 min 10 s",
      "2 min",
      "2 h 5 min",
      "2 h",
    ]);
    expect([undefined, 3, 31, 240, 58, 9000].map(formatTimeLeft)).toEqual([
      "estimating",
      "a few seconds",
      "about 40 s",
      "about 4 min",
      "about 1 min",
      "about 2.5 h",
    ]);
  });
});
