// The journal: the durable side of a run. Every call is one transaction of a process that holds the run's lease.
import { FreightlinerError, toWire } from "../../shared/errors.ts";
import { assertImageTransition, type ImageState, type RunState } from "../../shared/run.ts";
import type { Journal, PlannedImage } from "../engine/ports.ts";
import { createKnowledge } from "./knowledge.ts";
import type { RunParts } from "./run-parts.ts";

export function createJournal(parts: RunParts): Journal {
  const { database, leases, images, blobs, now } = parts;
  const countRetry = database.prepare("UPDATE run_tallies SET retries = retries + 1 WHERE run_id = ?");
  const dataVersion = database.prepare("PRAGMA data_version");

  /** One transaction for a run that this owner holds. */
  function held<T>(operation: string, runId: string, work: (state: RunState) => T): T {
    return database.write(operation, () => work(leases.assertHeld(runId)));
  }

  return {
    ...imageWrites(parts, held),
    ...runEnds(parts, held),
    ...createKnowledge(parts),
    nextImages: (runId, afterId, limit) =>
      database.look("next-images", () => images.next(runId, afterId, limit)),
    blobStarted: (runId, repository, descriptor) =>
      held("blob-started", runId, () => blobs.started(runId, repository, descriptor)),
    blobFinished: (runId, record) =>
      held("blob-finished", runId, () => {
        blobs.finished(runId, record);
        const { endpointId, repository, descriptor } = record;
        if (endpointId === undefined) return;
        blobs.remember({ endpointId, repository, digest: descriptor.digest, now: now() });
      }),
    blobFailed: (runId, repository, descriptor) =>
      held("blob-failed", runId, () => blobs.failed(runId, repository, descriptor)),
    blobIsDone: (runId, repository, digest) =>
      database.look("blob-is-done", () => blobs.isDone(runId, repository, digest)),
    blobLocations: (endpointId, digest) =>
      database.look("blob-locations", () => blobs.locations(endpointId, digest)),
    rememberBlob: (endpointId, repository, digest) =>
      database.write("remember-blob", () => blobs.remember({ endpointId, repository, digest, now: now() })),
    othersWrote: () => database.look("others-wrote", () => Number(dataVersion.get()?.data_version)),
    countRetry: (runId) =>
      held("count-retry", runId, () => {
        countRetry.run([runId]);
      }),
  };
}

type Held = <T>(operation: string, runId: string, work: (state: RunState) => T) => T;

function imageWrites(
  { database, images, blobs }: RunParts,
  held: Held,
): Pick<Journal, "addImages" | "imageStarted" | "imagePinned" | "imageFinished"> {
  const insert = database.prepare(
    `INSERT INTO images (run_id, source_repository, source_reference, destination_repository,
       destination_reference, digest, media_type, replaces_digest, action, reason, state, platforms, bytes_total,
       bytes_to_transfer, bytes_present, bytes_mountable, writes_digest, attachments, attachments_to_copy, error)
     VALUES (:runId, :sourceRepository, :sourceReference, :destinationRepository, :destinationReference, :digest,
       :mediaType, :replacesDigest, :action, :reason, :state, :platforms, :bytesTotal, :bytesToTransfer,
       :bytesPresent, :bytesMountable, :writesDigest, :attachments, :attachmentsToCopy, :error)`,
  );
  const link = database.prepare("INSERT INTO image_blobs (image_id, position, blob_id) VALUES (?, ?, ?)");
  const start = database.prepare(
    "UPDATE images SET state = 'running', attempts = attempts + 1, error = NULL WHERE id = ?",
  );
  const pin = database.prepare(
    "UPDATE images SET digest = ?, media_type = ? WHERE id = ? AND digest IS NULL",
  );
  const finish = database.prepare(
    `UPDATE images SET state = :state, verified = :verified, destination_digest = :digest, error = :error,
       attachments_copied = attachments_copied + :attachments
     WHERE id = :id`,
  );

  function add(runId: string, image: PlannedImage, blobIds: Map<string, number>): void {
    const { blobs: planned, platforms, error, ...columns } = image;
    const imageId = insert.insert({
      ...columns,
      runId,
      platforms: JSON.stringify(platforms),
      error: error === null ? null : JSON.stringify(toWire(error)),
    });
    const repository = image.destinationRepository;
    for (const [position, blob] of planned.entries()) {
      const key = `${repository}@${blob.descriptor.digest}`;
      const blobId = blobIds.get(key) ?? blobs.ensure(runId, repository, blob);
      blobIds.set(key, blobId);
      link.run([imageId, position, blobId]);
    }
  }

  function change(runId: string, imageId: number, to: ImageState): void {
    assertImageTransition(images.state(runId, imageId), to);
  }

  return {
    addImages: (runId, planned) =>
      held("add-images", runId, (state) => {
        if (state !== "planning")
          throw illegal(`The run ${runId} is ${state}; images are added while it is planned.`);
        const blobIds = new Map<string, number>();
        for (const image of planned) add(runId, image, blobIds);
      }),
    imageStarted: (runId, imageId) =>
      held("image-started", runId, (state) => {
        if (state !== "running")
          throw illegal(`The run ${runId} is ${state}; its images wait until it runs.`);
        change(runId, imageId, "running");
        start.run([imageId]);
        return images.get(runId, imageId);
      }),
    imagePinned: (runId, imageId, head) =>
      held("image-pinned", runId, () => {
        pin.run([head.digest, head.mediaType, imageId]);
        return images.get(runId, imageId);
      }),
    imageFinished: (runId, imageId, outcome) =>
      held("image-finished", runId, () => {
        change(runId, imageId, outcome.state);
        finish.run({
          id: imageId,
          state: outcome.state,
          verified: outcome.verified ? 1 : 0,
          attachments: outcome.attachmentsCopied ?? 0,
          digest: outcome.destinationDigest,
          error: outcome.error === null ? null : JSON.stringify(toWire(outcome.error)),
        });
        return images.get(runId, imageId);
      }),
  };
}

function runEnds(
  { database, leases, changes, rows }: RunParts,
  held: Held,
): Pick<Journal, "finishPlanning" | "finishRun"> {
  const setPlan = database.prepare("UPDATE runs SET plan = ? WHERE id = ?");
  const addActive = database.prepare("UPDATE run_tallies SET active_ms = active_ms + ? WHERE run_id = ?");
  return {
    finishPlanning: (runId, totals, error) => {
      const run = held("finish-planning", runId, (from) => {
        const to = error === null ? "planned" : "failed";
        if (from !== "planning") throw illegal(`The run ${runId} is ${from}; its planning is over.`);
        setPlan.run([JSON.stringify(totals), runId]);
        changes.move(runId, { from, to, error });
        if (to === "failed") changes.settle(runId, { from, to });
        return rows.get(runId);
      });
      leases.released(runId);
      return run;
    },
    finishRun: (runId, to, reason, error, activeMs) => {
      const run = held("finish-run", runId, (from) => {
        const left = to === "succeeded" ? changes.unfinishedImages(runId) : 0;
        if (left > 0)
          throw illegal(`The run ${runId} cannot have succeeded: ${left} of its images are not done.`);
        changes.move(runId, { from, to, reason, error });
        changes.settle(runId, { from, to });
        addActive.run([Math.max(0, Math.round(activeMs)), runId]);
        return rows.get(runId);
      });
      leases.released(runId);
      return run;
    },
  };
}

function illegal(message: string): FreightlinerError {
  return new FreightlinerError({ code: "illegal-transition", operation: "write-journal", message });
}
