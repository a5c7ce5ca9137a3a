// One door per host: pauses, the breaker and pull limits hold every request back, and nothing waits for ever.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bandwidth } from "../../electron/engine/bandwidth.ts";
import { type HostRequest, Hosts, type HostsOptions } from "../../electron/engine/hosts.ts";
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import { type ManualClock, manualClock, settle } from "./manual-clock.ts";

const never = new AbortController().signal;

const failure = (code: ErrorCode, more: { status?: number; retryAfterMs?: number; side?: "source" } = {}) =>
  new FreightlinerError({ code, operation: "test", message: `${code} of the test`, ...more });

function bench(options: Partial<HostsOptions> = {}) {
  const clock = manualClock();
  const hosts = new Hosts({ clock, bandwidth: new Bandwidth({ clock }), ...options });
  const small = (host = "a"): HostRequest => ({ hosts: [host], lane: "small", signal: never });
  const ask = (work: () => Promise<unknown> = async () => "fine", request: HostRequest = small()) =>
    hosts.within(request, work).then(String, (error: unknown) => (error as Error).message);
  const fail = (error: FreightlinerError, request: HostRequest = small()) =>
    ask(async () => {
      throw error;
    }, request);
  /** Begins and notes its end. */
  const begin = (request: HostRequest = small(), work: () => Promise<unknown> = async () => "fine") => {
    const state = { begun: false, ended: undefined as string | undefined };
    void ask(async () => {
      state.begun = true;
      return work();
    }, request).then((end) => {
      state.ended = end;
    });
    return state;
  };
  const outage = async (error = failure("unreachable"), host = "a"): Promise<void> => {
    await ask(undefined, small(host));
    for (let at = 0; at < 5; at++) await fail(error, small(host));
  };
  return { clock, hosts, small, ask, fail, begin, outage };
}

describe("R002 the door of a host", () => {
  it("keeps everything back for as long as Retry-After says, for all who use the host, and no other host", async () => {
    const { hosts, clock, fail, begin, small } = bench();
    await fail(failure("rate-limited", { status: 429, retryAfterMs: 30_000 }));
    expect(hosts.status("a")).toMatchObject({
      state: "waiting",
      until: clock.now() + 30_000,
      reason: "a asked for a pause; nothing is sent for 30 seconds.",
    });
    const held = [begin(), begin({ hosts: ["b", "a"], lane: "bulk", signal: never }), begin()];
    const other = begin(small("b"));
    await clock.advance(29_999);
    expect(held.map(({ begun }) => begun)).toEqual([false, false, false]);
    expect([other.ended, hosts.status("a").waiting]).toEqual(["fine", 3]);
    await clock.advance(2);
    expect(held.map(({ ended }) => ended)).toEqual(["fine", "fine", "fine"]);
    expect(hosts.status("a")).toMatchObject({ state: "ok", until: null, waiting: 0 });
    expect(clock.sleeping).toBe(0);
  });

  it("takes the longest pause that was asked for, ten minutes at most, and 503 with a time like 429", async () => {
    const { hosts, clock, fail, begin } = bench();
    await Promise.all([
      fail(failure("registry-failure", { status: 503, retryAfterMs: 3_600_000 })),
      fail(failure("rate-limited", { status: 429, retryAfterMs: 1000 })),
    ]);
    const one = begin();
    await clock.advance(599_000);
    expect(one.begun).toBe(false);
    await clock.advance(1001);
    expect(one.ended).toBe("fine");
    expect(hosts.counts("a")).toEqual({ throttles: 2, failures: 0, opened: 0 });
  });

  it("doubles its own pause where 429 names none, once for what was refused together", async () => {
    const { clock, fail, begin, hosts } = bench();
    // All three go out together each time.
    hosts.configure("a", { adaptive: false });
    const refused = failure("rate-limited", { status: 429 });
    for (const pause of [750, 1500, 3000, 6000]) {
      await Promise.all([fail(refused), fail(refused), fail(refused)]);
      expect(hosts.status("a").until).toBe(Math.round((clock.now() + pause) / 100) * 100);
      await clock.advance(pause + 1);
    }
    const one = begin();
    await settle();
    expect(one.ended).toBe("fine");
    await fail(refused);
    expect(hosts.status("a").until).toBe(Math.round((clock.now() + 750) / 100) * 100);
  });

  it("opens after five failures, asks with one request, and lets all go when that is answered", async () => {
    const { hosts, clock, begin, outage } = bench();
    await outage();
    expect(hosts.status("a")).toMatchObject({ state: "open", until: clock.now() + 2000 });
    const gate = Promise.withResolvers<void>();
    const waiting = Array.from({ length: 20 }, () => begin(undefined, () => gate.promise));
    await clock.advance(1999);
    expect(waiting.filter(({ begun }) => begun).length).toBe(0);
    await clock.advance(5000);
    expect(waiting.filter(({ begun }) => begun).length).toBe(1);
    expect(hosts.status("a")).toMatchObject({ state: "probing", reason: "Asking a whether it is back." });
    gate.resolve();
    await settle();
    expect(waiting.filter(({ ended }) => ended !== undefined).length).toBe(20);
    expect(hosts.status("a")).toMatchObject({ state: "ok", reason: "a answers again." });
  });

  it("fails everybody at once when patience ends, and each new one until a probe is answered", async () => {
    const { hosts, clock, begin, outage, fail, ask } = bench();
    await outage();
    const began = clock.monotonic();
    const waiting = Array.from({ length: 1000 }, () =>
      begin(undefined, async () => {
        throw failure("unreachable");
      }),
    );
    while (waiting.some(({ ended }) => ended === undefined)) expect(await clock.next()).toBe(true);
    expect(clock.monotonic() - began).toBeLessThan(60_100);
    expect(waiting.filter(({ begun }) => begun).length).toBeLessThan(10);
    expect(waiting.at(-1)?.ended).toBe("a was given up for now: unreachable of the test");
    expect([hosts.outlook("a", "call"), hosts.outlook("a", "run")]).toEqual(["down", "resting"]);
    expect(await ask()).toContain("given up");
    await clock.advance(2500);
    expect(await fail(failure("unreachable"))).toBe("unreachable of the test");
    expect(await ask()).toContain("given up");
    await clock.advance(2500);
    expect(await ask()).toBe("fine");
    expect([await ask(), hosts.outlook("a", "run")]).toEqual(["fine", "up"]);
  });

  it("lets runs wait through fifteen minutes without an answer while calls fail after one", async () => {
    const { hosts, clock, begin, outage, small } = bench();
    await outage();
    expect(hosts.status("a")).toMatchObject({
      failure: "unreachable of the test",
      reason: "a does not answer (unreachable of the test) and is left alone for 2 seconds.",
    });
    const dead = async (): Promise<never> => {
      throw failure("unreachable");
    };
    const began = clock.monotonic();
    let asked = 0;
    const run = async (): Promise<string> => {
      for (;;) {
        try {
          await hosts.within({ ...small(), waiter: "run" }, () => {
            asked++;
            return dead();
          });
        } catch (error) {
          if (hosts.outlook("a", "run") === "down") return (error as Error).message;
        }
      }
    };
    const runs = Array.from({ length: 20 }, run);
    const call = begin();
    await clock.advance(60_001);
    expect(call.ended).toContain("given up");
    const ends = Promise.all(runs);
    let over = false;
    void ends.then(() => {
      over = true;
    });
    while (!over) expect(await clock.next()).toBe(true);
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(15 * 60_000);
    expect(clock.monotonic() - began).toBeLessThan(16 * 60_000);
    // One question every 30 seconds, for all of them together.
    expect(asked).toBeLessThan(40);
    expect(
      (await ends).filter((text) => text.startsWith("a was given up for now: unreachable")).length,
    ).toBeGreaterThan(17);
  });

  it("counts the time in which the computer slept to no outage", async () => {
    const { clock, begin, outage } = bench();
    await outage();
    const waiting = [begin(), begin(), begin()];
    await settle();
    await clock.standStill(8 * 3_600_000);
    await settle();
    expect(waiting.map(({ ended }) => ended)).toEqual(["fine", "fine", "fine"]);
  });

  it("gives a host that was never reached up at once", async () => {
    const { fail, ask, hosts, clock } = bench();
    await Promise.all(Array.from({ length: 8 }, () => fail(failure("unreachable"))));
    expect(await ask()).toContain("given up");
    expect([hosts.outlook("a", "run"), clock.sleeping]).toEqual(["down", 0]);
  });

  it("does not hold one image's trouble against the host", async () => {
    const { hosts, fail } = bench();
    for (const code of [
      "manifest-unknown",
      "unauthorized",
      "digest-mismatch",
      "forbidden",
      "io",
      "cancelled",
    ] as const)
      for (let at = 0; at < 10; at++) await fail(failure(code));
    expect([hosts.outlook("a", "run"), hosts.status("a").state, hosts.counts("a").failures]).toEqual([
      "up",
      "ok",
      0,
    ]);
  });

  it("counts a broken source of a copy against the source, everything else against the destination", async () => {
    const { hosts, fail, ask, small } = bench();
    const copy: HostRequest = { hosts: ["from", "to"], lane: "bulk", signal: never };
    await Promise.all([ask(undefined, small("from")), ask(undefined, small("to"))]);
    for (let at = 0; at < 5; at++) await fail(failure("unreachable", { side: "source" }), copy);
    expect([hosts.outlook("from", "run"), hosts.outlook("to", "run")]).toEqual(["resting", "up"]);
    await fail(failure("rate-limited", { status: 429, retryAfterMs: 5000 }), small("to"));
    expect(hosts.status("to").state).toBe("waiting");
  });

  it("asks with a small request rather than a body, and does not wait for the end of a long one", async () => {
    const { hosts, clock, begin, outage } = bench();
    const body: HostRequest = { hosts: ["a"], lane: "bulk", signal: never };
    const endless = (): Promise<never> => new Promise(() => undefined);
    await outage();
    const bodies = [begin(body, endless), begin(body, endless)];
    const head = begin();
    await clock.advance(3000);
    expect([head.ended, bodies.map(({ begun }) => begun)]).toEqual(["fine", [true, true]]);
    const again = bench();
    await again.outage();
    const broken = Promise.withResolvers<never>();
    const two = [again.begin(body, () => broken.promise), again.begin(body, endless)];
    await again.clock.advance(3000);
    expect(two.map(({ begun }) => begun)).toEqual([true, false]);
    await again.clock.advance(16_000);
    expect(two.map(({ begun }) => begun)).toEqual([true, true]);
    // It is no probe any more: that it breaks later is one failure.
    broken.reject(failure("unreachable"));
    await settle();
    expect(again.hosts.outlook("a", "run")).toBe("up");
    expect(hosts.outlook("a", "run")).toBe("up");
  });

  it("lets a body ask when the small request that was to ask is gone", async () => {
    const { clock, begin, outage, fail, small, hosts } = bench();
    await outage();
    await fail(failure("rate-limited", { retryAfterMs: 60_000 }), small("b"));
    const stop = new AbortController();
    const first = begin({ hosts: ["a", "b"], lane: "small", signal: stop.signal });
    const body = begin({ hosts: ["a"], lane: "bulk", signal: never });
    await clock.advance(5000);
    expect([first.begun, body.begun]).toEqual([false, false]);
    stop.abort(new Error("left"));
    await settle();
    expect([first.ended, body.ended, hosts.outlook("a", "run")]).toEqual(["left", "fine", "up"]);
  });

  it("can be left at once by whoever waits, and a probe that is left is asked anew", async () => {
    const { hosts, clock, begin, outage, small } = bench();
    await outage();
    const stop = new AbortController();
    const probe = new AbortController();
    const left = begin({ ...small(), signal: stop.signal });
    await settle();
    stop.abort(new Error("paused"));
    await settle();
    expect([left.ended, clock.sleeping]).toEqual(["paused", 0]);
    const asked = begin(
      { ...small(), signal: probe.signal },
      () =>
        new Promise((_, reject) => {
          probe.signal.addEventListener("abort", () => reject(probe.signal.reason));
        }),
    );
    const other = begin();
    await clock.advance(3000);
    expect([asked.begun, other.begun]).toEqual([true, false]);
    probe.abort(new Error("stopped"));
    await settle();
    expect([asked.ended, other.ended, hosts.outlook("a", "run")]).toEqual(["stopped", "fine", "up"]);
  });

  it("passes the door only for work that holds a slot already", async () => {
    const { ask, small, hosts } = bench({ defaultLimit: 1 });
    const inner = () => hosts.within({ ...small(), inSlot: true }, async () => "again");
    expect(await ask(inner, { hosts: ["a"], lane: "bulk", signal: never })).toBe("again");
  });
});

describe("a pull limit", () => {
  const left = (remaining: number) => ({ limit: 100, remaining, windowSeconds: 21_600, seenAt: 0 });

  it("holds back what counts when nothing is left, and nothing else; free answers end the wait", async () => {
    const { hosts, begin, clock, small } = bench();
    hosts.learnQuota("a", left(0));
    const [get, head] = [begin({ ...small(), counted: true }), begin()];
    await clock.advance(30_000);
    expect([get.begun, head.ended]).toEqual([false, "fine"]);
    expect(hosts.status("a")).toMatchObject({
      state: "waiting",
      quota: left(0),
      reason: "No pulls are left at a (limit 100); what counts waits.",
    });
    hosts.learnQuota("a", left(5));
    await settle();
    expect([get.ended, hosts.status("a").state]).toEqual(["fine", "ok"]);
  });

  it("lets one ask again after a while, then twice as long, and does not send more than are left", async () => {
    const { hosts, begin, clock, small } = bench();
    const counted = { ...small(), counted: true };
    hosts.learnQuota("a", left(0));
    let asked = 0;
    const refused = async (): Promise<void> => {
      asked++;
      hosts.learnQuota("a", left(0));
      throw failure("rate-limited", { status: 429 });
    };
    const all = Array.from({ length: 5 }, () => begin(counted, refused));
    await clock.advance(60_001);
    expect(asked).toBe(1);
    await clock.advance(119_000);
    expect(asked).toBe(1);
    await clock.advance(2000);
    expect(asked).toBe(2);
    expect(all.filter(({ ended }) => ended === undefined).length).toBe(3);
    hosts.learnQuota("a", left(2));
    const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const next = gates.map(({ promise }) => begin(counted, () => promise));
    await clock.advance(5000);
    expect(next.filter(({ begun }) => begun).length).toBeLessThanOrEqual(2);
    hosts.learnQuota("a", left(90));
    for (const { resolve } of gates) resolve();
    await clock.advance(1000);
    expect(next.map(({ ended }) => ended)).toEqual(["undefined", "undefined", "undefined"]);
  });

  it("keeps no body from asking whether a host is back while what counts waits for more pulls", async () => {
    const { clock, hosts, small, begin, outage } = bench();
    hosts.learnQuota("a", left(0));
    const counted = begin({ ...small(), counted: true });
    await outage();
    const body = begin({ hosts: ["a"], lane: "bulk", signal: never });
    await clock.advance(3000);
    expect([body.ended, counted.begun]).toEqual(["fine", false]);
    expect(hosts.status("a").state).toBe("waiting");
  });

  it("is over when the window is said to end, and forgotten when an answer does not speak of it any more", async () => {
    const { hosts, begin, clock, small } = bench();
    hosts.learnQuota("a", left(0), 5000);
    const get = begin({ ...small(), counted: true });
    await clock.advance(4999);
    expect(get.begun).toBe(false);
    await clock.advance(2);
    expect([get.ended, hosts.status("a").quota]).toEqual(["fine", null]);
  });
});

describe("hosts", () => {
  type Ending = "fine" | "throttled" | "failed" | "refused" | "missing" | "stopped";
  const request = fc.record({
    hosts: fc.constantFrom(["a"], ["b"], ["a", "b"], ["b", "a"]),
    lane: fc.constantFrom("bulk" as const, "small" as const),
    counted: fc.boolean(),
    endings: fc.array(
      fc.constantFrom<Ending>("fine", "throttled", "failed", "refused", "missing", "stopped"),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    takes: fc.integer({ min: 0, max: 3000 }),
    startsAt: fc.integer({ min: 0, max: 20_000 }),
    stopsAt: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined, freq: 5 }),
  });
  const errors: Readonly<Record<Exclude<Ending, "fine" | "stopped">, FreightlinerError>> = {
    throttled: failure("rate-limited", { status: 429, retryAfterMs: 3000 }),
    failed: failure("unreachable"),
    refused: failure("registry-failure", { status: 500 }),
    missing: failure("manifest-unknown", { status: 404 }),
  };

  it("R005 keep limits and end every wait, whatever the hosts do and whoever leaves", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 40, size: "max" }),
        fc.integer({ min: 1, max: 6 }),
        async (all, limit) => {
          const { hosts, clock } = bench({ defaultLimit: limit });
          hosts.learnQuota("a", { limit: 3, remaining: 3, windowSeconds: 60, seenAt: 0 });
          let open = all.length;
          const run = async (one: (typeof all)[number], at: number): Promise<void> => {
            const stop = new AbortController();
            await clock.sleep(one.startsAt, never);
            if (one.stopsAt !== undefined)
              void clock.sleep(one.stopsAt, never).then(() => stop.abort(new Error("left")));
            try {
              for (const ending of one.endings)
                await hosts
                  .within({ ...one, signal: stop.signal }, async () => {
                    for (const host of one.hosts) {
                      const { bulk, small } = hosts.inUse(host);
                      expect(bulk + small).toBeLessThanOrEqual(limit);
                      if (limit > 1) expect(bulk).toBeLessThan(limit);
                    }
                    await clock.sleep(one.takes + at, stop.signal);
                    if (ending === "stopped") throw new Error("stopped");
                    if (ending !== "fine") throw errors[ending];
                  })
                  .catch((error: unknown) => {
                    if (!(error instanceof FreightlinerError))
                      expect((error as Error).message).toMatch(/^(left|stopped)$/);
                  });
            } finally {
              open--;
            }
          };
          const ends = all.map(run);
          await drain(clock, () => open > 0);
          await Promise.all(ends);
          for (const host of ["a", "b"]) {
            expect(hosts.inUse(host)).toEqual({ bulk: 0, small: 0 });
            expect(hosts.status(host).waiting).toBe(0);
            expect(hosts.status(host).state).not.toBe("probing");
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("follow what is set while they work, and tell it", async () => {
    const { hosts, begin, small } = bench();
    const told: string[] = [];
    const stop = hosts.onChange((host) => told.push(host));
    hosts.configure("a", { connections: 1, bandwidth: 5000 });
    const first = Promise.withResolvers<void>();
    const [one, two] = [begin(small(), () => first.promise), begin(small())];
    await settle();
    expect([one.begun, two.begun]).toEqual([true, false]);
    expect(hosts.status("a")).toMatchObject({
      limit: 1,
      most: 1,
      adaptive: true,
      small: 1,
      waiting: 1,
      bandwidth: 5000,
    });
    hosts.configure("a", { connections: 20, adaptive: false });
    await settle();
    expect(two.ended).toBe("fine");
    expect(hosts.status("a")).toMatchObject({ limit: 20, most: 20, adaptive: false, bandwidth: 5000 });
    first.resolve();
    await settle();
    expect(told).toContain("a");
    expect(hosts.list().map(({ host }) => host)).toEqual(["a"]);
    stop();
  });
});

async function drain(clock: ManualClock, busy: () => boolean): Promise<void> {
  for (let turn = 0; busy(); turn++) {
    expect(await clock.next()).toBe(true);
    expect(turn).toBeLessThan(5000);
  }
}
