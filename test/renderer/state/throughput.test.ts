// The last minute of speeds: a ring of fixed size, its summary, and an axis that rarely moves.
import { expect, it } from "vitest";
import { axisTop, SpeedRing, summarise, windowSeconds } from "../../../renderer/state/throughput.ts";

it("keeps the newest minute, oldest first", () => {
  const ring = new SpeedRing();
  ring.push(1);
  ring.push(2);
  expect(ring.toArray().slice(-3)).toEqual([null, 1, 2]);
  for (let second = 0; second < windowSeconds + 5; second++) ring.push(second);
  const values = ring.toArray();
  expect(values).toHaveLength(windowSeconds);
  expect(values[0]).toBe(5);
  expect(values.at(-1)).toBe(windowSeconds + 4);
});

it("shows what was missed as a gap and knows when nothing moved", () => {
  const ring = new SpeedRing();
  ring.push(0);
  expect(ring.isIdle()).toBe(true);
  ring.push(Number.NaN);
  ring.push(3000);
  expect(ring.toArray().slice(-3)).toEqual([0, null, 3000]);
  expect(ring.isIdle()).toBe(false);
});

it("averages over the seconds in which something moved", () => {
  expect(summarise([null, 0, 3, 1000, 3000])).toEqual({ now: 3000, average: 2000, peak: 3000, idle: false });
  expect(summarise([null, 0])).toEqual({ now: 0, average: 0, peak: 0, idle: true });
  expect(summarise([])).toEqual({ now: 0, average: 0, peak: 0, idle: true });
});

it("leaves room above the peak", () => {
  const mebi = 1024 * 1024;
  expect(axisTop(0)).toBe(mebi);
  expect(axisTop(15 * mebi)).toBe(32 * mebi);
  expect(axisTop(14 * mebi)).toBe(16 * mebi);
});
