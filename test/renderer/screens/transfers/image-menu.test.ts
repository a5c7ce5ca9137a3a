// The menu of an image's or a blob's row: it offers only what there is to look at.
import { expect, it } from "vitest";
import { imageItems } from "../../../../renderer/screens/transfers/image-menu.tsx";
import type { TransferRow } from "../../../../renderer/screens/transfers/run-rows.ts";
import { useNavigation } from "../../../../renderer/state/navigation.ts";
import type { RunImage } from "../../../../shared/run.ts";
import { makeImage, makeRun } from "../run-fixtures.ts";

const place = { level: 2, posInSet: 1, setSize: 1, expandable: true, expanded: false } as const;
const rowOf = (change: Partial<RunImage>): TransferRow => ({
  kind: "image",
  id: "1/1",
  run: makeRun(1),
  image: makeImage(1, change),
  ...place,
});
const labels = (row: TransferRow | undefined): readonly string[] => imageItems(row).map(({ label }) => label);

it("looks into an image at the source, and at the destination once it is there", () => {
  expect(labels(rowOf({ state: "running" }))).toEqual(["Inspect at the source", "Copy digest"]);
  const done = rowOf({ state: "succeeded", destinationRepository: "mirror/app" });
  expect(labels(done)).toEqual(["Inspect at the source", "Inspect at the destination", "Copy digest"]);
  imageItems(done)[1]?.onSelect();
  expect(useNavigation.getState().drawer).toEqual({
    kind: "inspect",
    image: { endpointId: "b", repository: "mirror/app", reference: "v1" },
  });
});

it("offers to try a failed image of a failed transfer again, alone", () => {
  const failed = rowOf({ state: "failed" });
  expect(labels(failed)).not.toContain("Retry this image");
  if (failed.kind !== "image") throw new Error("expected an image");
  const over: TransferRow = { ...failed, run: makeRun(1, { state: "failed" }) };
  expect(labels(over)[0]).toBe("Retry this image");
});

it("offers nothing of what is nowhere", () => {
  expect(labels(rowOf({ action: "delete", state: "succeeded", digest: null }))).toEqual([]);
  expect(labels(undefined)).toEqual([]);
});
