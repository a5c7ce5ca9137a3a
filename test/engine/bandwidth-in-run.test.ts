// Bandwidth limits at work: changed in mid-blob they hold at once, and a low one lets bytes go on little by little.
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Bandwidth } from "../../electron/engine/bandwidth.ts";
import { systemClock } from "../../electron/engine/clock.ts";
import { type Harness, harness, image } from "./harness.ts";
import { putImage } from "./images.ts";

const size = 8_000_000;
/** What may be under way behind the limit when it changes: buffers and one chunk. */
const underWay = 500_000;
type Limit = (bandwidth: Bandwidth, runId: string, bytesPerSecond: number | null) => void;
const limits: readonly [string, Limit][] = [
  ["of everything", (bandwidth, _, rate) => bandwidth.limitAll(rate)],
  ["of a host", (bandwidth, _, rate) => bandwidth.limitHost("destination.test:5000", rate)],
  ["of the run", (bandwidth, runId, rate) => bandwidth.limitRun(runId, rate)],
];

async function untilReceived(h: Harness, bytes: number): Promise<void> {
  await expect
    .poll(() => h.destination.bytesReceived, { timeout: 20_000, interval: 20 })
    .toBeGreaterThan(bytes);
}

describe("a limit", () => {
  it.each(
    limits.flatMap(([name, limit]) => [
      { name, limit, partsFrom: 1e12, how: "whole" },
      { name, limit, partsFrom: 1, how: "in parts" },
    ]),
  )("$name that changes in mid-blob holds for a blob that goes $how", async ({ limit, partsFrom }) => {
    const h = harness({ clock: systemClock, transfer: { partsFrom, partSize: 4_000_000 } });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["big", size]] });
    const planned = await h.plan({ selection: [image("app", "v1")] });
    const set = (rate: number | null): void => limit(h.context.bandwidth, planned.id, rate);
    set(4_000_000);
    const running = h.run(planned);
    await untilReceived(h, 1_000_000);
    set(50_000);
    const [began, received] = [performance.now(), h.destination.bytesReceived];
    await wait(500);
    const seconds = (performance.now() - began) / 1000;
    expect(h.destination.bytesReceived - received).toBeLessThan(underWay + 50_000 * seconds);
    // A minute and more would be left at this rate.
    set(null);
    const done = await running;
    expect((performance.now() - began) / 1000).toBeLessThan(20);
    expect(done.state).toBe("succeeded");
    expect(h.destination.bytesReceived).toBeGreaterThanOrEqual(size);
  });

  it("that is low lets a chunk of 64 KiB go on in small pieces, so that no connection falls silent for long", async () => {
    const h = harness({ clock: systemClock });
    putImage(h.source, { repository: "app", tag: "v1", layers: [["small", 65_536]] });
    const planned = await h.plan({ selection: [image("app", "v1")] });
    h.context.bandwidth.limitAll(65_536);
    expect((await h.run(planned)).state).toBe("succeeded");
    const told = h.progress.flatMap((one) =>
      one.kind === "blob" && one.total === 65_536 ? [one.bytes] : [],
    );
    // More than 100 ms lie between two pieces, so each is told.
    expect(told).toContain(8192);
    expect(told).toContain(3 * 8192);
  });

  it("cuts pieces by the narrowest of all, and none cuts nothing", () => {
    const bandwidth = new Bandwidth({ clock: systemClock });
    const meter = bandwidth.meter({ runId: "r", hosts: ["a", "b"] });
    expect(meter.piece).toBe(Number.POSITIVE_INFINITY);
    bandwidth.limitAll(10_000_000);
    expect(meter.piece).toBe(1_250_000);
    bandwidth.limitHost("b", 800_000);
    expect(meter.piece).toBe(100_000);
    bandwidth.limitRun("r", 10);
    expect(meter.piece).toBe(8192);
  });
});
