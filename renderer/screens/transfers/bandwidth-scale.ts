// A slider's steps for bandwidth: half doublings from 64 KiB/s to 2 GiB/s, and no limit at the end.

const lowest = 64 * 1024;
const steps = 30;
/** The last place: no limit. */
export const noLimitStep = steps + 1;

/** Bytes per second; null = no limit. */
export function bandwidthAtStep(step: number): number | null {
  if (step >= noLimitStep) return null;
  const exact = lowest * 2 ** (Math.max(0, step) / 2);
  // Two digits are as fine as anybody wants it, and read well.
  const unit = 2 ** (10 * Math.floor(Math.log2(exact) / 10));
  const value = exact / unit;
  const digits = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.round(Math.round(value / digits) * digits * unit);
}

/** The nearest place of a bandwidth that may have been set elsewhere. */
export function stepOfBandwidth(bytesPerSecond: number | null): number {
  if (bytesPerSecond === null) return noLimitStep;
  const step = Math.round(2 * Math.log2(Math.max(lowest, bytesPerSecond) / lowest));
  return Math.min(steps, step);
}
