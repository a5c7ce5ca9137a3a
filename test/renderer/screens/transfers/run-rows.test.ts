// The transfers tree laid out flat: what is unfolded, what is still loading, where the keys go.
import { describe, expect, it } from "vitest";
import {
  buildRows,
  type ImageList,
  parentIndex,
  type RowsInput,
  rowId,
  tabOf,
} from "../../../../renderer/screens/transfers/run-rows.ts";
import { FreightlinerError } from "../../../../shared/errors.ts";
import { runStates } from "../../../../shared/run.ts";
import { makeBlob, makeImage, makeRun, runId } from "../run-fixtures.ts";

const error = new FreightlinerError({ code: "unreachable", operation: "runs.images", message: "gone" });
const list = (items: ImageList["items"]): ImageList => ({ total: items.length, items, error: undefined });
const input = (change: Partial<RowsInput>): RowsInput => ({
  runs: [makeRun(2), makeRun(1)],
  images: new Map(),
  blobs: new Map(),
  expanded: new Set(),
  ...change,
});
const shape = (change: Partial<RowsInput>): readonly string[] =>
  buildRows(input(change)).map((row) => `${row.level} ${row.kind} ${row.posInSet}/${row.setSize}`);

describe("buildRows", () => {
  it("lists runs alone while they are folded", () => {
    expect(shape({})).toEqual(["1 run 1/2", "1 run 2/2"]);
  });

  it("shows that images are on their way, or why they do not come", () => {
    const expanded = new Set([runId(1)]);
    expect(shape({ expanded })).toEqual(["1 run 1/2", "1 run 2/2", "2 loading 1/1"]);
    const images = new Map([[runId(1), { total: 0, items: [], error }]]);
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

  it("gives every row an id of its own", () => {
    const images = new Map([[runId(1), list([makeImage(1), undefined, undefined])]]);
    const expanded = new Set([runId(1), runId(2), rowId.image(runId(1), 1)]);
    const blobs = new Map([[rowId.image(runId(1), 1), { blobs: [makeBlob("a"), makeBlob("b")] }]]);
    const ids = buildRows(input({ images, expanded, blobs })).map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it("goes from a child to its parent", () => {
  const images = new Map([[runId(2), list([makeImage(1, { runId: runId(2) }), undefined])]]);
  const rows = buildRows(input({ expanded: new Set([runId(2)]), images }));
  expect([0, 1, 2, 3].map((index) => parentIndex(rows, index))).toEqual([0, 0, 0, 3]);
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
