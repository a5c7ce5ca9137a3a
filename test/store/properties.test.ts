// Whatever is done in whatever order, by two processes: no illegal state, and tallies that equal a recount.
import SqliteDriver from "better-sqlite3";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Store } from "../../electron/store/store.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import {
  assertImageTransition,
  assertRunTransition,
  type ImageState,
  type RunState,
  runStates,
} from "../../shared/run.ts";
import { blob, insertRun, jobSpec, plannedImage, type TestStore, testStore, totals } from "./samples.ts";

const names = ["a", "b", "c"].map((name, index) => blob(name, (index + 1) * 10));
const repositories = ["copy/one", "copy/two"];
const imageStates = ["succeeded", "failed", "skipped", "cancelled", "planned"] as const;
const outcomes = ["transferred", "present", "mounted"] as const;
const keys = ["ref:there/copy/one:v1", "ref:there/copy/two:v1"];
const ends = ["succeeded", "failed", "paused", "cancelled", "queued"] as const;

const pick = fc.nat({ max: 30 });
const step = fc.record({ what: pick, run: pick, item: pick, kind: pick, second: fc.boolean() });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function at<T>(values: readonly T[], index: number): T {
  const value = values[index % values.length];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** One operation on one store; what is refused is refused with a code, and changes nothing. */
function operations(store: Store, runId: string, { item, kind }: Step): readonly (() => unknown)[] {
  const { runs, journal } = store;
  const imageId = (): number => at(runs.images(runId, { offset: 0, limit: 100 }).images, item).id;
  const repository = at(repositories, kind);
  const descriptor = at(names, item);
  const image = plannedImage({
    destinationRepository: repository,
    action: at(["copy", "overwrite", "delete"] as const, item),
    attachmentsToCopy: item % 2,
    state: at(["planned", "skipped", "failed"] as const, kind),
    blobs: names.slice(item % 3).map((each) => ({ descriptor: each, expected: at(outcomes, kind) })),
  });
  const end = { verified: kind % 2 === 0, destinationDigest: null, error: null, attachmentsCopied: item % 3 };
  const other = (): string => at(runs.list({ offset: 0, limit: 100 }).runs, item).id;
  return [
    () => insertRun(store),
    () => journal.addImages(runId, [image, image]),
    () => journal.finishPlanning(runId, totals, null),
    () => runs.start(runId, item % 3 === 0 ? [imageId()] : []),
    () => runs.claim(runId),
    () => journal.imageStarted(runId, imageId()),
    () => journal.imageFinished(runId, imageId(), { ...end, state: at(imageStates, kind) }),
    () => journal.blobStarted(runId, repository, descriptor),
    () =>
      journal.blobFinished(runId, {
        repository,
        descriptor,
        outcome: at(outcomes, kind),
        bytesTransferred: at(outcomes, kind) === "transferred" ? descriptor.size - (item % 5) : 0,
        bytesResumed: at(outcomes, kind) === "transferred" ? item % 5 : 0,
      }),
    () => journal.blobFailed(runId, repository, descriptor),
    () => journal.countRetry(runId),
    () => journal.finishRun(runId, at(ends, kind), null, null, 1),
    () => runs.transition(runId, at(runStates, kind), "user"),
    () => runs.retryFailed(runId),
    () => runs.remove(runId),
    () => store.heartbeat(),
    () => runs.move(runId, kind % 3 === 0 ? null : other()),
    () => runs.adjust(runId, { priority: (kind % 5) - 2, parallelImages: 1 + (item % 9) }),
    () => journal.claim(runId, at(keys, kind)),
    () => journal.unclaim(runId, at(keys, kind)),
    () => runs.wish(runId, kind % 2 === 0 ? "pause" : "cancel"),
    () => {
      const [job] = store.jobs.list();
      return insertRun(store, undefined, job?.id);
    },
  ];
}

interface Snapshot {
  readonly runs: ReadonlyMap<string, RunState>;
  readonly images: ReadonlyMap<number, ImageState>;
}

function snapshot(driver: SqliteDriver.Database): Snapshot {
  const pairs = (sql: string): [never, never][] => driver.prepare(sql).raw().all() as [never, never][];
  return {
    runs: new Map(pairs("SELECT id, state FROM runs")),
    images: new Map(pairs("SELECT id, state FROM images")),
  };
}

/** Every state was reached by a legal way, of one or (over `planned` or `queued`) two steps. */
function expectLegal(before: Snapshot, after: Snapshot): void {
  for (const [id, to] of after.runs) {
    const from = before.runs.get(id);
    if (from !== undefined && from !== to) assertRunTransition(from, to);
  }
  for (const [id, to] of after.images) {
    const from = before.images.get(id);
    if (from !== undefined && from !== to) assertImageTransition(from, to);
  }
}

const recount = `SELECT
  (SELECT count(*) FROM images WHERE run_id = :id AND selected AND state = 'succeeded' AND action <> 'delete')
    AS imagesSucceeded,
  (SELECT count(*) FROM images WHERE run_id = :id AND selected AND state = 'succeeded' AND action = 'delete')
    AS imagesDeleted,
  (SELECT coalesce(sum(attachments_copied), 0) FROM images WHERE run_id = :id) AS attachmentsCopied,
  (SELECT coalesce(sum(bytes_resumed), 0) FROM blobs WHERE run_id = :id) AS bytesResumed,
  (SELECT count(*) FROM images WHERE run_id = :id AND selected AND state = 'skipped') AS imagesSkipped,
  (SELECT count(*) FROM images WHERE run_id = :id AND selected AND state = 'failed') AS imagesFailed,
  (SELECT count(*) FROM images WHERE run_id = :id AND selected AND state IN ('planned', 'running')) AS imagesRemaining,
  (SELECT coalesce(sum(bytes_transferred), 0) FROM blobs WHERE run_id = :id) AS bytesTransferred,
  (SELECT coalesce(sum(size), 0) FROM blobs WHERE run_id = :id AND outcome = 'present') AS bytesPresent,
  (SELECT coalesce(sum(size), 0) FROM blobs WHERE run_id = :id AND outcome = 'mounted') AS bytesMounted,
  (SELECT count(*) FROM blobs WHERE run_id = :id AND outcome = 'mounted') AS mounts`;

function expectSound(store: Store, driver: SqliteDriver.Database): void {
  for (const run of store.runs.list({ offset: 0, limit: 100 }).runs) {
    const { retries: _retries, activeMs: _activeMs, ...tallies } = run.tallies;
    expect(tallies).toEqual(driver.prepare(recount).get({ id: run.id }));
    const running = store.runs.images(run.id, { states: ["running"], offset: 0, limit: 1 }).total;
    if (run.state !== "running") expect(running).toBe(0);
    if (run.state === "succeeded") expect(run.tallies.imagesRemaining).toBe(0);
    expect(run.finishedAt !== null).toBe(["succeeded", "failed", "cancelled"].includes(run.state));
    const leased = driver
      .prepare("SELECT lease_owner IS NOT NULL FROM runs WHERE id = ?")
      .pluck()
      .get(run.id);
    expect(leased === 1).toBe(run.state === "planning" || run.state === "running");
  }
  expectSoundQueue(store);
  expect(driver.prepare(strayRows).all()).toEqual([]);
}

/** In the order of priority, place and age, and whatever waits is in it. */
function expectSoundQueue(store: Store): void {
  const queued = store.runs.queued();
  const sorted = queued.toSorted(
    (a, b) => b.priority - a.priority || a.position - b.position || (a.id < b.id ? -1 : 1),
  );
  expect(queued.map((run) => run.id)).toEqual(sorted.map((run) => run.id));
  expect(queued).toHaveLength(store.runs.list({ states: ["queued"], offset: 0, limit: 1 }).total);
}

/** Claims and wishes of runs that nobody works on, claims of another process than the one that does, second runs of one job. */
const strayRows = `
  SELECT 'claim', claims.run_id FROM claims LEFT JOIN runs ON runs.id = claims.run_id
  WHERE runs.lease_owner IS NOT claims.owner
  UNION ALL SELECT 'wish', id FROM runs WHERE wish IS NOT NULL AND state <> 'running'
  UNION ALL SELECT 'job', saved_job_id FROM runs WHERE saved_job_id IS NOT NULL
    AND state IN ('planning', 'queued', 'running', 'paused') GROUP BY saved_job_id HAVING count(*) > 1`;

function play({ store, other, file, clock }: TestStore, steps: readonly Step[]): number {
  const second = other("second");
  const driver = new SqliteDriver(file, { readonly: true });
  let done = 0;
  try {
    insertRun(store);
    const job = { name: "job", spec: jobSpec, schedule: null, enabled: true };
    store.jobs.save(job, null);
    for (const each of steps) {
      const actor = each.second ? second : store;
      const known = store.runs.list({ offset: 0, limit: 100 }).runs;
      const before = snapshot(driver);
      try {
        if (each.what >= 29) {
          clock.time += actor.leaseMs + 1;
          actor.runs.recover();
        } else if (known.length === 0) {
          insertRun(actor);
        } else {
          // The first runs are picked more often, so that they get somewhere.
          const all = operations(actor, at(known, each.run % 2 === 0 ? known.length - 1 : each.run).id, each);
          at(all, each.what)();
        }
        done += 1;
      } catch (thrown) {
        if (!(thrown instanceof FreightlinerError)) {
          if (thrown instanceof Error && thrown.message === "nothing to pick from") continue;
          throw thrown;
        }
        expect(["illegal-transition", "busy", "not-found"]).toContain(thrown.code);
        expect(snapshot(driver)).toEqual(before);
      }
      expectLegal(before, snapshot(driver));
      expectSound(store, driver);
    }
    return done;
  } finally {
    driver.close();
  }
}

it("R010 R011 keeps states legal, tallies right, the queue in order and claims with their runs under any sequence of operations", {
  timeout: 60_000,
}, () => {
  let done = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 80 }), (steps) => {
      done += play(testStore(), steps);
    }),
    { numRuns: 12 },
  );
  // The property says something only where operations got through.
  expect(done).toBeGreaterThan(100);
});

it("R010 R011 keeps them under a run's usual way with anything in between", { timeout: 60_000 }, () => {
  // Indexes of `operations`: add, finish planning, start, claim, then images, blobs and ends at random.
  const way = [1, 1, 2, 3, 4].map((what) => ({ what, run: 0, item: 1, kind: 0, second: false }));
  const work = step.map((each) => ({ ...each, what: 4 + (each.what % 18), run: 0, second: each.item > 27 }));
  fc.assert(
    fc.property(fc.array(work, { minLength: 30, maxLength: 60 }), (steps) => {
      play(testStore(), [...way, ...steps]);
    }),
    { numRuns: 25 },
  );
});
