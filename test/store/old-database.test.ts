// A database that the first release wrote, with runs in every state, opened by this one.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import SqliteDriver from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { wrapDatabase } from "../../electron/store/database.ts";
import { migrate, migrations } from "../../electron/store/migrate.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store } from "../../electron/store/store.ts";
import { defaultRunOptions } from "../../shared/run.ts";
import { blob, queuedRun, TestClock, testFolder } from "./samples.ts";

const states = ["planning", "planned", "queued", "running", "paused", "succeeded", "failed", "cancelled"];
const idOf = (index: number): string => `01J${String(index).padStart(23, "0")}`;

// What the first release wrote: plans, specifications and options without anything that came later.
const oldPlan = {
  images: 2,
  copy: 2,
  overwrite: 0,
  skip: 0,
  conflict: 0,
  unreadable: 0,
  bytesToTransfer: 20,
  bytesPresent: 10,
  bytesMountable: 0,
  blobsToTransfer: 1,
  warnings: [{ code: "attachments-left", text: "One signature is not copied." }],
};
const oldOptions = { overwrite: "never", verifyBlobs: true, parallelImages: 3 };
const oldSpec = {
  sourceId: "src",
  destinationId: "dst",
  selection: [
    {
      kind: "repositories",
      names: ["team/app"],
      include: [],
      exclude: [],
      tags: { names: [], include: ["v*"], exclude: [] },
    },
  ],
  mapping: { kind: "prefix", prefix: "copy" },
  options: oldOptions,
};

function oldDatabase(): string {
  const folder = join(testFolder(), "data");
  mkdirSync(folder, { mode: 0o700 });
  const file = join(folder, "freightliner.db");
  const driver = new SqliteDriver(file);
  migrate(wrapDatabase(driver), file, migrations.slice(0, 1));
  const end = JSON.stringify({ id: "src", name: "Source", address: "localhost:5000" });
  for (const [index, state] of states.entries()) {
    const id = idOf(index);
    driver
      .prepare(
        "INSERT INTO jobs (id, spec, source_id, destination_id, created_at) VALUES (?, ?, 'src', 'dst', 1)",
      )
      .run(index + 1, JSON.stringify(oldSpec));
    driver
      .prepare(
        `INSERT INTO runs (id, job_id, state, options, source, destination, plan, created_at, planned_at, finished_at,
           lease_owner, lease_expires) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 2, ?, ?, ?)`,
      )
      .run(
        id,
        index + 1,
        state,
        JSON.stringify(oldOptions),
        end,
        end,
        JSON.stringify(oldPlan),
        ["succeeded", "failed", "cancelled"].includes(state) ? 5 : null,
        ["planning", "running"].includes(state) ? "dead" : null,
        ["planning", "running"].includes(state) ? 3 : null,
      );
    driver.prepare("INSERT INTO run_tallies (run_id, retries) VALUES (?, 4)").run(id);
    addImages(driver, id, state === "succeeded" ? "succeeded" : "planned");
  }
  driver.close();
  return file;
}

function addImages(driver: SqliteDriver.Database, runId: string, state: string): void {
  const addImage = driver.prepare(
    `INSERT INTO images (run_id, source_repository, source_reference, destination_repository, destination_reference,
       digest, media_type, action, reason, state, platforms, bytes_total, bytes_to_transfer, bytes_present,
       bytes_mountable) VALUES (?, 'team/app', ?, 'copy/team/app', ?, ?, 'm', 'copy', 'New.', ?, '[]', 30, 20, 10, 0)`,
  );
  const images = ["v1", "v2"].map((tag, at) => {
    const rowState = at === 0 && state === "planned" && runId === idOf(3) ? "running" : state;
    return addImage.run(runId, tag, tag, blob(tag).digest, rowState).lastInsertRowid;
  });
  const layer = blob("layer", 20);
  const blobId = driver
    .prepare(
      `INSERT INTO blobs (run_id, repository, digest, media_type, size, expected, state)
       VALUES (?, 'copy/team/app', ?, ?, 20, 'transferred', 'waiting')`,
    )
    .run(runId, layer.digest, layer.mediaType).lastInsertRowid;
  for (const image of images)
    driver
      .prepare("INSERT INTO image_blobs (image_id, position, blob_id) VALUES (?, 0, ?)")
      .run(image, blobId);
  driver
    .prepare("UPDATE blobs SET state = 'done', outcome = 'transferred', bytes_transferred = 20 WHERE id = ?")
    .run(blobId);
}

function opened(): { readonly store: Store; readonly clock: TestClock } {
  const clock = new TestClock();
  const store = openStore({ file: oldDatabase(), owner: "new", now: clock.now });
  onTestFinished(() => store.close());
  return { store, clock };
}

describe("a database of the first release", () => {
  it("R012 is read completely: nothing of it is parked", () => {
    const { store } = opened();
    expect(store.parked()).toEqual([]);
    expect(store.integrity()).toBe("ok");
    const { runs, total } = store.runs.list({ offset: 0, limit: 100 });
    expect(total).toBe(states.length);
    expect(runs.map((run) => run.state).toReversed()).toEqual(states);
    for (const run of runs) {
      expect(run).toMatchObject({ priority: 0, position: 0, jobId: null });
      expect(run.plan).toEqual({
        ...oldPlan,
        delete: 0,
        bytesResumable: 0,
        attachments: 0,
        attachmentsToCopy: 0,
        guard: null,
      });
      expect(run.spec.options).toEqual({ ...defaultRunOptions, ...oldOptions });
      expect(run.spec).toMatchObject({ mapping: { kind: "prefix", prefix: "copy" }, renameTags: null });
      expect(run.tallies).toMatchObject({
        imagesDeleted: 0,
        attachmentsCopied: 0,
        bytesResumed: 0,
        bytesTransferred: 20,
        retries: 4,
        ...(run.state === "succeeded"
          ? { imagesSucceeded: 2, imagesRemaining: 0 }
          : { imagesSucceeded: 0, imagesRemaining: 2 }),
      });
    }
    const [image] = store.runs.images(idOf(1), { offset: 0, limit: 10 }).images;
    expect(image).toMatchObject({
      writesDigest: null,
      attachments: 0,
      attachmentsCopied: 0,
      bytesResumed: 0,
    });
    expect(store.runs.blobs(idOf(1), image?.id ?? 0)).toMatchObject([
      { bytesTransferred: 20, bytesResumed: 0 },
    ]);
  });

  it("R008 goes on where it stopped: what ran is queued, and every run that waits can be run to its end", () => {
    const { store } = opened();
    expect(store.runs.recover().map((run) => [run.id, run.state])).toEqual([
      [idOf(0), "failed"],
      [idOf(3), "queued"],
    ]);
    store.runs.start(idOf(1), []);
    store.runs.transition(idOf(4), "queued", null);
    const { id: fresh } = queuedRun(store);
    // Those that were in the queue before are still ahead of what is queued now.
    expect(store.runs.queued().map((run) => run.id)).toEqual([idOf(2), idOf(3), idOf(4), idOf(1), fresh]);
    for (const { id } of store.runs.queued()) {
      store.runs.claim(id);
      for (const image of store.journal.nextImages(id, 0, 10)) {
        store.journal.imageStarted(id, image.id);
        const end = { state: "succeeded", verified: true, destinationDigest: null, error: null } as const;
        store.journal.imageFinished(id, image.id, { ...end, attachmentsCopied: 1 });
      }
      expect(store.journal.finishRun(id, "succeeded", null, null, 1)).toMatchObject({ state: "succeeded" });
    }
    expect(store.runs.get(idOf(3)).tallies).toMatchObject({ imagesSucceeded: 2, attachmentsCopied: 2 });
  });
});
