// The JSON forms of a run's result: the document of --json, the file of --report, the file of --metrics-file.
import type { WireError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { destinationName, type RunResult, sourceName } from "./run-result.ts";

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

/** The document of `--json`: its names and shapes are a promise to scripts. */
export function runDocument(result: RunResult) {
  const { run, images } = result;
  const tallies = run?.tallies;
  const started = run?.startedAt != null;
  const duration = tallies?.activeMs ?? 0;
  const transferred = tallies?.bytesTransferred ?? 0;
  return {
    run: run === null || result.status === "planned" ? null : run.id,
    status: result.status,
    images: {
      total: run?.plan.images ?? 0,
      copied: tallies?.imagesSucceeded ?? 0,
      skipped: started ? (tallies?.imagesSkipped ?? 0) : (run?.plan.skip ?? 0),
      failed: tallies?.imagesFailed ?? 0,
      deleted: 0,
    },
    bytes: {
      to_transfer: run?.plan.bytesToTransfer ?? 0,
      transferred,
      already_present: started ? (tallies?.bytesPresent ?? 0) : (run?.plan.bytesPresent ?? 0),
      mounted: started ? (tallies?.bytesMounted ?? 0) : (run?.plan.bytesMountable ?? 0),
      resumed: 0,
    },
    duration_ms: duration,
    throughput_bytes_per_s: duration > 0 ? Math.round(transferred / (duration / 1000)) : 0,
    items: run === null ? [] : images.map((image) => itemDocument(result, image)),
    ...(result.error === null ? {} : { error: errorDocument(result.error) }),
  };
}

function itemDocument(result: RunResult, image: RunImage) {
  const status = itemStatus(image);
  return {
    ...names(result, image),
    digest: image.digest,
    action: image.action,
    status,
    bytes: status === "planned" ? image.bytesToTransfer : image.bytesTransferred,
    attempts: image.attempts,
    verified: image.verified,
    ...(image.error === null ? {} : { error: errorDocument(image.error) }),
  };
}

function names(result: RunResult, image: RunImage): { source: string; destination: string } {
  const { run } = result;
  if (run === null) return { source: image.sourceRepository, destination: image.destinationRepository };
  return { source: sourceName(run, image), destination: destinationName(run, image) };
}

function isoTime(ms: number | null | undefined): string | null {
  return ms == null ? null : new Date(ms).toISOString();
}

/** The file of `--report`: what happened to every image, with the digests of both sides. */
export function reportDocument(result: RunResult, command: string | null) {
  const { run } = result;
  return {
    format: "freightliner-report/1",
    ...runDocument(result),
    run: run?.id ?? null,
    source: run?.source.address ?? null,
    destination: run?.destination.address ?? null,
    command,
    created_at: isoTime(run?.createdAt),
    started_at: isoTime(run?.startedAt),
    finished_at: isoTime(run?.finishedAt),
    items: result.images.map((image) => ({
      ...itemDocument(result, image),
      reason: image.reason,
      media_type: image.mediaType,
      platforms: image.platforms,
      source_digest: image.digest,
      destination_digest: image.destinationDigest,
      replaced_digest: image.replacesDigest,
      bytes_total: image.bytesTotal,
      bytes_already_present: image.bytesPresent,
      duration_ms: result.durations.get(image.id) ?? null,
    })),
  };
}

/** The file of `--metrics-file`. */
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
    images_total: run?.plan.images ?? 0,
    images_replicated: tallies?.imagesSucceeded ?? 0,
    images_skipped: tallies?.imagesSkipped ?? 0,
    images_failed: tallies?.imagesFailed ?? 0,
    duration_ms: tallies?.activeMs ?? 0,
    retries: tallies?.retries ?? 0,
    mounts: tallies?.mounts ?? 0,
    peak_rss_bytes: peakRssBytes,
  };
}
