// Runs against hosts that ask for pauses, have no pulls left, fail for a while or die: longer, but not failed.
import { describe, expect, it } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { Stopped } from "../../electron/engine/ports.ts";
import { everything, harness, quickClock } from "./harness.ts";
import { putImage } from "./images.ts";
import { client, fixture, planBetween, runBetween } from "./over-http.ts";

function filled(images: number, options: Parameters<typeof harness>[0] = {}) {
  const h = harness(options);
  for (let at = 0; at < images; at++)
    putImage(h.source, { repository: `team/app${at}`, tag: "v1", layers: [[`layer ${at}`, 2000]] });
  return h;
}

describe("R002 a registry that asks for a pause", () => {
  it.each([
    ["429 in seconds", { do: "throttle", retryAfter: "1" }, 1000],
    ["429 by a date", { do: "throttle", retryAfter: { dateInSeconds: 2 } }, 900],
    ["503 in seconds", { do: "status", status: 503, headers: { "retry-after": "1" } }, 1000],
  ] as const)("(%s) is sent nothing until then, and the run ends well", async (_, fault, pause) => {
    // One request at a time, so that none is on its way when the pause begins.
    const h = filled(4, { clock: systemClock, slots: 1 });
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    registry.clearRecords();
    registry.fault(fault, { kind: "uploads", after: 1, times: 1 });
    const done = await runBetween(h, { destination }, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 4 } });
    const at = registry.requests.findIndex(({ status }) => status === 429 || status === 503);
    const [refused, next] = registry.requests.slice(at);
    // Both clocks are this machine's; a timer may be a little early.
    expect((next?.startedAt ?? 0) - (refused?.endedAt ?? 0)).toBeGreaterThanOrEqual(pause - 20);
    expect(h.context.hosts.counts(registry.host)).toMatchObject({ throttles: 1, opened: 0 });
  });

  it("is waited for as often as it asks: no tries are used up", async () => {
    const h = filled(2);
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    const throttle = registry.fault({ do: "throttle", retryAfter: "3" }, { kind: "uploads", times: 40 });
    const done = await runBetween(h, { destination }, planned);
    expect([done.state, throttle.count]).toEqual(["succeeded", 40]);
    expect(h.context.hosts.status(registry.host)).toMatchObject({ limit: 1, most: 8, state: "ok" });
  });
});

describe("R002 a registry that fails for a while", () => {
  it("is left alone, asked now and then, and nothing fails of it", async () => {
    const h = filled(12);
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    const broken = registry.fault({ do: "status", status: 502 }, { kind: "uploads", times: 9 });
    const done = await runBetween(h, { destination }, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 12, imagesFailed: 0 } });
    expect(broken.count).toBe(9);
    expect(h.context.hosts.counts(registry.host)).toMatchObject({ failures: 9, opened: 1 });
  });

  it("is waited for far longer than a call would: no image fails, and a run to another host goes on", async () => {
    const patience = { breaker: { patience: 300, outage: 60_000, firstPause: 100, longestPause: 400 } };
    const h = filled(40, { clock: systemClock, patience });
    const [registry, other] = [await fixture(), await fixture()];
    const [destination, elsewhere] = [client(registry.host), client(other.host)];
    const planned = await planBetween(h, { destination }, everything());
    const beside = await planBetween(h, { destination: elsewhere }, everything());
    const front = registry.fault({ do: "status", status: 503 }, { after: 60 });
    const running = runBetween(h, { destination }, planned);
    const { hosts } = h.context;
    await expect.poll(() => hosts.status(registry.host).state, { interval: 2, timeout: 8000 }).toBe("open");
    expect(hosts.status(registry.host)).toMatchObject({ failure: "it answers 503" });
    await expect.poll(() => hosts.outlook(registry.host, "call"), { timeout: 8000 }).toBe("down");
    const went = await runBetween(h, { destination: elsewhere }, beside);
    expect(went).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 40 } });
    expect(hosts.status(registry.host).state).not.toBe("ok");
    expect(h.rows(planned).filter(({ state }) => state === "failed")).toEqual([]);
    front.remove();
    const done = await running;
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 40, imagesFailed: 0 } });
  });

  it("lets a run that waits for it be stopped at once", async () => {
    const patience = { breaker: { outage: 60_000, firstPause: 20_000 } };
    const h = filled(12, { clock: systemClock, patience });
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    registry.fault({ do: "status", status: 502 }, { after: 8 });
    const stop = new AbortController();
    const running = runBetween(h, { destination }, planned, stop.signal);
    const { hosts } = h.context;
    await expect
      .poll(() => hosts.status(registry.host).waiting, { interval: 5, timeout: 8000 })
      .toBeGreaterThan(2);
    const began = performance.now();
    stop.abort(new Stopped("user-pause"));
    const done = await running;
    expect(performance.now() - began).toBeLessThan(1000);
    expect(done).toMatchObject({ state: "paused", tallies: { imagesFailed: 0 } });
    expect(hosts.status(registry.host).waiting).toBe(0);
  });

  it("and dies for good ends a run of many images in about the outage that is allowed, not in hours", async () => {
    const patience = { breaker: { patience: 500, outage: 1500, firstPause: 200 } };
    const h = filled(150, { clock: systemClock, patience });
    const registry = await fixture();
    const destination = client(registry.host);
    const planned = await planBetween(h, { destination }, everything());
    expect(planned.plan.copy).toBe(150);
    const dies = registry.fault(
      { do: "run", run: () => registry.stop() },
      { kind: "uploads", after: 20, times: 1 },
    );
    const began = performance.now();
    const done = await runBetween(h, { destination }, planned);
    expect(dies.count).toBe(1);
    expect(done.state).toBe("failed");
    const failed = h.rows(done).filter(({ state }) => state === "failed");
    expect(failed.length + done.tallies.imagesSucceeded).toBe(150);
    expect(failed.length).toBeGreaterThan(100);
    expect(new Set(failed.map(({ error }) => `${error?.code} ${error?.side}`))).toEqual(
      new Set(["unreachable destination"]),
    );
    // Hundreds of requests were spared: what was given up is not asked for every image.
    expect(h.context.hosts.counts(registry.host).failures).toBeLessThan(60);
    expect(h.context.hosts.outlook(registry.host, "run")).toBe("down");
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it("is not waited for where it never answered: a wrong address fails fast", async () => {
    const h = harness({ clock: quickClock() });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["a", 10]] });
    const registry = await fixture();
    await registry.stop();
    const planned = await planBetween(h, { destination: client(registry.host) }, everything());
    expect(planned).toMatchObject({ state: "failed", error: { code: "unreachable", side: "destination" } });
    expect(h.context.hosts.counts(registry.host).failures).toBeLessThanOrEqual(8);
  });
});

describe("R005 a host that allows one request at a time", () => {
  it("is read on from where its connection broke: no second slot is waited for", async () => {
    const h = harness({ slots: 1 });
    const registry = await fixture();
    const source = client(registry.host);
    putImage(h.destination, { repository: "app", tag: "v1", layers: [["big", 3_000_000]] });
    const filling = await planBetween(h, { source: h.destination, destination: source }, everything());
    await runBetween(h, { source: h.destination, destination: source }, filling);
    h.destination.repositories.clear();
    const breaks = registry.fault(
      { do: "reset-download", at: 1_200_000 },
      { kind: "blob", method: "GET", times: 2 },
    );
    const planned = await planBetween(h, { source }, everything());
    const done = await runBetween(h, { source }, planned);
    expect([done.state, breaks.count]).toEqual(["succeeded", 2]);
    expect(h.context.hosts.inUse(registry.host)).toEqual({ bulk: 0, small: 0 });
    // A reset request may still be ending there when the next one begins.
    expect(registry.mostAtOnce).toBeLessThanOrEqual(2);
  });
});

describe("a source with a pull limit", () => {
  it("is waited for when nothing is left: the run takes longer and does not fail", async () => {
    const patience = { quota: { firstPause: 300, longestPause: 300 } };
    const h = harness({ clock: systemClock, patience });
    const registry = await fixture();
    const { hosts } = h.context;
    const source = client(registry.host, undefined, {
      onQuota: ({ figures, resetsInMs }) => hosts.learnQuota(registry.host, figures, resetsInMs),
    });
    for (let at = 0; at < 7; at++)
      putImage(h.destination, { repository: `team/app${at}`, tag: "v1", layers: [[`layer ${at}`, 500]] });
    // Filled by the engine itself: from memory into the fixture.
    const filling = await planBetween(h, { source: h.destination, destination: source }, everything());
    await runBetween(h, { source: h.destination, destination: source }, filling);
    h.destination.repositories.clear();
    registry.fault({ do: "quota", limit: 3, refillMs: 500 }, { kind: "manifest" });
    const planned = await planBetween(h, { source }, everything());
    expect(planned.plan).toMatchObject({ copy: 7, unreadable: 0 });
    const done = await runBetween(h, { source }, planned);
    expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 7, imagesFailed: 0 } });
    expect(hosts.status(registry.host).quota).toMatchObject({ limit: 3 });
    expect(hosts.counts(registry.host).opened).toBe(0);
  });
});
