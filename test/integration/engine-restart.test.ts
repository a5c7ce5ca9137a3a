// A destination that is killed and comes back in the middle of a run: the run ends well without a hand.
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { everything, harness } from "../engine/harness.ts";
import { putImage } from "../engine/images.ts";
import { client, planBetween, runBetween } from "../engine/over-http.ts";
import { startRealRegistry } from "../support/real-registry.ts";

it("goes on by itself when docker-registry is killed and started again", async () => {
  const h = harness({ clock: systemClock });
  for (let at = 0; at < 8; at++)
    putImage(h.source, {
      repository: `team/app${at}`,
      tag: "v1",
      layers: [[randomBytes(16).toString("hex"), 2_000_000]],
    });
  const to = await startRealRegistry();
  onTestFinished(() => to.stop());
  const destination = client(to.host);
  const planned = await planBetween(h, { destination }, everything());
  const running = runBetween(h, { destination }, planned);
  await expect.poll(() => h.progress.length, { interval: 2, timeout: 5000 }).toBeGreaterThan(2);
  await to.kill9();
  await wait(1500);
  await to.restart();
  const done = await running;
  expect(done).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 8, imagesFailed: 0 } });
  expect(done.tallies.retries).toBeGreaterThan(0);
  const again = await planBetween(h, { destination }, everything());
  expect(again.plan).toMatchObject({ skip: 8, bytesToTransfer: 0 });
});
