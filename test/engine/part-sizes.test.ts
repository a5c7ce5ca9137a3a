// Sizes of parts: grow where the connection is fast, shrink where a part would outlast a pause, keep to what is asked for.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultTransfer, PartSizes, smallerPart } from "../../electron/engine/part-sizes.ts";

const mebibyte = 1024 * 1024;
const far = 1000 * mebibyte;

/** The size after so many parts over a connection of a constant speed, in bytes per millisecond. */
function settled(rate: number, session = { leastPart: 0 }, each = 0): number {
  const sizes = new PartSizes(defaultTransfer, session);
  for (let at = 0; at < 20; at++) {
    const size = sizes.next(far);
    sizes.took(size, size / rate + each);
  }
  return sizes.next(far);
}

describe("parts", () => {
  it("take less time than a stop is given, but where a lost session costs seconds only", () => {
    expect(settled((100 * mebibyte) / 1000)).toBe(defaultTransfer.partSize);
    for (const perSecond of [2, 5, 10, 15]) {
      const size = settled((perSecond * mebibyte) / 1000);
      expect(size / (perSecond * mebibyte)).toBeLessThanOrEqual(0.6);
    }
  });

  it("are never larger than the limit nor smaller than a mebibyte", () => {
    expect(settled((5000 * mebibyte) / 1000)).toBe(defaultTransfer.partSize);
    expect(settled((0.01 * mebibyte) / 1000)).toBe(mebibyte);
  });

  it("stay at 5 MiB where smaller ones turn out to be much slower, as with object storage behind 2.8", () => {
    const sizes = new PartSizes(defaultTransfer, { leastPart: 0 });
    const storage = (size: number) => (size < 5 * mebibyte ? size / 200 : size / 5000);
    sizes.took(4 * mebibyte, 100);
    for (let at = 0; at < 20; at++) {
      const size = sizes.next(far);
      sizes.took(size, storage(size));
    }
    expect(sizes.next(far)).toBe(5 * mebibyte);
  });

  it("keep to the least and the largest part of the registry", () => {
    expect(settled(1, { leastPart: 20 * mebibyte })).toBe(20 * mebibyte);
    const sizes = new PartSizes(defaultTransfer, { leastPart: 0, largestPart: 16 * mebibyte });
    for (let at = 0; at < 5; at++) sizes.took(sizes.next(far), 1);
    expect(sizes.next(far)).toBe(16 * mebibyte);
    expect(sizes.next(17 * mebibyte)).toBe(16 * mebibyte);
  });

  it("are halved where one was too large, down to a mebibyte", () => {
    const limits: number[] = [];
    for (let size: number | undefined = 5 * mebibyte; size !== undefined; ) {
      size = smallerPart(size, defaultTransfer);
      if (size !== undefined) limits.push(size);
    }
    expect(limits).toEqual([2.5 * mebibyte, 1.25 * mebibyte, mebibyte]);
  });

  it("always make up the whole", () => {
    const duration = fc.integer({ min: 0, max: 5000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: far }), fc.array(duration), (size, durations) => {
        const sizes = new PartSizes(defaultTransfer, { leastPart: 0 });
        let left = size;
        for (let at = 0; left > 0; at++) {
          const part = sizes.next(left);
          expect(part).toBeGreaterThan(0);
          expect(part).toBeLessThanOrEqual(Math.min(left, defaultTransfer.partSize));
          left -= part;
          sizes.took(part, durations[at] ?? 400);
        }
      }),
    );
  });
});
