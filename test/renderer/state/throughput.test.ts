// Speeds of the last hour: a ring of fixed size, its windows, what they say, and an axis that rarely moves.
import { expect, it } from "vitest";
import { axisTop, keptSeconds, SpeedRing, summarise, thinned } from "../../../renderer/state/throughput.ts";

it("keeps the newest hour, oldest first", () => {
  const ring = new SpeedRing();
  ring.push(1);
  ring.push(2);
  expect(ring.last(3)).toEqual([null, 1, 2]);
  for (let second = 0; second < keptSeconds + 5; second++) ring.push(second);
  expect(ring.last(keptSeconds)[0]).toBe(5);
  expect(ring.last(2)).toEqual([keptSeconds + 3, keptSeconds + 4]);
});

it("shows what was missed as a gap and knows when nothing moved for a minute", () => {
  const ring = new SpeedRing();
  ring.push(0);
  expect(ring.isIdle()).toBe(true);
  ring.push(Number.NaN);
  ring.push(3000);
  expect(ring.last(3)).toEqual([0, null, 3000]);
  expect(ring.isIdle()).toBe(false);
  for (let second = 0; second < 60; second++) ring.push(0);
  expect(ring.isIdle()).toBe(true);
});

it("takes the engine's own measurements and goes on from them", () => {
  const ring = new SpeedRing();
  ring.push(99);
  ring.replace([5, 6, 7]);
  ring.push(8);
  expect(ring.last(5)).toEqual([null, 5, 6, 7, 8]);
});

it("draws an hour with few points and keeps its gaps", () => {
  const hour = Array.from({ length: 3600 }, (_, second) => (second < 1800 ? null : second));
  const points = thinned(hour);
  expect(points).toHaveLength(150);
  expect(points.slice(0, 75).every((point) => point === null)).toBe(true);
  // The last 24 seconds on average.
  expect(points.at(-1)).toBe(3587.5);
  expect(thinned([1, null])).toEqual([1, null]);
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
