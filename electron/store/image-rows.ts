// Reads the images of runs, parsed.
import { z } from "zod";
import { type ImageState, imageStateSchema, type RunImage, runImageSchema } from "../../shared/run.ts";
import type { Database, Row } from "./database.ts";
import { flagColumn, jsonColumn, notFound, readRow, unreadable } from "./row-values.ts";
import type { ImageQuery } from "./store.ts";

/**
 * What was sent of an image's blobs. A blob that several images of the run share counts for the first of them alone,
 * as its plan does, so that the rows of a report add up to the run's sum.
 */
const ownBlobs = `FROM image_blobs JOIN blobs ON blobs.id = image_blobs.blob_id
   WHERE image_blobs.image_id = images.id AND blobs.bytes_transferred + blobs.bytes_resumed > 0 AND images.id = (
     SELECT sharing.image_id FROM image_blobs AS sharing JOIN images AS sharer ON sharer.id = sharing.image_id
     WHERE sharing.blob_id = blobs.id AND sharer.selected = 1 ORDER BY sharing.image_id LIMIT 1)`;
const columns = `id, run_id AS runId, source_repository AS sourceRepository, source_reference AS sourceReference,
  destination_repository AS destinationRepository, destination_reference AS destinationReference, digest,
  media_type AS mediaType, replaces_digest AS replacesDigest, action, reason, selected, state, platforms,
  bytes_total AS bytesTotal, bytes_to_transfer AS bytesToTransfer, bytes_present AS bytesPresent,
  bytes_mountable AS bytesMountable, writes_digest AS writesDigest, attachments,
  attachments_to_copy AS attachmentsToCopy, attachments_copied AS attachmentsCopied, attempts, verified, destination_digest AS destinationDigest, error,
  (SELECT coalesce(sum(blobs.bytes_transferred), 0) ${ownBlobs}) AS bytesTransferred,
  (SELECT coalesce(sum(blobs.bytes_resumed), 0) ${ownBlobs}) AS bytesResumed`;
const listed = `run_id = :run AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
  AND (:actions IS NULL OR action IN (SELECT value FROM json_each(:actions)))
  AND (:text IS NULL OR instr(lower(source_repository || ':' || coalesce(source_reference, '') || char(10) ||
    destination_repository || ':' || coalesce(destination_reference, '')), lower(:text)) > 0)`;

const imageRow = runImageSchema.extend({
  selected: flagColumn,
  verified: flagColumn,
  platforms: jsonColumn.pipe(z.array(z.string())),
  error: jsonColumn.nullable().pipe(runImageSchema.shape.error),
});

function read(row: Row): RunImage {
  const image = readRow(imageRow, row);
  if (image.ok) return image.value;
  throw unreadable("images", String(row.id), image.reason);
}

export class ImageRows {
  readonly #database: Database;
  readonly #one;
  readonly #state;
  readonly #page;
  readonly #count;
  readonly #next;

  constructor(database: Database) {
    this.#database = database;
    this.#one = database.prepare(`SELECT ${columns} FROM images WHERE run_id = ? AND id = ?`);
    this.#state = database.prepare("SELECT state FROM images WHERE run_id = ? AND id = ?");
    this.#page = database.prepare(
      `SELECT ${columns} FROM images WHERE ${listed} ORDER BY id LIMIT :limit OFFSET :offset`,
    );
    this.#count = database.prepare(`SELECT count(*) AS count FROM images WHERE ${listed}`);
    this.#next = database.prepare(
      `SELECT ${columns} FROM images
       WHERE run_id = ? AND state = 'planned' AND selected = 1 AND id > ? ORDER BY id LIMIT ?`,
    );
  }

  get(runId: string, imageId: number): RunImage {
    const row = this.#one.get([runId, imageId]);
    if (row === undefined) throw notFound("image", imageId);
    return read(row);
  }

  state(runId: string, imageId: number): ImageState {
    const row = this.#state.get([runId, imageId]);
    if (row === undefined) throw notFound("image", imageId);
    return imageStateSchema.parse(row.state);
  }

  list(runId: string, query: ImageQuery): { readonly images: readonly RunImage[]; readonly total: number } {
    const { states, actions, text } = query;
    const which = {
      run: runId,
      states: states === undefined ? null : JSON.stringify(states),
      actions: actions === undefined ? null : JSON.stringify(actions),
      text: text === undefined || text === "" ? null : text,
    };
    return this.#database.read("list-images", () => ({
      images: this.#page.all({ ...which, limit: query.limit, offset: query.offset }).map(read),
      total: Number(this.#count.get(which)?.count),
    }));
  }

  next(runId: string, afterId: number, limit: number): readonly RunImage[] {
    return this.#next.all([runId, afterId, limit]).map(read);
  }
}
