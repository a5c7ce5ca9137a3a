// The breaker alone: never two probes, only legal changes, and always an end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Breaker, type BreakerState, defaultBreaker } from "../../electron/engine/breaker.ts";

const breaker = (random = () => 0.5): Breaker => new Breaker({ ...defaultBreaker, random });

/** Opens it at time 0 after it had been reached. */
function opened(): Breaker {
  const one = breaker();
  one.answered(one.enter(0, "run"));
  for (let at = 0; at < 5; at++) one.failed(one.enter(0, "run"), 0);
  return one;
}

type Step =
  | { readonly do: "enter" }
  | {
      readonly do: "end";
      readonly how: "answered" | "failed" | "refused" | "abandoned";
      readonly which: number;
    }
  | { readonly do: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ do: "enter" }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      how: fc.constantFrom(
        "answered" as const,
        "failed" as const,
        "failed" as const,
        "refused" as const,
        "abandoned" as const,
      ),
      which: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  },
);

/** What may follow by one outcome or by time. */
const legal: Readonly<Record<BreakerState, readonly BreakerState[]>> = {
  closed: ["closed", "open", "ready"],
  open: ["open", "ready"],
  ready: ["ready", "probing"],
  probing: ["probing", "closed", "open", "ready"],
};

const chances = fc.double({ min: 0, max: 0.999, noNaN: true });

/** A breaker with the requests that are on their way. */
class World {
  readonly #breaker: Breaker;
  readonly #flying: boolean[] = [];
  now = 0;

  constructor(chance: number) {
    this.#breaker = new Breaker({ ...defaultBreaker, threshold: 3, random: () => chance });
  }

  get state(): BreakerState {
    return this.#breaker.state(this.now);
  }

  get probes(): number {
    return this.#flying.filter((probe) => probe).length;
  }

  get nextChange(): number | undefined {
    return this.#breaker.nextChange(this.now);
  }

  take(next: Step): void {
    if (next.do === "wait") this.now += next.ms;
    else if (next.do === "enter") this.#enter();
    else if (this.#flying.length > 0) this.#end(next);
  }

  #enter(): void {
    const { state } = this;
    if (state === "closed" || state === "ready") this.#flying.push(this.#breaker.enter(this.now, "run"));
    else expect(() => this.#breaker.enter(this.now, "run")).toThrow(`breaker is ${state}`);
  }

  #end({ how, which }: Extract<Step, { do: "end" }>): void {
    const [probe = false] = this.#flying.splice(which % this.#flying.length, 1);
    if (how === "answered") this.#breaker.answered(probe);
    else if (how === "abandoned") this.#breaker.abandoned(probe);
    else this.#breaker.failed(probe, this.now, how === "refused" ? "refusal" : "none");
  }
}

describe("R002 a host's breaker", () => {
  it("never lets two probes out and changes only as it may, whatever comes in whatever order", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: "max" }), chances, (steps, chance) => {
        const world = new World(chance);
        for (const next of steps) {
          const before = world.state;
          world.take(next);
          expect(legal[before]).toContain(world.state);
          expect(world.probes).toBe(world.state === "probing" ? 1 : 0);
          // Whoever waits is told a time, or somebody else's outcome wakes him.
          if (world.state === "open") expect(world.nextChange).toBeGreaterThan(world.now);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("always ends: a dead host is given up, and one that comes back is served again", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (deadFor, chance) => {
          const one = breaker(() => chance);
          one.answered(one.enter(0, "run"));
          let now = 0;
          let sawDown = false;
          for (let turn = 0; turn < 200; turn++) {
            const state = one.state(now);
            sawDown ||= one.isDown(now, "call");
            if (state === "open") {
              now = one.nextChange(now) ?? Number.NaN;
              continue;
            }
            const probe = one.enter(now, "run");
            if (now < deadFor) one.failed(probe, now);
            else one.answered(probe);
            now += 10;
            if (now > deadFor && one.state(now) === "closed") break;
          }
          expect(one.state(now)).toBe("closed");
          expect(one.isDown(now, "run")).toBe(false);
          if (deadFor > 100_000) expect(sawDown).toBe(true);
          // No later than the longest pause after it came back.
          expect(now - deadFor).toBeLessThan(defaultBreaker.longestPause * 1.25 + 100);
        },
      ),
    );
  });

  it("opens after five failures in a row, and one answer in between begins anew", () => {
    const one = breaker();
    for (let at = 0; at < 4; at++) one.failed(one.enter(at, "run"), at);
    one.answered(one.enter(5, "run"));
    for (let at = 6; at < 10; at++) one.failed(one.enter(at, "run"), at);
    expect(one.state(10)).toBe("closed");
    one.failed(one.enter(10, "run"), 10);
    expect(one.state(10)).toBe("open");
  });

  it("asks after 2 s, then leaves twice as long, at most 30 s", () => {
    const one = opened();
    const pauses: number[] = [];
    let now = 0;
    for (let at = 0; at < 6; at++) {
      const next = one.opensAt ?? Number.NaN;
      pauses.push(next - now);
      now = next;
      one.failed(one.enter(now, "run"), now);
    }
    expect(pauses.slice(0, 5)).toEqual([2000, 4000, 8000, 16_000, 30_000]);
  });

  it("gives a host up that failed for a minute where a call waits, and after the outage where a run does", () => {
    const one = opened();
    expect(one.isDown(59_999, "call")).toBe(false);
    expect([one.isDown(60_000, "call"), one.isDown(60_000, "run")]).toEqual([true, false]);
    let now = 0;
    while (!one.isDown(now, "run")) {
      now = one.opensAt ?? Number.NaN;
      one.failed(one.enter(now, "run"), now);
    }
    expect(now).toBeGreaterThanOrEqual(defaultBreaker.outage);
    expect(now).toBeLessThan(defaultBreaker.outage + 30_001);
    expect(one.opensAt).toBe(now + 2000);
    one.answered(one.enter(now + 2000, "run"));
    expect([one.state(now + 2000), one.isDown(now + 2000, "run")]).toEqual(["closed", false]);
  });

  it("lets a call ask every two seconds once it would not wait, without making a run wait for less or for ever", () => {
    const one = opened();
    for (const at of [2000, 6000, 14_000, 30_000]) one.failed(one.enter(at, "run"), at);
    expect([one.opensAt, one.admits(59_999, "call"), one.admits(60_000, "run")]).toEqual([
      60_000,
      false,
      true,
    ]);
    one.failed(one.enter(60_000, "run"), 60_000);
    expect([one.admits(61_999, "call"), one.admits(62_000, "call"), one.admits(62_000, "run")]).toEqual([
      false,
      true,
      false,
    ]);
    one.failed(one.enter(62_000, "call"), 62_000);
    expect([one.admits(63_000, "call"), one.opensAt]).toEqual([false, 92_000]);
    one.answered(one.enter(64_000, "call"));
    expect(one.state(64_000)).toBe("closed");
  });

  it("has no patience with a host that was never reached, and a minute with one that answers 503 from the start", () => {
    const [never, busy] = [breaker(), breaker()];
    for (let at = 0; at < 5; at++) never.failed(never.enter(0, "run"), 0);
    for (let at = 0; at < 5; at++) busy.failed(busy.enter(0, "run"), 0, "gateway");
    expect([never.isDown(0, "run"), busy.isDown(0, "run")]).toEqual([true, false]);
    expect([busy.isDown(59_999, "run"), busy.isDown(60_000, "run")]).toEqual([false, true]);
  });

  it("waits through a gateway's 503 like through silence, but for a minute only where the host itself says that it fails", () => {
    const [front, itself] = [opened(), opened()];
    front.failed(front.enter(2000, "run"), 2000, "gateway");
    itself.failed(itself.enter(2000, "run"), 2000, "refusal");
    expect([front.isDown(62_000, "run"), itself.isDown(61_999, "run")]).toEqual([false, false]);
    expect(itself.isDown(62_000, "run")).toBe(true);
    // A registry that fails at first while it comes up had been away for long: its minute begins with its first answer.
    const late = opened();
    for (let now = 2000; now < 300_000; now = late.opensAt ?? Number.NaN)
      late.failed(late.enter(now, "run"), now);
    const first = late.opensAt ?? Number.NaN;
    late.failed(late.enter(first, "run"), first, "refusal");
    expect([late.isDown(first + 59_999, "run"), late.isDown(first + 60_000, "run")]).toEqual([false, true]);
  });

  it("takes a failure after an hour in which nobody asked for the first of another outage", () => {
    const one = opened();
    const later = 3_600_000;
    const probe = one.enter(later, "run");
    expect(one.isDown(later, "run")).toBe(false);
    one.failed(probe, later);
    expect([one.isDown(later + 1, "call"), one.isDown(later + 60_000, "call")]).toEqual([false, true]);
    expect(one.isDown(later + defaultBreaker.outage, "run")).toBe(true);
  });

  it("gives up as fast as it is told to", () => {
    const one = new Breaker({ ...defaultBreaker, outage: 0, random: () => 0.5 });
    one.answered(one.enter(0, "run"));
    for (let at = 0; at < 5; at++) one.failed(one.enter(0, "run"), 0);
    expect([one.isDown(0, "run"), one.isDown(0, "call")]).toEqual([true, false]);
  });

  it("lets every request ask for itself where a host refuses for longer than patience", () => {
    const one = breaker();
    for (let at = 0; at < 5; at++) one.failed(one.enter(0, "run"), 0, "refusal");
    one.failed(one.enter(60_000, "run"), 60_000, "refusal");
    expect([one.isDown(60_000, "run"), one.refuses, one.state(60_000)]).toEqual([true, true, "ready"]);
  });

  it("takes failures with minutes between them for separate ones", () => {
    const one = breaker();
    for (let at = 0; at < 9; at++) one.failed(one.enter(at * 61_000, "run"), at * 61_000);
    expect(one.state(9 * 61_000)).toBe("closed");
  });
});
