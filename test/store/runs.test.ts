// Runs through their whole life: plan, start, claim, work, end, try again.
import { describe, expect, it } from "vitest";
import { FreightlinerError } from "../../shared/errors.ts";
import { defaultRunOptions, emptyRunTallies, runIdSchema } from "../../shared/run.ts";
import { blob, insertRun, plannedImage, queuedRun, runningRun, testStore, totals } from "./samples.ts";

const failure = new FreightlinerError({
  code: "timeout",
  operation: "put-blob",
  message: "It took too long.",
});

describe("a run", () => {
  it("goes from planning to its end with the right tallies", () => {
    const { store, clock } = testStore();
    const planned = insertRun(store);
    expect(runIdSchema.parse(planned.id)).toBe(planned.id);
    expect(planned).toMatchObject({ state: "planning", startedAt: null, tallies: emptyRunTallies });
    store.journal.addImages(planned.id, [plannedImage(), plannedImage({ state: "skipped", action: "skip" })]);
    expect(store.journal.finishPlanning(planned.id, totals, null)).toMatchObject({
      state: "planned",
      plan: totals,
      tallies: { imagesRemaining: 1, imagesSkipped: 1 },
    });
    store.runs.start(planned.id, [], {
      ...defaultRunOptions,
      overwrite: "always",
      verifyBlobs: true,
      parallelImages: 2,
    });
    clock.time += 1000;
    const running = store.runs.claim(planned.id);
    expect(running).toMatchObject({ state: "running", startedAt: clock.time });
    expect(running?.spec.options).toEqual({
      ...defaultRunOptions,
      overwrite: "always",
      verifyBlobs: true,
      parallelImages: 2,
    });

    const [image] = store.journal.nextImages(planned.id, 0, 10);
    const imageId = image?.id ?? 0;
    expect(store.journal.imageStarted(planned.id, imageId)).toMatchObject({ state: "running", attempts: 1 });
    store.journal.blobStarted(planned.id, "copy/app", blob("layer", 20));
    store.journal.blobFinished(planned.id, {
      repository: "copy/app",
      descriptor: blob("layer", 20),
      outcome: "transferred",
      bytesTransferred: 20,
    });
    store.journal.blobFinished(planned.id, {
      repository: "copy/app",
      descriptor: blob("config", 10),
      outcome: "mounted",
      bytesTransferred: 0,
    });
    store.journal.countRetry(planned.id);
    const digest = blob("manifest").digest;
    expect(
      store.journal.imageFinished(planned.id, imageId, {
        state: "succeeded",
        verified: true,
        destinationDigest: digest,
        error: null,
      }),
    ).toMatchObject({ state: "succeeded", verified: true, destinationDigest: digest, bytesTransferred: 20 });
    clock.time += 500;
    const ended = store.journal.finishRun(planned.id, "succeeded", null, null, 499.6);
    expect(ended).toMatchObject({ state: "succeeded", finishedAt: clock.time });
    expect(ended.tallies).toEqual({
      imagesSucceeded: 1,
      imagesSkipped: 1,
      imagesFailed: 0,
      imagesRemaining: 0,
      imagesDeleted: 0,
      attachmentsCopied: 0,
      bytesResumed: 0,
      bytesTransferred: 20,
      bytesPresent: 0,
      bytesMounted: 10,
      mounts: 1,
      retries: 1,
      activeMs: 500,
    });
    expect(store.runs.blobs(planned.id, imageId)).toMatchObject([
      { size: 10, expected: "present", state: "done", outcome: "mounted" },
      { size: 20, expected: "transferred", state: "done", outcome: "transferred", bytesTransferred: 20 },
    ]);
  });

  it("counts a blob that images share for the first of them that is done, so that rows add up to the sum", () => {
    const { store } = testStore();
    const { id } = insertRun(store);
    const images = ["v1", "v2", "v3"].map((destinationReference) => plannedImage({ destinationReference }));
    store.journal.addImages(id, images);
    store.journal.finishPlanning(id, totals, null);
    const rows = () => store.runs.images(id, { offset: 0, limit: 10 }).images;
    store.runs.start(
      id,
      rows()
        .slice(0, 1)
        .map((row) => row.id),
      defaultRunOptions,
    );
    store.runs.claim(id);
    const record = { repository: "copy/app", descriptor: blob("layer", 20), outcome: "transferred" } as const;
    store.journal.blobFinished(id, { ...record, bytesTransferred: 15, bytesResumed: 5 });
    expect(rows().map((row) => [row.bytesTransferred, row.bytesResumed])).toEqual([
      [0, 0],
      [15, 5],
      [0, 0],
    ]);
    expect(store.runs.get(id).tallies).toMatchObject({ bytesTransferred: 15, bytesResumed: 5 });
  });

  it("leaves out the images that were unticked", () => {
    const { store } = testStore();
    const { id } = insertRun(store);
    store.journal.addImages(id, [
      plannedImage(),
      plannedImage({ destinationReference: "v2" }),
      plannedImage({ state: "failed", error: failure }),
    ]);
    store.journal.finishPlanning(id, totals, null);
    const { images } = store.runs.images(id, { offset: 0, limit: 10 });
    expect(images[2]?.error).toMatchObject({ code: "timeout", message: "It took too long." });
    const started = store.runs.start(id, [images[0]?.id ?? 0, images[2]?.id ?? 0]);
    expect(started.tallies).toMatchObject({ imagesRemaining: 1, imagesFailed: 0 });
    store.runs.claim(id);
    expect(store.journal.nextImages(id, 0, 10).map((image) => image.destinationReference)).toEqual(["v2"]);
    expect(store.journal.nextImages(id, images[1]?.id ?? 0, 10)).toEqual([]);
    expect(store.runs.image(id, images[0]?.id ?? 0)).toMatchObject({ selected: false, state: "planned" });
  });

  it("refuses an image of another run to be unticked, and changes nothing", () => {
    const { store } = testStore();
    const one = queuedRun(store);
    const [foreign] = store.runs.images(one.id, { offset: 0, limit: 1 }).images;
    const { id } = insertRun(store);
    store.journal.finishPlanning(id, totals, null);
    expect(() => store.runs.start(id, [foreign?.id ?? 0])).toThrow(
      expect.objectContaining({ code: "not-found" }),
    );
    expect(store.runs.get(id).state).toBe("planned");
  });

  it("that is paused gives its images and blobs back, and keeps its first start", () => {
    const { store, clock } = testStore();
    const { id, startedAt } = runningRun(store);
    const imageId = store.journal.nextImages(id, 0, 1)[0]?.id ?? 0;
    store.journal.imageStarted(id, imageId);
    store.journal.blobStarted(id, "copy/app", blob("layer", 20));
    clock.time += 100;
    const paused = store.journal.finishRun(id, "paused", "user", null, 100);
    expect(paused).toMatchObject({ state: "paused", stateReason: "user", finishedAt: null });
    expect(store.runs.image(id, imageId).state).toBe("planned");
    expect(store.runs.blobs(id, imageId)[1]?.state).toBe("waiting");
    expect(store.runs.transition(id, "queued", null)).toMatchObject({ state: "queued", stateReason: null });
    const again = store.runs.claim(id);
    expect(again).toMatchObject({ startedAt, tallies: { activeMs: 100 } });
    expect(store.journal.imageStarted(id, imageId).attempts).toBe(2);
  });

  it("that is cancelled cancels what is left, and can be tried again", () => {
    const { store } = testStore();
    const { id } = runningRun(store, [plannedImage(), plannedImage({ destinationReference: "v2" })]);
    const imageId = store.journal.nextImages(id, 0, 1)[0]?.id ?? 0;
    store.journal.imageStarted(id, imageId);
    const cancelled = store.journal.finishRun(id, "cancelled", "user", null, 5);
    expect(cancelled.tallies).toMatchObject({ imagesRemaining: 0, imagesFailed: 0 });
    const { images } = store.runs.images(id, { states: ["cancelled"], offset: 0, limit: 10 });
    expect(images).toHaveLength(2);
    expect(store.runs.retryFailed(id)).toMatchObject({
      state: "queued",
      finishedAt: null,
      tallies: { imagesRemaining: 2 },
    });
  });

  it("that failed tries only what failed again", () => {
    const { store } = testStore();
    const { id } = runningRun(store, [plannedImage(), plannedImage({ destinationReference: "v2" })]);
    const [good, bad] = store.journal.nextImages(id, 0, 2).map((image) => image.id);
    for (const imageId of [good ?? 0, bad ?? 0]) store.journal.imageStarted(id, imageId);
    const end = { verified: false, destinationDigest: null };
    store.journal.imageFinished(id, good ?? 0, { ...end, state: "succeeded", error: null });
    store.journal.blobStarted(id, "copy/app", blob("layer", 20));
    store.journal.blobFailed(id, "copy/app", blob("layer", 20));
    const failed = store.journal.imageFinished(id, bad ?? 0, { ...end, state: "failed", error: failure });
    expect(failed.error).toMatchObject({ code: "timeout", retryable: true });
    store.journal.finishRun(id, "failed", null, failure, 5);
    expect(store.runs.get(id)).toMatchObject({ error: { code: "timeout" }, tallies: { imagesFailed: 1 } });

    const again = store.runs.retryFailed(id);
    expect(again).toMatchObject({ state: "queued", error: null });
    expect(again.tallies).toMatchObject({ imagesSucceeded: 1, imagesFailed: 0, imagesRemaining: 1 });
    expect(store.runs.blobs(id, bad ?? 0)[1]?.state).toBe("waiting");
    store.runs.claim(id);
    expect(store.journal.nextImages(id, 0, 10).map((image) => image.id)).toEqual([bad]);
  });

  it("tries only the one that is named of those that failed", () => {
    const { store } = testStore();
    const { id } = runningRun(store, [plannedImage(), plannedImage({ destinationReference: "v2" })]);
    const [one, two] = store.journal.nextImages(id, 0, 2).map((image) => image.id);
    const end = { verified: false, destinationDigest: null, state: "failed", error: failure } as const;
    for (const imageId of [one ?? 0, two ?? 0]) {
      store.journal.imageStarted(id, imageId);
      store.journal.imageFinished(id, imageId, end);
    }
    store.journal.finishRun(id, "failed", null, failure, 5);
    const again = store.runs.retryFailed(id, [two ?? 0]);
    expect(again).toMatchObject({ state: "queued", tallies: { imagesFailed: 1, imagesRemaining: 1 } });
    expect(store.runs.image(id, one ?? 0).state).toBe("failed");
    store.runs.claim(id);
    expect(store.journal.nextImages(id, 0, 10).map((image) => image.id)).toEqual([two]);
    store.journal.imageStarted(id, two ?? 0);
    store.journal.imageFinished(id, two ?? 0, { ...end, state: "succeeded", error: null });
    store.journal.finishRun(id, "failed", null, null, 5);
    expect(() => store.runs.retryFailed(id, [two ?? 0])).toThrow("did not fail");
    expect(store.runs.get(id).state).toBe("failed");
  });

  it("keeps the outcome of a blob that a later attempt finds present", () => {
    const { store } = testStore();
    const { id } = runningRun(store);
    const record = { repository: "copy/app", descriptor: blob("layer", 20) };
    store.journal.blobFinished(id, { ...record, outcome: "transferred", bytesTransferred: 20 });
    store.journal.blobFinished(id, { ...record, outcome: "present", bytesTransferred: 0 });
    expect(store.runs.get(id).tallies).toMatchObject({ bytesTransferred: 20, bytesPresent: 0 });
    store.journal.blobFinished(id, { ...record, outcome: "transferred", bytesTransferred: 20 });
    expect(store.runs.get(id).tallies.bytesTransferred).toBe(20);
  });

  it("records blobs that its plan did not know", () => {
    const { store } = testStore();
    const { id } = runningRun(store);
    const unplanned = blob("unplanned", 7);
    expect(store.journal.blobIsDone(id, "copy/app", unplanned.digest)).toBe(false);
    const record = { repository: "copy/app", descriptor: unplanned, bytesTransferred: 0 };
    store.journal.blobFinished(id, { ...record, outcome: "present" });
    expect(store.journal.blobIsDone(id, "copy/app", unplanned.digest)).toBe(true);
    expect(store.journal.blobIsDone(id, "other/app", unplanned.digest)).toBe(false);
    expect(store.runs.get(id).tallies.bytesPresent).toBe(7);
  });
});

describe("transitions", () => {
  it("allows the plain ones", () => {
    const { store } = testStore();
    const { id } = queuedRun(store);
    expect(store.runs.transition(id, "paused", "sign-in-needed").stateReason).toBe("sign-in-needed");
    expect(store.runs.transition(id, "queued", null).state).toBe("queued");
    const cancelled = store.runs.transition(id, "cancelled", "user");
    expect(cancelled).toMatchObject({ state: "cancelled", tallies: { imagesRemaining: 0 } });
    expect(cancelled.finishedAt).not.toBeNull();
  });

  it("refuses the illegal ones with a code of their own", () => {
    const { store } = testStore();
    const planned = insertRun(store);
    store.journal.finishPlanning(planned.id, totals, null);
    const illegal = expect.objectContaining({ code: "illegal-transition" });
    expect(() => store.runs.transition(planned.id, "running", null)).toThrow(illegal);
    expect(() => store.runs.transition(planned.id, "queued", null)).toThrow(illegal);
    expect(() => store.runs.retryFailed(planned.id)).toThrow(illegal);
    const running = runningRun(store);
    expect(() => store.runs.start(running.id, [])).toThrow(illegal);
    expect(() => store.journal.addImages(running.id, [])).toThrow(illegal);
    expect(() => store.journal.finishPlanning(running.id, totals, null)).toThrow(illegal);
    expect(() => store.journal.finishRun(running.id, "succeeded", null, null, 1)).toThrow(illegal);
    expect(() => store.runs.transition(running.id, "paused", "user")).toThrow(
      expect.objectContaining({ code: "busy" }),
    );
  });

  it("ends a planning that is cancelled or fails, and does not try it again", () => {
    const { store } = testStore();
    const cancelled = insertRun(store);
    store.journal.addImages(cancelled.id, [plannedImage()]);
    store.runs.transition(cancelled.id, "cancelled", "user");
    expect(() => store.journal.addImages(cancelled.id, [plannedImage()])).toThrow(
      expect.objectContaining({ code: "busy", message: expect.stringContaining("cancelled") }),
    );
    const failed = insertRun(store);
    expect(store.journal.finishPlanning(failed.id, totals, failure)).toMatchObject({
      state: "failed",
      error: { code: "timeout" },
    });
    for (const { id } of [cancelled, failed]) {
      expect(store.runs.get(id).tallies.imagesRemaining).toBe(0);
      expect(() => store.runs.retryFailed(id)).toThrow("plan it again");
    }
  });
});

describe("lists of runs", () => {
  it("are newest first, by page and by state", () => {
    const { store } = testStore();
    const ids = Array.from({ length: 5 }, () => insertRun(store).id);
    store.runs.transition(ids[1] ?? "", "cancelled", "user");
    const page = store.runs.list({ offset: 1, limit: 2 });
    expect(page.runs.map((run) => run.id)).toEqual([ids[3], ids[2]]);
    expect(page.total).toBe(5);
    const cancelled = store.runs.list({ states: ["cancelled"], offset: 0, limit: 9 });
    expect(cancelled.runs.map((run) => run.id)).toEqual([ids[1]]);
    expect(cancelled.total).toBe(1);
  });

  it("give what is queued, oldest first", () => {
    const { store } = testStore();
    const ids = [queuedRun(store).id, queuedRun(store).id];
    expect(store.runs.queued().map((run) => run.id)).toEqual(ids);
  });

  it("give images by page and state, and name what is missing", () => {
    const { store } = testStore();
    const images = Array.from({ length: 7 }, (_, index) => plannedImage({ sourceReference: `v${index}` }));
    const { id } = queuedRun(store, images);
    const page = store.runs.images(id, { offset: 2, limit: 3 });
    expect(page.images.map((image) => image.sourceReference)).toEqual(["v2", "v3", "v4"]);
    expect(page.total).toBe(7);
    expect(store.runs.images(id, { states: ["failed"], offset: 0, limit: 3 })).toEqual({
      images: [],
      total: 0,
    });
    const missing = expect.objectContaining({ code: "not-found" });
    expect(() => store.runs.image(id, 4711)).toThrow(missing);
    expect(() => store.runs.blobs(id, 4711)).toThrow(missing);
    expect(() => store.runs.get("0".repeat(26))).toThrow(missing);
    expect(() => store.runs.images("0".repeat(26), { offset: 0, limit: 1 })).toThrow(missing);
  });

  it("lose a run that is removed, with everything of it", () => {
    const { store } = testStore();
    const { id } = runningRun(store);
    expect(() => store.runs.remove(id)).toThrow(expect.objectContaining({ code: "busy" }));
    store.journal.finishRun(id, "cancelled", "user", null, 1);
    store.runs.remove(id);
    expect(store.runs.list({ offset: 0, limit: 10 }).total).toBe(0);
    expect(store.integrity()).toBe("ok");
  });
});

it("adds ten thousand images with five blobs each in less than three seconds", () => {
  const { store } = testStore();
  const { id } = insertRun(store);
  const images = Array.from({ length: 10_000 }, (_, index) =>
    plannedImage({
      blobs: Array.from({ length: 5 }, (_blob, part) => ({
        descriptor: blob(part === 0 ? "shared" : `layer ${index}/${part}`),
        expected: "transferred" as const,
      })),
    }),
  );
  // Time of this process's own: other work on the machine does not count.
  const before = process.cpuUsage();
  store.journal.addImages(id, images);
  const used = process.cpuUsage(before);
  expect((used.user + used.system) / 1000).toBeLessThan(3000);
  expect(store.runs.get(id).tallies.imagesRemaining).toBe(10_000);
});
