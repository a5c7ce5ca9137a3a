// The transfers tree laid out flat: what is unfolded, what is still loading, where the keys go.
import { describe, expect, it } from "vitest";
import {
  type ImageList,
  isSameRow,
  type RowsInput,
  rowId,
  type TransferRow,
  TransferRows,
  tabOf,
} from "../../../../renderer/screens/transfers/run-rows.ts";
import { FreightlinerError } from "../../../../shared/errors.ts";
import { runStates } from "../../../../shared/run.ts";
import { makeBlob, makeImage, makeRun, runId } from "../run-fixtures.ts";

const error = new FreightlinerError({ code: "unreachable", operation: "runs.images", message: "gone" });
const list = (items: ImageList["items"]): ImageList => ({
  total: items.length,
  items,
  places: new Map(items.flatMap((image, at) => (image === undefined ? [] : [[image.id, at] as const]))),
  error: undefined,
});
const input = (change: Partial<RowsInput>): RowsInput => ({
  runs: [makeRun(2), makeRun(1)],
  images: new Map(),
  blobs: new Map(),
  expanded: new Set(),
  ...change,
});
const allRows = (rows: TransferRows): readonly TransferRow[] =>
  Array.from({ length: rows.count }, (_, index) => rows.at(index)).filter((row) => row !== undefined);
const shape = (change: Partial<RowsInput>): readonly string[] =>
  allRows(new TransferRows(input(change))).map(
    (row) => `${row.level} ${row.kind} ${row.posInSet}/${row.setSize}`,
  );

describe("TransferRows", () => {
  it("lists runs alone while they are folded", () => {
    expect(shape({})).toEqual(["1 run 1/2", "1 run 2/2"]);
  });

  it("shows that images are on their way, that there are none, or why they do not come", () => {
    const expanded = new Set([runId(1)]);
    expect(shape({ expanded })).toEqual(["1 run 1/2", "1 run 2/2", "2 loading 1/1"]);
    expect(shape({ expanded, images: new Map([[runId(1), list([])]]) }).at(-1)).toBe("2 empty 1/1");
    const images = new Map([[runId(1), { ...list([]), error }]]);
    expect(shape({ expanded, images }).at(-1)).toBe("2 error 1/1");
  });

  it("keeps the place of images that were not read yet", () => {
    const images = new Map([[runId(2), list([makeImage(1, { runId: runId(2) }), undefined])]]);
    expect(shape({ expanded: new Set([runId(2)]), images })).toEqual([
      "1 run 1/2",
      "2 image 1/2",
      "2 hole 2/2",
      "1 run 2/2",
    ]);
  });

  it("unfolds an image to its blobs, and not one that has none", () => {
    const images = new Map([[runId(1), list([makeImage(1), makeImage(2, { action: "skip" })])]]);
    const expanded = new Set([runId(1), rowId.image(runId(1), 1), rowId.image(runId(1), 2)]);
    const blobs = new Map([[rowId.image(runId(1), 1), { blobs: [makeBlob("a"), makeBlob("b")] }]]);
    expect(shape({ images, expanded, blobs }).slice(1)).toEqual([
      "1 run 2/2",
      "2 image 1/2",
      "3 blob 1/2",
      "3 blob 2/2",
      "2 image 2/2",
    ]);
    expect(shape({ images, expanded })[3]).toBe("3 loading 1/1");
  });

  it("finds every row again by its id, whatever is unfolded around it", () => {
    const images = new Map([
      [runId(2), list([1, 2, 3].map((id) => makeImage(id, { runId: runId(2) })))],
      [runId(1), list([makeImage(7), undefined, makeImage(9), undefined])],
    ]);
    const expanded = new Set([
      runId(1),
      runId(2),
      ...[1, 3].map((id) => rowId.image(runId(2), id)),
      ...[7, 9].map((id) => rowId.image(runId(1), id)),
    ]);
    const blobs = new Map([
      [rowId.image(runId(2), 1), { blobs: [makeBlob("a"), makeBlob("b")] }],
      [rowId.image(runId(1), 7), { error }],
      [rowId.image(runId(1), 9), { blobs: [makeBlob("c")] }],
    ]);
    const rows = new TransferRows(input({ images, expanded, blobs }));
    const ids = allRows(rows).map(({ id }) => id);
    expect(ids).toHaveLength(rows.count);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map((id) => rows.indexOf(id))).toEqual(ids.map((_, index) => index));
    expect(rows.indexOf(runId(3))).toBe(-1);
    expect(rows.indexOf(undefined)).toBe(-1);
    expect(rows.at(rows.count)).toBeUndefined();
  });

  it("goes from a child to its parent", () => {
    const images = new Map([[runId(2), list([makeImage(1, { runId: runId(2) }), undefined])]]);
    const expanded = new Set([runId(2), rowId.image(runId(2), 1)]);
    const blobs = new Map([[rowId.image(runId(2), 1), { blobs: [makeBlob("a")] }]]);
    const rows = new TransferRows(input({ expanded, images, blobs }));
    expect([0, 1, 2, 3, 4].map((index) => rows.parentOf(index))).toEqual([0, 0, 1, 0, 4]);
  });

  it("lays out ten thousand images without making their rows", () => {
    const items = Array.from({ length: 10_000 }, (_, at) => makeImage(at + 1));
    const images = new Map([[runId(1), list(items)]]);
    const expanded = new Set([runId(1), rowId.image(runId(1), 5000)]);
    const start = performance.now();
    for (let turn = 0; turn < 1000; turn++) new TransferRows(input({ images, expanded }));
    // A thousand layouts in the time that a person calls at once: none of them may depend on the images.
    expect(performance.now() - start).toBeLessThan(500);
    const rows = new TransferRows(input({ images, expanded }));
    expect(rows.count).toBe(2 + 10_000 + 1);
    expect(rows.at(rows.count - 1)).toMatchObject({ kind: "image", image: { id: 10_000 } });
  });
});

describe("isSameRow", () => {
  const rowOf = (change: Partial<RowsInput>): TransferRow => {
    const row = new TransferRows(input({ expanded: new Set([runId(2)]), ...change })).at(1);
    if (row === undefined) throw new Error("no row");
    return row;
  };
  it("does not draw images again because their run counted on", () => {
    const image = makeImage(1, { runId: runId(2) });
    const images = new Map([[runId(2), list([image])]]);
    const counted = [makeRun(2, { tallies: { ...makeRun(2).tallies, imagesSucceeded: 1 } }), makeRun(1)];
    expect(isSameRow(rowOf({ images }), rowOf({ images, runs: counted }))).toBe(true);
    const paused = [makeRun(2, { state: "paused" }), makeRun(1)];
    expect(isSameRow(rowOf({ images }), rowOf({ images, runs: paused }))).toBe(false);
    const done = new Map([[runId(2), list([{ ...image, state: "succeeded" as const }])]]);
    expect(isSameRow(rowOf({ images }), rowOf({ images: done }))).toBe(false);
  });
});

it("puts every state under one tab", () => {
  const tabs = Object.fromEntries(runStates.map((state) => [state, tabOf(makeRun(1, { state }))]));
  expect(tabs).toEqual({
    planning: "active",
    planned: "active",
    queued: "active",
    running: "active",
    paused: "active",
    succeeded: "done",
    failed: "failed",
    cancelled: "done",
  });
});
