// Slots: limits are never exceeded, nobody waits for ever, small requests always find their way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostSlots, type Lane, type SlotsRequest } from "../../electron/engine/host-slots.ts";

const never = new AbortController().signal;

interface Task {
  readonly hosts: readonly string[];
  readonly lane: Lane;
  readonly size: number;
  readonly turns: number;
  readonly cancelled: boolean;
}

const hostNames = ["a", "b", "c"] as const;
const task: fc.Arbitrary<Task> = fc.record({
  hosts: fc.array(fc.constantFrom(...hostNames), { minLength: 1, maxLength: 3 }),
  lane: fc.constantFrom<Lane>("bulk", "small"),
  size: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 1_000_000_000 })),
  turns: fc.integer({ min: 0, max: 3 }),
  cancelled: fc.boolean(),
});

async function within(slots: HostSlots, request: SlotsRequest, work: () => Promise<void>): Promise<void> {
  const release = await slots.acquire(request);
  await work().finally(release);
}

/** Runs one task and checks when it begins that its hosts had room for it. */
async function runOne(slots: HostSlots, one: Task, limits: () => ReadonlyMap<string, number>): Promise<void> {
  const controller = new AbortController();
  if (one.cancelled) setImmediate(() => controller.abort(new Error("stop")));
  try {
    await within(slots, { ...one, signal: controller.signal }, async () => {
      for (const name of one.hosts) {
        const { bulk, small } = slots.inUse(name);
        expect(bulk + small).toBeGreaterThan(0);
        expect(bulk + small).toBeLessThanOrEqual(Math.max(8, limits().get(name) ?? 0));
      }
      for (let at = 0; at < one.turns; at++) await turn();
    });
  } catch (error) {
    expect((error as Error).message).toBe("stop");
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("host slots", () => {
  it("keep every limit, end every wait, and give all slots back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(task, { minLength: 1, maxLength: 60, size: "max" }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
        async (tasks, limits) => {
          const slots = new HostSlots();
          for (const [at, name] of hostNames.entries()) slots.setLimit(name, limits[at] ?? 1);
          const check = (): void => {
            for (const [at, name] of hostNames.entries()) {
              const { bulk, small } = slots.inUse(name);
              const limit = limits[at] ?? 1;
              expect(bulk + small).toBeLessThanOrEqual(limit);
              if (limit > 1) expect(bulk).toBeLessThan(limit);
            }
          };
          let ended = 0;
          await Promise.all(
            tasks.map(async (one) => {
              const controller = new AbortController();
              if (one.cancelled) setImmediate(() => controller.abort(new Error("stop")));
              try {
                await within(slots, { ...one, signal: controller.signal }, async () => {
                  check();
                  for (let at = 0; at < one.turns; at++) await turn();
                });
              } catch (error) {
                expect((error as Error).message).toBe("stop");
              }
              ended++;
            }),
          );
          expect(ended).toBe(tasks.length);
          expect(slots.waiting()).toBe(0);
          for (const name of hostNames) expect(slots.inUse(name)).toEqual({ bulk: 0, small: 0 });
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keep every limit while limits change and requests of any size come, go and leave", async () => {
    const change = fc.record({ host: fc.constantFrom(...hostNames), limit: fc.integer({ min: 1, max: 8 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(task, change), { minLength: 1, maxLength: 80, size: "max" }),
        async (steps) => {
          const slots = new HostSlots({ defaultLimit: 2 });
          const limits = new Map<string, number>(hostNames.map((name) => [name, 2]));
          const used = (name: string): number => slots.inUse(name).bulk + slots.inUse(name).small;
          const running: Promise<void>[] = [];
          for (const next of steps) {
            if ("limit" in next) {
              const before = used(next.host);
              limits.set(next.host, next.limit);
              slots.setLimit(next.host, next.limit);
              // What runs above a lowered limit finishes; nothing is added to it.
              expect(used(next.host)).toBeLessThanOrEqual(Math.max(before, next.limit));
            } else running.push(runOne(slots, next, () => limits));
            if (running.length % 7 === 0) await turn();
          }
          await Promise.all(running);
          expect(slots.waiting()).toBe(0);
          for (const name of hostNames) {
            expect(slots.inUse(name)).toEqual({ bulk: 0, small: 0 });
            expect(slots.waiting(name)).toBe(0);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("P002 begin the largest bodies early: half of the slots by size, the rest by age", async () => {
    const slots = new HostSlots({ defaultLimit: 1 });
    const began: number[] = [];
    const ends: (() => void)[] = [];
    const hold = await slots.acquire({ hosts: ["a"], lane: "bulk", signal: never });
    const sizes = [10, 20, 30, 1000, 950, 40, 50, 60];
    const all = sizes.map((size) =>
      within(slots, { hosts: ["a"], lane: "bulk", size, signal: never }, () => {
        began.push(size);
        return new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    // Four bodies at once: two by size, of which the older of two equally large ones first, two by age.
    slots.setLimit("a", 6);
    hold();
    await turn();
    expect(began).toEqual([1000, 950, 10, 20]);
    ends[0]?.();
    await turn();
    expect(began.slice(4)).toEqual([60]);
    ends[2]?.();
    await turn();
    expect(began.slice(5)).toEqual([30]);
    for (let at = 0; at < 8; at++) {
      for (const end of ends) end();
      await turn();
    }
    await Promise.all(all);
    expect([...began].sort((a, b) => a - b)).toEqual([...sizes].sort((a, b) => a - b));
  });

  it("let no small body starve behind an endless stream of large ones", async () => {
    const slots = new HostSlots({ defaultLimit: 4 });
    let served = false;
    let after = 0;
    const large = (): Promise<void> =>
      within(slots, { hosts: ["a"], lane: "bulk", size: 1_000_000, signal: never }, turn).then(() => {
        after++;
        return served ? undefined : large();
      });
    const stream = Array.from({ length: 12 }, large);
    await turn();
    await within(slots, { hosts: ["a"], lane: "bulk", size: 1, signal: never }, async () => {
      served = true;
    });
    expect(after).toBeLessThan(60);
    await Promise.all(stream);
  });

  it("keep a slot for one that was overtaken often, and give it back when that one leaves", async () => {
    const slots = new HostSlots({ defaultLimit: 1 });
    await slots.acquire({ hosts: ["b"], lane: "small", signal: never });
    const leaving = new AbortController();
    const both = slots.acquire({ hosts: ["a", "b"], lane: "small", signal: leaving.signal });
    let overtook = 0;
    // Each finds its slot free, but none may take it for ever.
    const one = async (): Promise<void> => {
      const release = await slots.acquire({ hosts: ["a"], lane: "small", signal: never });
      overtook++;
      release();
    };
    const others = Array.from({ length: 30 }, one);
    await turn();
    expect(overtook).toBe(16);
    expect(slots.waiting()).toBe(15);
    leaving.abort(new Error("left"));
    await expect(both).rejects.toThrow("left");
    await Promise.all(others);
    expect(overtook).toBe(30);
  });

  it("give what is kept for one that was overtaken often to no larger one behind it", async () => {
    const slots = new HostSlots();
    slots.setLimit("a", 2);
    slots.setLimit("b", 8);
    const acquire = (hosts: readonly string[], size = 0) =>
      slots.acquire({ hosts, lane: "bulk", size, signal: never });
    // Fills the only slot for bodies of a.
    const first = await acquire(["a"]);
    const granted: string[] = [];
    const ask = (name: string, hosts: readonly string[], size?: number): void => {
      void acquire(hosts, size).then(() => granted.push(name));
    };
    ask("oldest", ["a", "c"]);
    ask("overdue", ["a", "b"]);
    ask("larger", ["a", "b"], 1_000_000);
    // Overtakes those that want b as well, and not the oldest.
    for (let at = 0; at < 16; at++) (await acquire(["b"]))();
    // Two more for bodies of a, both at once.
    slots.setLimit("a", 4);
    await turn();
    expect(granted).toEqual(["oldest", "overdue"]);
    first();
    await turn();
    expect(granted).toEqual(["oldest", "overdue", "larger"]);
  });

  it("grant in the order asked", async () => {
    const slots = new HostSlots({ defaultLimit: 1 });
    const order: number[] = [];
    const first = await slots.acquire({ hosts: ["a"], lane: "bulk", signal: never });
    const rest = [1, 2, 3].map((n) =>
      within(slots, { hosts: ["a"], lane: n === 2 ? "small" : "bulk", signal: never }, async () => {
        order.push(n);
      }),
    );
    first();
    first();
    await Promise.all(rest);
    expect(order).toEqual([1, 2, 3]);
  });

  it("take both hosts at once, and a host named twice once", async () => {
    const slots = new HostSlots({ defaultLimit: 4 });
    const release = await slots.acquire({ hosts: ["a", "b", "a"], lane: "bulk", signal: never });
    expect(slots.inUse("a").bulk).toBe(1);
    expect(slots.inUse("b").bulk).toBe(1);
    release();
    expect(slots.inUse("a").bulk).toBe(0);
    expect(slots.inUse("b").bulk).toBe(0);
  });

  it("let nobody starve who needs two busy hosts", async () => {
    const slots = new HostSlots({ defaultLimit: 1 });
    let served = false;
    const holdA = await slots.acquire({ hosts: ["a"], lane: "bulk", signal: never });
    const both = within(slots, { hosts: ["a", "b"], lane: "bulk", signal: never }, async () => {
      served = true;
    });
    let overtakers = 0;
    let releaseA = holdA;
    // A stream of others that keeps one of the two busy all the time.
    for (let at = 0; at < 200 && !served; at++) {
      const nextA = slots.acquire({ hosts: ["a"], lane: "bulk", signal: never });
      const nextB = within(slots, { hosts: ["b"], lane: "bulk", signal: never }, turn);
      releaseA();
      await turn();
      releaseA = await Promise.race([
        nextA,
        turn()
          .then(() => turn())
          .then(() => () => undefined),
      ]);
      nextA.then((release) => release()).catch(() => undefined);
      nextB.catch(() => undefined);
      overtakers++;
    }
    await both;
    expect(served).toBe(true);
    expect(overtakers).toBeLessThan(100);
  });

  it("keep a share for small requests while bodies fill the host", async () => {
    const slots = new HostSlots({ defaultLimit: 4 });
    const waiting = new AbortController();
    const bodies = Array.from({ length: 10 }, () =>
      slots.acquire({ hosts: ["a"], lane: "bulk", signal: waiting.signal }),
    );
    for (const body of bodies) body.catch(() => undefined);
    await turn();
    expect(slots.inUse("a").bulk).toBe(3);
    for (let at = 0; at < 50; at++)
      await within(slots, { hosts: ["a"], lane: "small", signal: never }, async () => undefined);
    waiting.abort(new Error("over"));
    expect(slots.waiting()).toBe(0);
  });

  it("follow a limit that changes while they run", async () => {
    const slots = new HostSlots();
    slots.setLimit("a", 1);
    const ask = () => slots.acquire({ hosts: ["a"], lane: "small", signal: never });
    const first = await ask();
    const second = ask();
    expect(slots.waiting()).toBe(1);
    slots.setLimit("a", 2);
    const release = await second;
    slots.setLimit("a", 1);
    const third = ask();
    first();
    expect(slots.waiting()).toBe(1);
    release();
    (await third)();
    expect(() => slots.setLimit("a", 0)).toThrow("at least 1, not 0");
  });

  it("do not wait for somebody who has left already", async () => {
    const slots = new HostSlots();
    await expect(
      slots.acquire({ hosts: ["a"], lane: "bulk", signal: AbortSignal.abort(new Error("left")) }),
    ).rejects.toThrow("left");
  });
});
