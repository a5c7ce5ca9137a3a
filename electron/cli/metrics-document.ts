// The file of --metrics-file: what monitoring reads of a run.
import type { RunResult } from "./run-result.ts";

export function metricsDocument(result: RunResult, peakRssBytes: number) {
  const { run } = result;
  const tallies = run?.tallies;
  return {
    run: run?.id ?? null,
    status: result.status,
    exit_code: result.exitCode,
    bytes_to_transfer: run?.plan.bytesToTransfer ?? 0,
    bytes_transferred: tallies?.bytesTransferred ?? 0,
    bytes_already_present: tallies?.bytesPresent ?? 0,
    bytes_mounted: tallies?.bytesMounted ?? 0,
    bytes_resumed: tallies?.bytesResumed ?? 0,
    images_total: run === null ? 0 : run.plan.images + run.plan.delete,
    images_replicated: tallies?.imagesSucceeded ?? 0,
    images_skipped: tallies?.imagesSkipped ?? 0,
    images_failed: tallies?.imagesFailed ?? 0,
    images_deleted: tallies?.imagesDeleted ?? 0,
    attachments_copied: tallies?.attachmentsCopied ?? 0,
    duration_ms: tallies?.activeMs ?? 0,
    retries: tallies?.retries ?? 0,
    mounts: tallies?.mounts ?? 0,
    peak_rss_bytes: peakRssBytes,
  };
}
