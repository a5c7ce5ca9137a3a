// A run's result as one JSON document: its names and shapes are a promise to scripts (cli.md), additions come last.
import type { WireError } from "../../shared/errors.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import type { ImagePages } from "./image-pages.ts";
import { PagedList } from "./json-pieces.ts";
import { destinationName, sourceName } from "./run-names.ts";

export type RunStatus = "succeeded" | "failed" | "interrupted" | "planned";

export function statusOf(run: Run): RunStatus {
  switch (run.state) {
    case "planned":
      return "planned";
    // An image that could not even be planned counts, although what was planned is all done.
    case "succeeded":
      return run.tallies.imagesFailed > 0 ? "failed" : "succeeded";
    case "failed":
      return "failed";
    default:
      return "interrupted";
  }
}

function itemStatus(image: RunImage): "succeeded" | "failed" | "skipped" | "planned" {
  switch (image.state) {
    case "succeeded":
    case "failed":
    case "skipped":
      return image.state;
    default:
      return image.selected ? "planned" : "skipped";
  }
}

export function errorDocument(error: WireError) {
  const { code, side, operation, message } = error;
  return { code, side, operation, message };
}

export interface DocumentInput {
  /** Null where the command ended before there was a run. */
  readonly run: Run | null;
  readonly status: RunStatus;
  readonly images: ImagePages;
  readonly error: WireError | null;
  /** Bytes at the destination of blobs that were left in the middle. */
  readonly bytesUnfinished?: number;
}

/** To be written with `jsonPieces`: its items are read while it is written. */
export function runDocument({ run, status, images, error, bytesUnfinished }: DocumentInput) {
  const tallies = run?.tallies;
  const started = run?.startedAt != null;
  const duration = tallies?.activeMs ?? 0;
  const transferred = tallies?.bytesTransferred ?? 0;
  return {
    run: run === null || status === "planned" ? null : run.id,
    status,
    images: {
      // With the tags to delete: the numbers below add up to it.
      total: run === null ? 0 : run.plan.images + run.plan.delete,
      copied: tallies?.imagesSucceeded ?? 0,
      skipped: started ? (tallies?.imagesSkipped ?? 0) : (run?.plan.skip ?? 0),
      failed: tallies?.imagesFailed ?? 0,
      deleted: tallies?.imagesDeleted ?? 0,
    },
    bytes: {
      to_transfer: run?.plan.bytesToTransfer ?? 0,
      transferred,
      already_present: started ? (tallies?.bytesPresent ?? 0) : (run?.plan.bytesPresent ?? 0),
      mounted: started ? (tallies?.bytesMounted ?? 0) : (run?.plan.bytesMountable ?? 0),
      resumed: tallies?.bytesResumed ?? 0,
      ...(bytesUnfinished === undefined || bytesUnfinished === 0 ? {} : { unfinished: bytesUnfinished }),
    },
    duration_ms: duration,
    throughput_bytes_per_s: duration > 0 ? Math.round(transferred / (duration / 1000)) : 0,
    items: itemList(images, (image) => (run === null ? null : itemDocument(run, image))),
    ...(error === null ? {} : { error: errorDocument(error) }),
    ...(run === null ? {} : { plan: planDocument(run), attachments: attachmentsDocument(run) }),
  };
}

export function itemList<Item>(images: ImagePages, item: (image: RunImage) => Item): PagedList<Item> {
  return new PagedList(async function* () {
    for await (const page of images()) yield page.map(item);
  });
}

function planDocument({ plan }: Run) {
  const { copy, overwrite, skip, conflict, unreadable, bytesResumable, guard } = plan;
  return {
    ...{ copy, overwrite, skip, delete: plan.delete, conflict, unreadable },
    bytes_resumable: bytesResumable,
    /** Why it cannot be started as it is, or null. */
    guard,
    warnings: plan.warnings.map(({ code, text }) => ({ code, text })),
  };
}

/** Signatures, SBOMs and other referrers: what was found at the source, and how much of it the destination has. */
export function attachmentsDocument(run: Run) {
  const { plan, tallies } = run;
  // What another run brought in the meantime is there as well, and nobody copied it here.
  const every = tallies.imagesSucceeded + tallies.imagesSkipped === plan.images && plan.conflict === 0;
  const all =
    run.state === "succeeded" && every && !["never", "if-newer"].includes(run.spec.options.overwrite);
  return {
    found: plan.attachments,
    at_destination: all
      ? plan.attachments
      : plan.attachments - plan.attachmentsToCopy + tallies.attachmentsCopied,
    to_copy: plan.attachmentsToCopy,
    copied: tallies.attachmentsCopied,
  };
}

/** An image that was to be copied ends well only where all that belongs to it is there, whoever brought it. */
function attachmentsThere(image: RunImage): number {
  const { attachments, attachmentsToCopy, attachmentsCopied, state, action } = image;
  const looked = action === "copy" || action === "overwrite";
  const endedWell = state === "succeeded" || (state === "skipped" && looked);
  return endedWell ? attachments : attachments - attachmentsToCopy + attachmentsCopied;
}

export function itemDocument(run: Run, image: RunImage) {
  const status = itemStatus(image);
  return {
    source: sourceName(run, image),
    destination: destinationName(run, image),
    digest: image.digest,
    action: image.action,
    status,
    bytes: status === "planned" ? image.bytesToTransfer : image.bytesTransferred,
    attempts: image.attempts,
    verified: image.verified,
    ...(image.error === null ? {} : { error: errorDocument(image.error) }),
    ...(image.writesDigest === null ? {} : { writes_digest: image.writesDigest }),
    resumed: image.bytesResumed,
    attachments: {
      found: image.attachments,
      at_destination: attachmentsThere(image),
      to_copy: image.attachmentsToCopy,
      copied: image.attachmentsCopied,
    },
  };
}
