// What registries say of their pull limits: Docker Hub's headers and their relatives; nonsense is no limit.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQuota } from "../../electron/registry/quota.ts";
import { parseXRetryAfter } from "../../electron/registry/retry-after.ts";

const now = Date.parse("Fri, 20 Nov 2026 10:00:00 GMT");

describe("a pull limit", () => {
  it.each([
    [{ "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600" }, [100, 76, 21_600, undefined]],
    [{ "ratelimit-remaining": "0;w=21600" }, [0, 0, 21_600, undefined]],
    [{ "ratelimit-limit": "10, 10;w=1, 1000;w=3600", "ratelimit-remaining": "3" }, [10, 3, null, undefined]],
    [
      { "x-ratelimit-limit": "180", "x-ratelimit-remaining": "5", "x-ratelimit-reset": `${now / 1000 + 30}` },
      [180, 5, null, 30_000],
    ],
    [{ "ratelimit-limit": "60", "ratelimit-remaining": "1", "ratelimit-reset": "12" }, [60, 1, null, 12_000]],
    [{ "ratelimit-remaining": "5", "ratelimit-limit": "nonsense" }, [5, 5, null, undefined]],
    [{ "ratelimit-remaining": ["4;w=60", "9"] }, [4, 4, 60, undefined]],
  ])("is read from %j", (headers, [limit, remaining, windowSeconds, resetsInMs]) => {
    expect(parseQuota(headers, now)).toEqual({
      figures: { limit, remaining, windowSeconds, seenAt: now },
      resetsInMs,
    });
  });

  it.each([
    [{}],
    [{ "ratelimit-limit": "100;w=21600" }],
    [{ "ratelimit-remaining": "" }],
    [{ "ratelimit-remaining": "-1" }],
    [{ "ratelimit-remaining": "lots" }],
    [{ "ratelimit-remaining": "99999999999" }],
    [{ "ratelimit-remaining": "1e3" }],
  ])("is none in %j", (headers) => {
    expect(parseQuota(headers, now)).toBeUndefined();
  });

  it("never throws, and never gives figures that are no figures", () => {
    const header = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{0,14}[;, w=0-9]{0,20}$/)), {
      nil: undefined,
    });
    fc.assert(
      fc.property(header, header, header, (limit, remaining, reset) => {
        const headers = {
          "ratelimit-limit": limit,
          "ratelimit-remaining": remaining,
          "ratelimit-reset": reset,
        };
        const news = parseQuota(headers, now);
        if (news === undefined) return;
        const { figures, resetsInMs } = news;
        expect(figures.remaining).toBeGreaterThanOrEqual(0);
        expect(figures.limit).toBeGreaterThanOrEqual(figures.remaining);
        expect(Number.isFinite(figures.windowSeconds ?? 0)).toBe(true);
        expect(resetsInMs ?? 1).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("X-Retry-After", () => {
  it.each([
    [`${now / 1000 + 45}`, 45_000],
    [`${now / 1000 - 45}`, undefined],
    [`${now / 1000 + 86_400}`, 600_000],
    ["7", 7000],
    ["soon", undefined],
    [undefined, undefined],
  ])("reads %j as %s", (value, expected) => {
    expect(parseXRetryAfter(value, now)).toBe(expected);
  });
});
