// Bandwidth: never more than rate × time + burst, nobody forgotten, fair, and changes count at once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bandwidth } from "../../electron/engine/bandwidth.ts";
import { TokenBucket } from "../../electron/engine/token-bucket.ts";
import { manualClock, settle } from "./manual-clock.ts";

const never = new AbortController().signal;

interface Passed {
  readonly at: number;
  readonly bytes: number;
}

type Step =
  | { readonly do: "take"; readonly bytes: number; readonly stopAfter: number | undefined }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("take" as const),
    bytes: fc.integer({ min: 1, max: 5000 }),
    stopAfter: fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined, freq: 4 }),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 3000 }) }),
);

/** Takes and notes when the bytes may go on. */
function taker(bucket: TokenBucket, clock: { monotonic(): number }) {
  const passed: Passed[] = [];
  let open = 0;
  return {
    passed,
    get open() {
      return open;
    },
    take: (bytes: number, signal: AbortSignal): void => {
      const held = bucket.take(bytes, signal);
      if (held === undefined) {
        passed.push({ at: clock.monotonic(), bytes });
        return;
      }
      open++;
      held.then(
        () => {
          open--;
          passed.push({ at: clock.monotonic(), bytes });
        },
        () => {
          open--;
        },
      );
    },
  };
}

describe("a token bucket", () => {
  it("never lets more through than rate × time + burst over any time, and loses no waiter", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40, size: "max" }),
        fc.integer({ min: 1000, max: 50_000 }),
        async (steps, rate) => {
          const clock = manualClock();
          const bucket = new TokenBucket(clock);
          bucket.setRate(rate);
          const one = taker(bucket, clock);
          for (const next of steps) {
            if (next.do === "wait") await clock.advance(next.ms);
            else if (next.stopAfter === undefined) one.take(next.bytes, never);
            else {
              const stop = new AbortController();
              clock.sleep(next.stopAfter, never).then(
                () => stop.abort(new Error("stop")),
                () => undefined,
              );
              one.take(next.bytes, stop.signal);
            }
          }
          while (one.open > 0) expect(await clock.next()).toBe(true);
          expect(bucket.waiting).toBe(0);
          const largest = Math.max(0, ...one.passed.map(({ bytes }) => bytes));
          for (const [first, { at: from }] of one.passed.entries()) {
            let sum = 0;
            for (const { at, bytes } of one.passed.slice(first)) {
              sum += bytes;
              const allowed = (rate * (at - from)) / 1000 + rate / 10 + largest;
              expect(sum).toBeLessThanOrEqual(allowed + 1);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("serves those who wait at once when the limit is raised or taken away, and slower when it is lowered", async () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock);
    bucket.setRate(1000);
    const one = taker(bucket, clock);
    for (let at = 0; at < 4; at++) one.take(10_000, never);
    await clock.advance(5000);
    expect(one.passed).toEqual([]);
    bucket.setRate(100_000);
    await clock.advance(50);
    expect(one.passed.length).toBe(1);
    bucket.setRate(1000);
    await clock.advance(9000);
    expect(one.passed.length).toBe(1);
    await clock.advance(1100);
    expect(one.passed.length).toBe(2);
    bucket.setRate(null);
    await settle();
    expect([one.passed.length, bucket.waiting, clock.sleeping]).toEqual([4, 0, 0]);
    expect(bucket.take(1e9, never)).toBeUndefined();
  });

  it("costs nothing without a limit, and lets a burst of a tenth of a second through at once", async () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock);
    expect(bucket.take(1e12, never)).toBeUndefined();
    bucket.setRate(10_000);
    expect(bucket.take(1, never)).toBeInstanceOf(Promise);
    await clock.advance(60_000);
    expect(bucket.take(1000, never)).toBeUndefined();
    expect(bucket.take(1, never)).toBeInstanceOf(Promise);
  });

  it("shares among takers piece by piece", async () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock);
    bucket.setRate(10_000);
    const got = [0, 0, 0];
    const stop = new AbortController();
    const flows = got.map(async (_, which) => {
      while (!stop.signal.aborted) {
        await bucket.take(1000, stop.signal);
        got[which] = (got[which] ?? 0) + 1;
      }
    });
    await clock.advance(9000);
    stop.abort(new Error("over"));
    await Promise.allSettled(flows);
    expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(1);
    expect(got.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(80);
  });

  it("rejects with the reason of a stop, and passes its turn on", async () => {
    const clock = manualClock();
    const bucket = new TokenBucket(clock);
    bucket.setRate(1000);
    const stop = new AbortController();
    const first = bucket.take(1_000_000, stop.signal);
    const second = bucket.take(500, never);
    stop.abort(new Error("paused"));
    await expect(first).rejects.toThrow("paused");
    await clock.advance(600);
    await second;
    await expect(bucket.take(100_000, stop.signal)).rejects.toThrow("paused");
    expect(() => bucket.setRate(0)).toThrow("more than 0 bytes a second");
  });
});

describe("bandwidth", () => {
  it("counts a host at both ends once, and holds back by the narrowest limit", async () => {
    const clock = manualClock();
    const bandwidth = new Bandwidth({ clock });
    const meter = bandwidth.meter({ runId: "run", hosts: ["a", "a"] });
    expect(meter.take(5000, never)).toBeUndefined();
    expect(bandwidth.bytesOf("a")).toBe(5000);
    bandwidth.limitAll(1_000_000);
    bandwidth.limitHost("a", 100_000);
    bandwidth.limitRun("run", 1000);
    const passed: string[] = [];
    const take = async (bytes: number, name: string): Promise<void> => {
      await meter.take(bytes, never);
      passed.push(name);
    };
    const first = take(2000, "held by its run");
    await clock.advance(1900);
    expect(passed).toEqual([]);
    await clock.advance(300);
    await first;
    const second = take(20_000, "held by its host");
    bandwidth.forgetRun("run");
    await clock.advance(50);
    expect(passed).toEqual(["held by its run"]);
    await clock.advance(200);
    await second;
  });

  it("follows a host's limit in the middle of a body, in both directions together", async () => {
    const clock = manualClock();
    const bandwidth = new Bandwidth({ clock });
    bandwidth.limitHost("a", 10_000);
    const [inwards, outwards] = [
      bandwidth.meter({ runId: "one", hosts: ["x", "a"] }),
      bandwidth.meter({ runId: "two", hosts: ["a", "y"] }),
    ];
    let moved = 0;
    const stop = new AbortController();
    const flow = async (meter: typeof inwards): Promise<void> => {
      while (!stop.signal.aborted) {
        await meter.take(500, stop.signal);
        moved += 500;
      }
    };
    const flows = [flow(inwards), flow(outwards)];
    await clock.advance(10_000);
    expect(moved).toBeGreaterThan(95_000);
    expect(moved).toBeLessThan(102_000);
    expect(bandwidth.speedOf("a")).toBeGreaterThan(9000);
    expect(bandwidth.speedOf("a")).toBeLessThan(11_000);
    moved = 0;
    bandwidth.limitHost("a", 100_000);
    await clock.advance(1000);
    expect(moved).toBeGreaterThan(90_000);
    stop.abort(new Error("over"));
    await Promise.allSettled(flows);
    await clock.advance(10_000);
    expect(bandwidth.speedOf("a")).toBe(0);
  });
});
