// A line in the log for every tag that was deleted or refused to go: who looks for a lost tag finds when and by which run.
import { joinReference } from "../../shared/reference.ts";
import type { RunImage } from "../../shared/run.ts";
import type { Log } from "./log.ts";

/** Told of every change of an image; says nothing of those that are copied or have not ended. */
export function auditDelete(log: Pick<Log, "info" | "warn">, image: RunImage): void {
  if (image.action !== "delete") return;
  const { runId, destinationRepository, destinationReference, replacesDigest, reason, error } = image;
  const reference = joinReference(destinationRepository, destinationReference ?? "");
  const what = { runId, imageId: image.id, reference, digest: replacesDigest, reason };
  if (image.state === "succeeded") log.info(what, "deleted a tag");
  if (image.state === "failed") log.warn({ ...what, error: error?.message }, "a tag was not deleted");
}
