// The limit that follows what a host can do: fewer when it says so or slows down, more while more gets done.
import { describe, expect, it } from "vitest";
import { AdaptiveLimit } from "../../electron/engine/adaptive-limit.ts";

/** Seconds of requests, `perSecond` each, all slots in use. */
function load(
  limit: AdaptiveLimit,
  from: number,
  seconds: number,
  at: (second: number) => {
    readonly perSecond: number;
    readonly latencyMs: number;
    readonly saturated?: boolean;
  },
): number {
  let now = from;
  for (let second = 0; second < seconds; second++) {
    const { perSecond, latencyMs, saturated = true } = at(second);
    for (let request = 0; request < perSecond; request++) {
      now += 1000 / perSecond;
      limit.measured({ latencyMs, bytes: 0, saturated }, now);
    }
  }
  return now;
}

describe("P002 an adaptive limit", () => {
  it("begins with eight, or the most where that is less, and stays there while nothing is wrong", () => {
    expect([new AdaptiveLimit(64).limit, new AdaptiveLimit(4).limit]).toEqual([8, 4]);
    const limit = new AdaptiveLimit(8);
    load(limit, 0, 60, () => ({ perSecond: 200, latencyMs: 30 }));
    expect([limit.limit, limit.reason]).toEqual([8, null]);
  });

  it("grows while more gets done and all slots are in use, up to the most", () => {
    const limit = new AdaptiveLimit(12);
    const now = load(limit, 0, 60, () => ({ perSecond: limit.limit * 10, latencyMs: 20 }));
    expect(limit.limit).toBe(12);
    expect(limit.reason).toBe("Raised to 12 requests at once as all were in use and more got done.");
    load(limit, now, 10, () => ({ perSecond: 200, latencyMs: 20 }));
    expect(limit.limit).toBe(12);
  });

  it("stops growing where no more gets done, and does not grow where nobody waits", () => {
    const full = new AdaptiveLimit(64);
    load(full, 0, 12, () => ({ perSecond: 100, latencyMs: 20 }));
    expect(full.limit).toBeLessThanOrEqual(10);
    const idle = new AdaptiveLimit(64);
    load(idle, 0, 30, (second) => ({ perSecond: 10 + second, latencyMs: 20, saturated: false }));
    expect(idle.limit).toBe(8);
  });

  it("is halved once for all that were refused together, never below one, and grows again", () => {
    const limit = new AdaptiveLimit(8);
    for (let at = 0; at < 8; at++) limit.throttled(1000, 1100 + at);
    expect(limit.limit).toBe(4);
    expect(limit.reason).toBe("Lowered to 4 requests at once because it asked for fewer requests.");
    for (let at = 1; at < 9; at++) limit.throttled(at * 5000, at * 5000 + 1);
    expect(limit.limit).toBe(1);
    expect(limit.reason).toContain("1 request at a time");
    load(limit, 60_000, 90, () => ({ perSecond: limit.limit * 10, latencyMs: 20 }));
    expect(limit.limit).toBe(8);
  });

  it("goes down when answers take much longer without more getting done", () => {
    const limit = new AdaptiveLimit(8);
    const now = load(limit, 0, 10, () => ({ perSecond: 50, latencyMs: 40 }));
    load(limit, now, 3, () => ({ perSecond: 40, latencyMs: 2500 }));
    expect(limit.limit).toBeLessThan(8);
    expect(limit.reason).toContain("took much longer");
  });

  it("does not take a busy machine for a slow host", () => {
    const limit = new AdaptiveLimit(8);
    const now = load(limit, 0, 10, () => ({ perSecond: 50, latencyMs: 3 }));
    load(limit, now, 30, () => ({ perSecond: 50, latencyMs: 180 }));
    expect(limit.limit).toBe(8);
  });

  it("stays at the most where it is told to, and follows a new most at once", () => {
    const limit = new AdaptiveLimit(64);
    limit.configure(20, false);
    expect([limit.limit, limit.reason]).toEqual([20, "Fixed at 20 requests at once by hand."]);
    limit.throttled(0, 10_000);
    expect(limit.limit).toBe(20);
    limit.configure(3, true);
    expect([limit.limit, limit.adaptive, limit.most]).toEqual([3, true, 3]);
  });
});
