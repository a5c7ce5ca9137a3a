// Speeds, ages and shares as people write them, and back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageText, parseAge, parseShare, parseSpeed, shareText, speedText } from "../../shared/amounts.ts";

describe("a speed", () => {
  it.each([
    ["20MB/s", 20_000_000],
    ["20 MB", 20_000_000],
    ["1.5MiB/s", 1_572_864],
    ["512KiB", 524_288],
    ["1gb/s", 1_000_000_000],
    ["2GiB", 2_147_483_648],
    ["4096", 4096],
    ["4096B/s", 4096],
    ["1kB/s", 1024],
    ["3M", 3_000_000],
  ])("%s is %d bytes a second", (text, bytes) => expect(parseSpeed(text)).toBe(bytes));

  it.each([
    "",
    "fast",
    "0",
    "10B/s",
    "-1MB/s",
    "1XB/s",
    "1MB/m",
    "1e9",
    "NaN",
    "99999999999999999TB",
    "1,5MB",
  ])("%j is none", (text) => expect(parseSpeed(text)).toBeUndefined());

  it("is written so that it is read as the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        expect(parseSpeed(speedText(bytes))).toBe(bytes);
      }),
    );
    expect(speedText(20_000_000)).toBe("20MB/s");
  });
});

describe("an age", () => {
  it.each([
    ["90s", 90],
    ["15m", 900],
    ["12h", 43_200],
    ["30d", 2_592_000],
    ["2w", 1_209_600],
  ])("%s is %d seconds", (text, seconds) => expect(parseAge(text)).toBe(seconds));
  it.each(["", "30", "d", "0d", "1.5d", "-1d", "1y", "5 months", "99999999999d"])("%j is none", (text) =>
    expect(parseAge(text)).toBeUndefined(),
  );
  it("is written so that it is read as the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_155_760_000 }), (seconds) => {
        expect(parseAge(ageText(seconds))).toBe(seconds);
      }),
    );
    expect(ageText(2_592_000)).toBe("30d");
  });
});

describe("a share", () => {
  it.each([
    ["25%", 0.25],
    ["0%", 0],
    ["100 %", 1],
    ["12.5%", 0.125],
  ])("%s is %d", (text, value) => expect(parseShare(text)).toBe(value));
  it.each(["", "25", "101%", "-1%", "a%"])("%j is none", (text) => expect(parseShare(text)).toBeUndefined());
  it("is written without the noise of binary fractions", () => {
    expect(shareText(0.07)).toBe("7%");
    expect(parseShare(shareText(0.333))).toBe(0.333);
  });
});
