// How long a stop waits for a part that is on its way: as long as it is likely to take, within bounds, and never for a cancel.
import { expect, it } from "vitest";
import { lingering } from "../../electron/engine/lingering.ts";
import { Stopped, type StopReason } from "../../electron/engine/ports.ts";

function stop(reason: StopReason, left: number | undefined) {
  const told: number[] = [];
  const slept: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const sleep = (ms: number): Promise<void> => {
    slept.push(ms);
    return promise;
  };
  const controller = new AbortController();
  const work = { context: { clock: { sleep } }, lingers: (ms: number) => void told.push(ms) };
  const { signal } = lingering(controller.signal, work, () => left);
  controller.abort(new Stopped(reason));
  return { signal, told, slept, wake: resolve };
}

it.each([
  ["user-pause", 0, 700],
  ["shutdown", 2000, 3700],
  ["user-pause", 4000, 6700],
  // It would be late all the same, or does not move at all.
  ["user-pause", 60_000, 700],
  ["shutdown", Number.POSITIVE_INFINITY, 700],
] as const)(
  "a stop (%s) waits for what takes %d ms yet: at most %d ms, and the run is told",
  async (reason, left, wait) => {
    const { signal, told, slept, wake } = stop(reason, left);
    expect(signal.aborted).toBe(false);
    expect([told, slept]).toEqual([[wait], [wait]]);
    wake();
    await expect.poll(() => signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ reason });
  },
);

it.each([
  ["user-cancel", 100],
  ["lease-lost", 100],
  ["user-pause", undefined],
] as const)("R003 a stop (%s) is heard at once where nobody wants the rest (%s)", (reason, left) => {
  const { signal, told } = stop(reason, left);
  expect(signal.aborted).toBe(true);
  expect(told).toEqual([]);
});
