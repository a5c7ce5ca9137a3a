// The history as it is searched and cleared, and where blobs are known to lie.
import { describe, expect, it } from "vitest";
import type { RunQuery } from "../../electron/store/store.ts";
import {
  blob,
  endpoint,
  insertRun,
  jobSpec,
  plannedImage,
  queuedRun,
  runningRun,
  testStore,
} from "./samples.ts";

const page = { offset: 0, limit: 10 };

function ended(t: ReturnType<typeof testStore>, names: readonly string[]): string {
  const { id } = runningRun(
    t.store,
    names.map((sourceRepository) => plannedImage({ sourceRepository })),
  );
  for (const image of t.store.runs.images(id, { offset: 0, limit: 1000 }).images) {
    t.store.journal.imageStarted(id, image.id);
    t.store.journal.imageFinished(id, image.id, {
      state: "succeeded",
      verified: true,
      destinationDigest: null,
      error: null,
    });
  }
  t.store.journal.finishRun(id, "succeeded", null, null, 0);
  return id;
}

describe("the history", () => {
  it("is found by names of images and registries in any case, time, ends and job", () => {
    const t = testStore();
    const first = ended(t, ["team/app"]);
    t.clock.time += 1000;
    const second = ended(t, ["team/100%_real"]);
    t.clock.time += 1000;
    const third = insertRun(t.store, { ...jobSpec, sourceId: "elsewhere" }).id;
    const found = (query: Partial<RunQuery>) => {
      const { runs, total } = t.store.runs.list({ ...page, ...query });
      expect(total).toBe(runs.length);
      return runs.map(({ id }) => id);
    };
    expect(found({ text: "TEAM/" })).toEqual([second, first]);
    expect(found({ text: "team/app:v1" })).toEqual([first]);
    expect(found({ text: "0%_r" })).toEqual([second]);
    expect(found({ text: "copy/app" })).toEqual([second, first]);
    expect(found({ text: "destinatioN" })).toEqual([third, second, first]);
    expect(found({ text: "localhost:5001" })).toHaveLength(3);
    expect(found({ text: 'name":' })).toEqual([]);
    expect(found({ text: "" })).toHaveLength(3);
    expect(found({ endpointId: "elsewhere" })).toEqual([third]);
    expect(found({ endpointId: "destination", states: ["succeeded"] })).toEqual([second, first]);
    expect(found({ since: t.clock.time - 1000 })).toEqual([third, second]);
    expect(found({ until: t.clock.time - 1000, text: "app" })).toEqual([second, first]);
    expect(found({ jobId: "none" })).toEqual([]);
    expect(t.store.runs.list({ offset: 1, limit: 1, text: "team" })).toMatchObject({
      total: 2,
      runs: [{ id: first }],
    });
  });

  it("reads an index and not the images where it is searched by name", () => {
    const t = testStore();
    for (let at = 0; at < 50; at++)
      ended(
        t,
        Array.from({ length: 200 }, (_, image) => `team/app-${at}-${image}`),
      );
    const before = process.threadCpuUsage();
    expect(t.store.runs.list({ ...page, text: "app-7-199" }).total).toBe(1);
    // Processor time, in microseconds: 10 000 images take some 10 000.
    expect(process.threadCpuUsage(before).user).toBeLessThan(250_000);
  });

  it("is cleared of what ended before a time, in portions, and of nothing else", () => {
    const t = testStore();
    const old = [ended(t, ["a"]), ended(t, ["b"]), ended(t, ["c"])];
    t.clock.time += 1000;
    const young = ended(t, ["d"]);
    const waiting = queuedRun(t.store).id;
    const open = insertRun(t.store).id;
    const before = t.clock.time;
    expect(t.store.runs.removeEnded({ states: ["failed", "queued"] }, 10)).toEqual([]);
    const gone = [...t.store.runs.removeEnded({ before }, 2), ...t.store.runs.removeEnded({ before }, 2)];
    expect(gone.toSorted()).toEqual(old.toSorted());
    expect(t.store.runs.removeEnded({ before }, 2)).toEqual([]);
    expect([...t.store.runs.ids()].toSorted()).toEqual([young, waiting, open].toSorted());
    expect(t.store.runs.open().map(({ id }) => id)).toEqual([waiting, open]);
    expect(t.store.runs.removeEnded({}, 2)).toEqual([young]);
  });
});

it("finds images of a run by action and name", () => {
  const { store } = testStore();
  const { id } = insertRun(store);
  store.journal.addImages(id, [
    plannedImage({ sourceRepository: "team/app", sourceReference: "v1" }),
    plannedImage({ sourceRepository: "team/app", sourceReference: "v2", action: "overwrite" }),
    plannedImage({
      sourceRepository: "team/db",
      destinationReference: "V2",
      action: "skip",
      state: "skipped",
    }),
  ]);
  const found = (query: Partial<Parameters<typeof store.runs.images>[1]>) =>
    store.runs.images(id, { ...page, ...query }).total;
  expect(found({ text: "TEAM/app:v" })).toBe(2);
  expect(found({ text: "v2" })).toBe(2);
  expect(found({ actions: ["overwrite", "skip"] })).toBe(2);
  expect(found({ actions: ["skip"], text: "team/db" })).toBe(1);
  expect(found({ actions: ["overwrite"], text: "app", states: ["skipped"] })).toBe(0);
});

it("knows where blobs lie at endpoints that are still there", () => {
  const { store } = testStore();
  store.endpoints.insert(endpoint("a"));
  store.endpoints.insert(endpoint("b"));
  const [one, two] = [blob("one").digest, blob("two").digest];
  store.journal.rememberBlob("a", "app", one);
  store.journal.rememberBlob("b", "copy", one);
  store.journal.rememberBlob("a", "app", two);
  expect(store.blobLocations([one, one, blob("three").digest])).toEqual([
    { digest: one, endpointId: "a", repository: "app" },
    { digest: one, endpointId: "b", repository: "copy" },
  ]);
  store.endpoints.remove("a");
  expect(store.blobLocations([one, two])).toEqual([{ digest: one, endpointId: "b", repository: "copy" }]);
});
