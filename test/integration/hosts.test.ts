// Real registries that die in the middle of a run: one comes back after longer than tries last, one does not.
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { everything, harness } from "../engine/harness.ts";
import { putImage } from "../engine/images.ts";
import { client, planBetween, runBetween } from "../engine/over-http.ts";
import { startRealRegistry } from "../support/real-registry.ts";

async function planned(
  images: number,
  patience: NonNullable<Parameters<typeof harness>[0]>["patience"],
  size = 500_000,
) {
  const h = harness({ clock: systemClock, ...(patience === undefined ? {} : { patience }) });
  for (let at = 0; at < images; at++)
    putImage(h.source, {
      repository: `team/app${at}`,
      tag: "v1",
      layers: [[randomBytes(16).toString("hex"), size]],
    });
  const to = await startRealRegistry();
  onTestFinished(() => to.stop());
  const destination = client(to.host);
  return { h, to, destination, run: await planBetween(h, { destination }, everything()) };
}

it("R002 a destination that is away for longer than tries last is waited for by a single request, and nothing fails", async () => {
  // Away for three times as long as a call would wait.
  const breaker = { patience: 1700, outage: 60_000, firstPause: 300 };
  const { h, to, destination, run } = await planned(30, { breaker });
  const running = runBetween(h, { destination }, run);
  await expect
    .poll(() => h.images.filter(({ state }) => state === "succeeded").length, {
      interval: 5,
      timeout: 20_000,
    })
    .toBeGreaterThan(3);
  await to.kill9();
  const { hosts } = h.context;
  await expect.poll(() => hosts.status(to.host).state, { timeout: 20_000 }).toBe("open");
  const failuresBefore = hosts.counts(to.host).failures;
  await wait(5000);
  // Pauses of 0.3, 0.6, 1.2 and 2.4 seconds: a handful of questions for all images together.
  expect(hosts.counts(to.host).failures - failuresBefore).toBeLessThan(8);
  expect(hosts.status(to.host)).toMatchObject({ failure: "connection refused" });
  expect([hosts.outlook(to.host, "call"), hosts.outlook(to.host, "run")]).toEqual(["down", "resting"]);
  expect(h.images.filter(({ state }) => state === "failed")).toEqual([]);
  await to.restart();
  const done = await running;
  expect(h.rows(done).flatMap(({ error }) => (error === null ? [] : [error]))).toEqual([]);
  expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 30, imagesFailed: 0 } });
  expect(hosts.status(to.host).state).toBe("ok");
  expect(hosts.counts(to.host).opened).toBeGreaterThanOrEqual(1);
  const again = await planBetween(h, { destination }, everything());
  expect(again.plan).toMatchObject({ skip: 30, bytesToTransfer: 0 });
});

it("R002 a destination that does not come back ends the run in about the outage allowed, with a reason on every row", async () => {
  const { h, to, destination, run } = await planned(100, { breaker: { outage: 2000, firstPause: 300 } });
  const running = runBetween(h, { destination }, run);
  await expect
    .poll(() => h.images.filter(({ state }) => state === "succeeded").length, {
      interval: 5,
      timeout: 20_000,
    })
    .toBeGreaterThan(3);
  await to.kill9();
  const killed = performance.now();
  const done = await running;
  expect(performance.now() - killed).toBeLessThan(25_000);
  expect(done.state).toBe("failed");
  const failed = h.rows(done).filter(({ state }) => state === "failed");
  expect(failed.length + done.tallies.imagesSucceeded).toBe(100);
  expect(failed.every(({ error }) => error?.code === "unreachable" && error.side === "destination")).toBe(
    true,
  );
  expect(h.context.hosts.counts(to.host).failures).toBeLessThan(60);
});

it("P002 bandwidth and requests at once follow what is set in the middle of a blob", async () => {
  const { h, to, destination, run } = await planned(1, undefined, 40_000_000);
  await runBetween(h, { destination }, run);
  const next = await startRealRegistry();
  onTestFinished(() => next.stop());
  const ends = { source: destination, destination: client(next.host) };
  const { hosts, bandwidth } = h.context;
  const rate = 2_000_000;
  bandwidth.limitAll(rate);
  const copy = await planBetween(h, ends, everything());
  const before = bandwidth.bytesOf(to.host);
  const began = performance.now();
  const running = runBetween(h, ends, copy);
  await wait(1500);
  const passed = bandwidth.bytesOf(to.host) - before;
  const seconds = (performance.now() - began) / 1000;
  // What was taken and waits for its turn is counted already: a piece of a socket's size.
  expect(passed).toBeLessThan(rate * (seconds + 0.1) + 600_000);
  expect(passed).toBeGreaterThan(100_000);
  expect(hosts.status(to.host)).toMatchObject({ bulk: 1 });
  hosts.configure(to.host, { bandwidth: 1_000_000, connections: 2 });
  expect(hosts.status(to.host)).toMatchObject({ bandwidth: 1_000_000, most: 2, limit: 2 });
  hosts.configure(to.host, { bandwidth: null });
  bandwidth.limitAll(null);
  const done = await running;
  expect(done).toMatchObject({ state: "succeeded" });
  // At the limit it would have taken twenty seconds.
  expect((performance.now() - began) / 1000).toBeLessThan(15);
  expect(bandwidth.bytesOf(to.host) - before).toBeGreaterThanOrEqual(40_000_000);
});
