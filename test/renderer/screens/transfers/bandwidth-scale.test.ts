// The bandwidth slider's steps: evenly apart to the eye, readable, and found again from what was set.
import { expect, it } from "vitest";
import {
  bandwidthAtStep,
  noLimitStep,
  stepOfBandwidth,
} from "../../../../renderer/screens/transfers/bandwidth-scale.ts";

it("goes from 64 KiB/s to 2 GiB/s and ends without a limit", () => {
  expect(bandwidthAtStep(0)).toBe(64 * 1024);
  expect(bandwidthAtStep(8)).toBe(1024 * 1024);
  expect(bandwidthAtStep(noLimitStep - 1)).toBe(2 * 1024 ** 3);
  expect(bandwidthAtStep(noLimitStep)).toBeNull();
});

it("rises at every step and leads back to it", () => {
  let before = 0;
  for (let step = 0; step < noLimitStep; step++) {
    const value = bandwidthAtStep(step);
    expect(value).toBeGreaterThan(before);
    expect(Number.isInteger(value)).toBe(true);
    expect(stepOfBandwidth(value)).toBe(step);
    before = value ?? 0;
  }
  expect(stepOfBandwidth(null)).toBe(noLimitStep);
  expect(stepOfBandwidth(1)).toBe(0);
  expect(stepOfBandwidth(1e15)).toBe(noLimitStep - 1);
});
