// The history as it is searched and cleared, and where blobs are known to lie.
import { describe, expect, it } from "vitest";
import type { RunSearch } from "../../electron/store/store.ts";
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

function search({ store }: ReturnType<typeof testStore>, query: RunSearch) {
  const steps = store.runs.search(query);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

describe("the history", () => {
  it("is found by names of images and registries in any case, time, ends and job", () => {
    const t = testStore();
    const first = ended(t, ["team/app"]);
    t.clock.time += 1000;
    const second = ended(t, ["team/100%_real"]);
    t.clock.time += 1000;
    const third = insertRun(t.store, { ...jobSpec, sourceId: "elsewhere" }).id;
    const found = (query: Partial<RunSearch>) => {
      const { text } = query;
      const { runs, total } =
        text === undefined
          ? t.store.runs.list({ ...page, ...query })
          : search(t, { ...page, ...query, text });
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
    expect(found({ endpointId: "elsewhere" })).toEqual([third]);
    expect(found({ endpointId: "destination", states: ["succeeded"] })).toEqual([second, first]);
    expect(found({ since: t.clock.time - 1000 })).toEqual([third, second]);
    expect(found({ until: t.clock.time - 1000, text: "app" })).toEqual([second, first]);
    expect(found({ jobId: "none" })).toEqual([]);
    expect(search(t, { offset: 1, limit: 1, text: "team" })).toMatchObject({
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
    expect(search(t, { ...page, text: "app-7-199" }).total).toBe(1);
    // Processor time, in microseconds: 10 000 images take some 10 000.
    expect(process.threadCpuUsage(before).user).toBeLessThan(250_000);
  });

  it("is searched in steps that are short, also through a run with very many images", () => {
    const t = testStore();
    const few = Array.from({ length: 300 }, (_, run) => ended(t, [`few/app-${run}`]));
    const many = insertRun(t.store).id;
    const names = Array.from({ length: 60_000 }, (_, image) =>
      plannedImage({ sourceRepository: `many/app-${image}` }),
    );
    for (let at = 0; at < names.length; at += 1000)
      t.store.journal.addImages(many, names.slice(at, at + 1000));
    const stepsOf = (text: string) => {
      const times: number[] = [];
      const steps = t.store.runs.search({ ...page, text });
      for (;;) {
        // Processor time, in microseconds: the machine may be busy with something else.
        const before = process.threadCpuUsage();
        const step = steps.next();
        times.push(process.threadCpuUsage(before).user);
        if (step.done === true) return { ...step.value, times, ids: step.value.runs.map((run) => run.id) };
      }
    };
    const nowhere = stepsOf("nowhere");
    expect(nowhere.ids).toEqual([]);
    expect(nowhere.times.length).toBeGreaterThan(300);
    expect(Math.max(...nowhere.times)).toBeLessThan(50_000);
    expect(stepsOf("MANY/app-59999").ids).toEqual([many]);
    expect(stepsOf("few/app-7:").ids).toEqual([few[7]]);
    expect(stepsOf("destination").total).toBe(301);
  });

  it("leaves out of a search what is removed while it goes on", () => {
    const t = testStore();
    const [first, second, third] = [ended(t, ["app-1"]), ended(t, ["app-2"]), ended(t, ["app-3"])];
    const steps = t.store.runs.search({ ...page, text: "app-" });
    for (let step = 0; step < 3; step++) steps.next();
    t.store.runs.remove(third);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value.runs.map(({ id }) => id)).toEqual([second, first]);
    expect(step.value.total).toBe(2);
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
