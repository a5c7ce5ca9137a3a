// The table of runs: listed, started, claimed, changed, removed.
import { FreightlinerError } from "../../shared/errors.ts";
import { assertRunTransition, isFinished, type RunState } from "../../shared/run.ts";
import { notFound } from "./row-values.ts";
import { endRemover, forgetter } from "./run-forget.ts";
import { inserter } from "./run-insert.ts";
import { placeLast, runOrder } from "./run-order.ts";
import type { RunParts } from "./run-parts.ts";
import { recovery } from "./run-recovery.ts";
import { runFinder } from "./run-search.ts";
import { runWishes } from "./run-wishes.ts";
import type { RunRecords } from "./store.ts";

export function runRecords(parts: RunParts): RunRecords {
  const { rows, images, blobs, database } = parts;
  return {
    ...lifecycle(parts),
    ...runOrder(parts),
    ...runWishes(parts),
    insert: inserter(parts),
    remove: remover(parts),
    forgetIdle: forgetter(parts),
    removeEnded: endRemover(parts),
    recover: recovery(parts),
    letGo: (runId) => parts.leases.released(runId),
    get: (id) => rows.get(id),
    list: (query) => rows.list(query),
    search: runFinder(database, rows),
    open: () => rows.open(),
    ids: () => rows.ids(),
    queued: () => rows.queued(),
    images: (runId, query) => {
      parts.changes.state(runId);
      return images.list(runId, query);
    },
    image: (runId, imageId) => database.look("get-image", () => images.get(runId, imageId)),
    blobs: (runId, imageId) =>
      database.read("list-blobs", () => {
        images.state(runId, imageId);
        return blobs.ofImage(imageId);
      }),
  };
}

/** What `transition` may do; the other ways have their own methods. */
const transitions: Readonly<Partial<Record<RunState, readonly RunState[]>>> = {
  planning: ["cancelled"],
  planned: ["cancelled"],
  queued: ["paused", "cancelled"],
  paused: ["queued", "cancelled"],
};

function lifecycle(parts: RunParts): Pick<RunRecords, "start" | "claim" | "transition" | "retryFailed"> {
  const { database, leases, changes, rows } = parts;
  const toEnd = placeLast(database);
  const unselect = database.prepare("UPDATE images SET selected = 0 WHERE run_id = ? AND id = ?");
  const isQueued = database.prepare("SELECT 1 FROM runs WHERE id = ? AND state = 'queued'");
  const setOptions = database.prepare("UPDATE runs SET options = ? WHERE id = ?");
  const setPlan = database.prepare("UPDATE runs SET plan = ? WHERE id = ?");
  const selectedBlobs = database.prepare(
    `SELECT count(*) AS blobs, coalesce(sum(size), 0) AS bytes FROM blobs
     WHERE run_id = ? AND expected = 'transferred' AND EXISTS (
       SELECT 1 FROM image_blobs JOIN images ON images.id = image_blobs.image_id
       WHERE image_blobs.blob_id = blobs.id AND images.selected = 1)`,
  );

  /** Of what is left out nothing is moved. A blob that a selected image shares with it still is. */
  function promiseSelected(runId: string): void {
    const { plan } = rows.get(runId);
    const left = selectedBlobs.get([runId]);
    const less = {
      ...plan,
      bytesToTransfer: Math.min(plan.bytesToTransfer, Number(left?.bytes)),
      blobsToTransfer: Math.min(plan.blobsToTransfer, Number(left?.blobs)),
    };
    setPlan.run([JSON.stringify(less), runId]);
  }

  return {
    start: (runId, unselectedImageIds, options) =>
      database.write("start-run", () => {
        const { state, jobId } = changes.state(runId);
        if (state !== "planned")
          throw illegal(`The run ${runId} is ${state}; only a planned run can be started.`);
        const { guard } = rows.get(runId).plan;
        if (guard !== null)
          throw new FreightlinerError({ code: "usage", operation: "start-run", message: guard });
        changes.assertSoleRun(runId, jobId);
        changes.move(runId, { from: state, to: "queued" });
        toEnd(runId);
        for (const imageId of unselectedImageIds) {
          if (unselect.run([runId, imageId]) === 0) throw notFound("image", imageId);
        }
        if (unselectedImageIds.length > 0) promiseSelected(runId);
        if (options !== undefined) setOptions.run([JSON.stringify(options), runId]);
        return rows.get(runId);
      }),
    claim: (runId) => {
      const run = database.write("claim-run", () => {
        if (isQueued.get([runId]) === undefined) return undefined;
        changes.move(runId, { from: "queued", to: "running" });
        return rows.get(runId);
      });
      if (run !== undefined) leases.taken(runId);
      return run;
    },
    transition: (runId, to, reason) => {
      const run = database.write("change-run", () => {
        const { state: from } = changes.state(runId);
        if (from === "running")
          throw busy(`The run ${runId} is running; whoever runs it has to stop it first.`);
        assertRunTransition(from, to);
        if (!transitions[from]?.includes(to))
          throw illegal(
            `A run that is ${from} becomes ${to} in another way than by a plain change of state.`,
          );
        changes.move(runId, { from, to, reason });
        if (to === "cancelled") changes.settle(runId, { from, to });
        return rows.get(runId);
      });
      leases.released(runId);
      return run;
    },
    retryFailed: (runId, imageIds) =>
      database.write("retry-run", () => {
        const { state: from, planned, jobId } = changes.state(runId);
        if (from !== "failed" && from !== "cancelled")
          throw illegal(`The run ${runId} is ${from}; only a failed or cancelled run can be tried again.`);
        if (!planned) throw illegal(`The run ${runId} was never planned completely; plan it again.`);
        changes.assertSoleRun(runId, jobId);
        changes.move(runId, { from, to: "queued" });
        toEnd(runId);
        if (imageIds === undefined) {
          changes.moveImages(runId, "failed", "planned");
          changes.moveImages(runId, "cancelled", "planned");
        } else {
          for (const imageId of imageIds) changes.retryImage(runId, imageId);
        }
        changes.waitFailedBlobs(runId);
        return rows.get(runId);
      }),
  };
}

function remover({ database, changes }: RunParts): RunRecords["remove"] {
  const removeRun = database.prepare("DELETE FROM runs WHERE id = ?");
  const removeJobs = database.prepare(
    "DELETE FROM jobs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.job_id = jobs.id)",
  );
  return (runId) =>
    database.write("remove-run", () => {
      const { state } = changes.state(runId);
      if (state !== "planned" && !isFinished(state))
        throw busy(`The run ${runId} is ${state}; cancel it before it is removed.`);
      removeRun.run([runId]);
      removeJobs.run();
    });
}

function illegal(message: string): FreightlinerError {
  return new FreightlinerError({ code: "illegal-transition", operation: "change-run-state", message });
}
function busy(message: string): FreightlinerError {
  return new FreightlinerError({ code: "busy", operation: "change-run-state", message });
}
