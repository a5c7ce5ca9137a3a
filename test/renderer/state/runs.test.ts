// The runs that the window knows: order, pages of images, what events change, what a gap reads again.
import { beforeEach, expect, it, vi } from "vitest";
import { emitGap } from "../../../renderer/api/live.ts";
import { rowId } from "../../../renderer/screens/transfers/run-rows.ts";
import {
  forgetRun,
  imagePage,
  listedRuns,
  loadImages,
  loadRuns,
  noFilter,
  rememberImage,
  rememberRun,
  setExpanded,
  setRunFilter,
  useRuns,
} from "../../../renderer/state/runs.ts";
import { emptyRunTallies } from "../../../shared/run.ts";
import { makeBlob, makeImage, makeRun, runId } from "../screens/run-fixtures.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const host = new ScriptedHost();
const total = imagePage + 5;
beforeEach(() => {
  host.asked.length = 0;
  setRunFilter(noFilter);
  useRuns.setState({ runs: [], images: new Map(), blobs: new Map(), expanded: new Set() });
  host.asked.length = 0;
  host.answer("runs.list", ({ states }) =>
    states?.includes("running") === false
      ? { runs: [], total: 0 }
      : { runs: [makeRun(3), makeRun(1)], total: 2 },
  );
  host.answer("runs.images", ({ offset, limit }) => ({
    images: Array.from({ length: Math.min(limit, total - offset) }, (_, at) => makeImage(offset + at + 1)),
    total,
  }));
  host.answer("runs.blobs", () => ({ blobs: [makeBlob("a")] }));
});
const ids = () => useRuns.getState().runs.map((run) => run.id);

it("keeps the newest first, wherever a run comes in", async () => {
  await loadRuns();
  rememberRun(makeRun(2));
  rememberRun(makeRun(4));
  rememberRun(makeRun(2, { state: "succeeded" }));
  expect(ids()).toEqual([4, 3, 2, 1].map(runId));
  expect(useRuns.getState().runs[2]?.state).toBe("succeeded");
});

it("reads images a page at a time and leaves holes for the rest", async () => {
  await loadImages(runId(1), 0);
  const first = useRuns.getState().images.get(runId(1));
  expect(first?.items).toHaveLength(total);
  expect(first?.items[imagePage]).toBeUndefined();
  await loadImages(runId(1), imagePage + 3);
  const both = useRuns.getState().images.get(runId(1));
  expect(both?.items[0]?.id).toBe(1);
  expect(both?.items[imagePage]?.id).toBe(imagePage + 1);
});

it("asks for a page once while it is under way", async () => {
  await Promise.all([loadImages(runId(1), 0), loadImages(runId(1), 1)]);
  expect(host.calls("runs.images")).toHaveLength(1);
});

it("changes images in their places together and ignores one that is not read", async () => {
  await loadImages(runId(1), 0);
  rememberImage(makeImage(2, { state: "succeeded" }));
  rememberImage(makeImage(3, { state: "running" }));
  rememberImage(makeImage(imagePage + 1, { state: "succeeded" }));
  let drawn = 0;
  const stop = useRuns.subscribe(() => drawn++);
  const items = () => useRuns.getState().images.get(runId(1))?.items;
  await vi.waitFor(() => expect(items()?.[1]?.state).toBe("succeeded"));
  stop();
  expect(items()?.[2]?.state).toBe("running");
  expect(items()?.[imagePage]).toBeUndefined();
  expect(drawn).toBe(1);
});

it("reads what is unfolded and forgets it with its run", async () => {
  rememberRun(makeRun(1));
  setExpanded(runId(1), true);
  setExpanded(rowId.image(runId(1), 1), true);
  await vi.waitFor(() => expect(useRuns.getState().blobs.size).toBe(1));
  forgetRun(runId(1));
  const { runs, images, blobs, expanded } = useRuns.getState();
  expect([runs.length, images.size, blobs.size, expanded.size]).toEqual([0, 0, 0, 0]);
});

it("reads everything that is shown again after a gap", async () => {
  setExpanded(runId(1), true);
  await vi.waitFor(() => expect(useRuns.getState().images.size).toBe(1));
  host.asked.length = 0;
  emitGap();
  await vi.waitFor(() =>
    expect(host.calls("runs.images")).toEqual([{ runId: runId(1), offset: 0, limit: imagePage }]),
  );
  expect(host.calls("runs.list")).toHaveLength(3);
});

it("says why images could not be read, and keeps those that are there", async () => {
  await loadImages(runId(1), 0);
  host.answer("runs.images", () => "nonsense");
  await loadImages(runId(1), imagePage);
  expect(useRuns.getState().images.get(runId(1))?.error).toBeUndefined();
  await loadImages(runId(2), 0);
  expect(useRuns.getState().images.get(runId(2))?.error?.code).toBe("protocol");
});

it("asks how many images are done while they end, and never goes back to an older state", async () => {
  const tallies = { ...emptyRunTallies, imagesSucceeded: 7 };
  host.answer("runs.get", () => makeRun(1, { tallies }));
  rememberRun(makeRun(1));
  rememberImage(makeImage(2, { state: "succeeded" }));
  rememberImage(makeImage(3, { state: "succeeded" }));
  await vi.waitFor(() => expect(useRuns.getState().runs[0]?.tallies.imagesSucceeded).toBe(7), 3000);
  expect(host.calls("runs.get")).toHaveLength(1);
  rememberRun(makeRun(1, { state: "succeeded" }));
  rememberImage(makeImage(4, { state: "succeeded" }));
  await vi.waitFor(() => expect(host.calls("runs.get")).toHaveLength(2), 3000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(useRuns.getState().runs[0]?.state).toBe("succeeded");
});

it("counts what is under each tab, also what was not read, and follows a run from one to another", async () => {
  host.answer("runs.list", ({ states }) =>
    states?.includes("failed") === true
      ? { runs: [makeRun(2, { state: "failed" })], total: 700 }
      : { runs: states?.includes("running") === true ? [makeRun(1)] : [], total: 1 },
  );
  await loadRuns();
  expect(useRuns.getState().counts).toEqual({ active: 1, failed: 700, done: 1 });
  rememberRun(makeRun(1, { state: "succeeded" }));
  expect(useRuns.getState().counts).toEqual({ active: 0, failed: 700, done: 2 });
  forgetRun(runId(2));
  expect(useRuns.getState().counts.failed).toBe(699);
});

it("looks for a name in runs and in the images of those that are unfolded", async () => {
  await loadRuns();
  setExpanded(runId(3), true);
  await vi.waitFor(() => expect(useRuns.getState().images.size).toBe(1));
  host.asked.length = 0;
  host.answer("runs.list", () => ({ runs: [makeRun(1), makeRun(0)], total: 2 }));
  setRunFilter({ text: "app", states: ["failed"] });
  await vi.waitFor(() => expect(useRuns.getState().found).toHaveLength(2));
  expect(host.calls("runs.list")).toMatchObject([{ text: "app" }]);
  expect(host.calls("runs.images")).toEqual([
    { runId: runId(3), offset: 0, limit: imagePage, text: "app", states: ["failed"] },
  ]);
  rememberRun(makeRun(1, { state: "paused" }));
  // What was found is listed as it is now, and what was not found is not.
  expect(listedRuns(useRuns.getState()).map(({ id, state }) => `${Number(id)} ${state}`)).toEqual([
    "1 paused",
    "0 running",
  ]);
  setRunFilter(noFilter);
  expect(listedRuns(useRuns.getState())).toHaveLength(2);
});

it("does not show images of the filter before", async () => {
  setExpanded(runId(1), true);
  setRunFilter({ text: "", states: ["failed"] });
  await vi.waitFor(() => expect(host.calls("runs.images").length).toBeGreaterThan(1));
  expect(host.calls("runs.images").at(-1)).toMatchObject({ states: ["failed"] });
  await vi.waitFor(() => expect(useRuns.getState().images.get(runId(1))?.items).toHaveLength(total));
});
