// What a report says of how an image is known to be at the destination.
import { expect, it } from "vitest";
import { proofOf } from "../../../../renderer/screens/history/proof.ts";
import { makeImage } from "../run-fixtures.ts";

const digest = `sha256:${"0".repeat(64)}`;
const other = `sha256:${"1".repeat(64)}`;

it("tells equal images from those that were left alone, and both from what was read back", () => {
  const skipped = { state: "skipped", action: "skip" } as const;
  expect(proofOf(makeImage(1, { state: "succeeded", verified: true }))).toBe("verified");
  expect(proofOf(makeImage(1, { ...skipped, replacesDigest: digest }))).toBe("compared");
  expect(proofOf(makeImage(1, { state: "skipped", action: "copy", destinationDigest: digest }))).toBe(
    "compared",
  );
  expect(proofOf(makeImage(1, { ...skipped, writesDigest: other, replacesDigest: other }))).toBe("compared");
  expect(proofOf(makeImage(1, { ...skipped, replacesDigest: other }))).toBe("kept");
  expect(proofOf(makeImage(1, { ...skipped, digest: null, replacesDigest: null }))).toBe("kept");
  expect(proofOf(makeImage(1, { state: "failed" }))).toBe("none");
});
