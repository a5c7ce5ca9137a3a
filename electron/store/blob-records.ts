// The tables of blobs: their state in a run, and in which repositories of an endpoint they were seen.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { type RunBlob, runBlobSchema } from "../../shared/run.ts";
import type { BlobRecord, PlannedBlob } from "../engine/ports.ts";
import type { Database } from "./database.ts";
import { readRow, unreadable } from "./row-values.ts";
import type { BlobLocation } from "./store.ts";

/** Repositories that are remembered for a blob of one endpoint: a mount needs one that works. */
const keptLocations = 8;

export class BlobRecords {
  readonly #insert;
  readonly #find;
  readonly #ofImage;
  readonly #start;
  readonly #finish;
  readonly #fail;
  readonly #remember;
  readonly #prune;
  readonly #locations;
  readonly #everywhere;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO blobs (run_id, repository, digest, media_type, size, expected) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, repository, digest) DO NOTHING`,
    );
    this.#find = database.prepare(
      "SELECT id, state FROM blobs WHERE run_id = ? AND repository = ? AND digest = ?",
    );
    this.#ofImage = database.prepare(
      `SELECT repository, digest, media_type AS mediaType, size, expected, state, outcome,
         bytes_transferred AS bytesTransferred, bytes_resumed AS bytesResumed
       FROM image_blobs JOIN blobs ON blobs.id = image_blobs.blob_id WHERE image_id = ? ORDER BY position`,
    );
    this.#start = database.prepare("UPDATE blobs SET state = 'transferring' WHERE id = ?");
    // "Present" on a later attempt is what an earlier attempt brought there: that one's outcome stays.
    this.#finish = database.prepare(
      `UPDATE blobs SET state = 'done',
         bytes_transferred = iif(:outcome = 'present' AND outcome IS NOT NULL, bytes_transferred, :bytes),
         bytes_resumed = iif(:outcome = 'present' AND outcome IS NOT NULL, bytes_resumed, :resumed),
         outcome = iif(:outcome = 'present' AND outcome IS NOT NULL, outcome, :outcome)
       WHERE id = :id`,
    );
    this.#fail = database.prepare("UPDATE blobs SET state = 'failed' WHERE id = ?");
    this.#remember = database.prepare(
      `INSERT INTO blob_locations (endpoint_id, digest, repository, seen_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (endpoint_id, digest, repository) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)`,
    );
    this.#prune = database.prepare(
      `DELETE FROM blob_locations WHERE endpoint_id = :endpoint AND digest = :digest AND repository IN (
         SELECT repository FROM blob_locations WHERE endpoint_id = :endpoint AND digest = :digest
         ORDER BY seen_at DESC, repository LIMIT -1 OFFSET ${keptLocations})`,
    );
    // By the whole key for each endpoint: digests alone are not what the table is ordered by.
    this.#everywhere = database.prepare(
      `SELECT digest, endpoint_id AS endpointId, repository
       FROM (SELECT DISTINCT value FROM json_each(?)) AS wanted CROSS JOIN endpoints
       JOIN blob_locations ON blob_locations.endpoint_id = endpoints.id AND blob_locations.digest = wanted.value`,
    );
    this.#locations = database.prepare(
      `SELECT repository FROM blob_locations WHERE endpoint_id = ? AND digest = ?
       ORDER BY seen_at DESC, repository LIMIT ${keptLocations}`,
    );
  }

  /** The row's id; the row is made where the plan did not know the blob. */
  ensure(runId: string, repository: string, blob: PlannedBlob): number {
    const { descriptor } = blob;
    const { mediaType, digest, size } = descriptor;
    this.#insert.run([runId, repository, digest, mediaType, size, blob.expected]);
    return Number(this.#find.get([runId, repository, digest])?.id);
  }

  ofImage(imageId: number): readonly RunBlob[] {
    return this.#ofImage.all([imageId]).map((row) => {
      const blob = readRow(runBlobSchema, row);
      if (blob.ok) return blob.value;
      throw unreadable("blobs", String(row.digest), blob.reason);
    });
  }

  started(runId: string, repository: string, descriptor: Descriptor): void {
    this.#start.run([this.ensure(runId, repository, { descriptor, expected: "transferred" })]);
  }

  finished(runId: string, record: BlobRecord): void {
    const { repository, descriptor, outcome, bytesTransferred: bytes, bytesResumed: resumed = 0 } = record;
    const id = this.ensure(runId, repository, { descriptor, expected: outcome });
    this.#finish.run({ id, outcome, bytes, resumed });
  }

  failed(runId: string, repository: string, descriptor: Descriptor): void {
    this.#fail.run([this.ensure(runId, repository, { descriptor, expected: "transferred" })]);
  }

  isDone(runId: string, repository: string, digest: Digest): boolean {
    return this.#find.get([runId, repository, digest])?.state === "done";
  }

  remember(where: { endpointId: string; repository: string; digest: Digest; now: number }): void {
    const { endpointId: endpoint, repository, digest, now } = where;
    this.#remember.run([endpoint, digest, repository, now]);
    this.#prune.run({ endpoint, digest });
  }

  /** Newest first, at most eight. */
  locations(endpointId: string, digest: Digest): readonly string[] {
    return this.#locations.all([endpointId, digest]).map((row) => String(row.repository));
  }

  /** At all endpoints that there are. */
  everywhere(digests: readonly string[]): readonly BlobLocation[] {
    return this.#everywhere.all([JSON.stringify(digests)]).map((row) => ({
      digest: String(row.digest),
      endpointId: String(row.endpointId),
      repository: String(row.repository),
    }));
  }
}
