// A run's report to be kept: what happened to every image, with the digests of both sides, and under which options.
import type { Run, RunImage } from "../../shared/run.ts";
import type { ImagePages } from "./image-pages.ts";
import { itemDocument, itemList, runDocument, statusOf } from "./run-document.ts";

export interface ReportInput {
  readonly run: Run;
  readonly images: ImagePages;
  /** The program's version. */
  readonly version: string;
  /** The command that did it, or that does the same; without secrets. */
  readonly command: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Milliseconds per image, as far as they were seen. */
  readonly durations?: ReadonlyMap<number, number>;
}

export type Report = ReturnType<typeof reportDocument>;
export type ReportItem = ReturnType<typeof reportItem>;

export function reportDocument(input: ReportInput) {
  const { run, images } = input;
  const { error } = run;
  return {
    format: "freightliner-report/1",
    ...runDocument({ run, status: statusOf(run), images, error }),
    run: run.id,
    source: run.source.address,
    destination: run.destination.address,
    command: input.command,
    created_at: isoTime(run.createdAt),
    started_at: isoTime(run.startedAt),
    finished_at: isoTime(run.finishedAt),
    items: itemList(images, (image) => reportItem(run, image, input.durations?.get(image.id) ?? null)),
    program: { name: "freightliner", version: input.version },
    written_at: isoTime(input.now),
    state: run.state,
    options: optionsDocument(run),
  };
}

function reportItem(run: Run, image: RunImage, durationMs: number | null) {
  return {
    ...itemDocument(run, image),
    reason: image.reason,
    media_type: image.mediaType,
    platforms: image.platforms,
    source_digest: image.digest,
    destination_digest: standingDigest(image),
    replaced_digest: image.replacesDigest,
    bytes_total: image.bytesTotal,
    bytes_already_present: image.bytesPresent,
    duration_ms: durationMs,
  };
}

/** What was read back after writing; for an image that was left as it is, what stood there when it was looked at. */
function standingDigest(image: RunImage): string | null {
  return image.destinationDigest ?? (image.action === "skip" ? image.replacesDigest : null);
}

function optionsDocument({ spec }: Run) {
  const { options } = spec;
  return {
    overwrite: options.overwrite,
    verify_blobs: options.verifyBlobs,
    platforms: options.platforms,
    attachments: options.attachments,
    foreign_layers: options.foreignLayers,
    mirror:
      options.mirror === null
        ? null
        : { max_delete: options.mirror.maxDelete, max_share: options.mirror.maxShare },
    bandwidth: options.bandwidth,
    parallel_images: options.parallelImages,
    mapping: spec.mapping,
    rename_tags: spec.renameTags,
  };
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
