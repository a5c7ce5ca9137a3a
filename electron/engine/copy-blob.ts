// Brings one blob into one repository: present? mountable? else streamed through our own check, once at a time.
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Place } from "./blob-flights.ts";
import { holdsBlob, holdsBlobNow } from "./destination-state.ts";
import type { RunScope } from "./run-scope.ts";
import { VerifiedBody } from "./verify.ts";

/** Places that a mount is tried from. */
const mountsTried = 3;

/** Content that everybody knows by its digest; a source that lost it is no reason to fail. */
const knownContent: ReadonlyMap<string, Uint8Array> = new Map([
  ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new Uint8Array(0)],
  ["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", new TextEncoder().encode("{}")],
]);

export interface BlobJob {
  readonly imageId: number;
  readonly sourceRepository: string;
  readonly repository: string;
  readonly blob: Descriptor;
  /** Ask the destination even where this process has just seen the blob there. */
  readonly recheck: boolean;
}

/** Resolves when the destination holds the blob. A checkpoint is a hint only: the destination is asked. */
export async function copyBlob(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<void> {
  const { flights } = scope.context;
  const place = placeOf(scope, job, job.repository);
  await flights.arrive(place, signal, async () => {
    if (await isThere(scope, job, signal)) return;
    if (await mount(scope, job, signal)) return;
    if (!scope.request.destination.mounts || !flights.mountsAt(place.host)) {
      await transfer(scope, job, signal);
      return;
    }
    // Whoever uploads the same digest to this host right now leaves something to mount from.
    await flights.upload(place, signal, async () => {
      if (await mount(scope, job, signal)) return;
      await transfer(scope, job, signal);
    });
  });
}

function placeOf(scope: RunScope, job: BlobJob, repository: string): Place {
  return { host: scope.request.destination.host, repository, digest: job.blob.digest };
}

async function isThere(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<boolean> {
  const { repository, blob, recheck } = job;
  const place = placeOf(scope, job, repository);
  if (!recheck && scope.context.flights.wasSeen(place)) {
    if (!scope.journal.blobIsDone(repository, blob))
      scope.journal.blobFinished(repository, blob, "present", 0);
    return true;
  }
  const there = await holdsBlob(scope.destination, job, signal);
  if (!there) {
    scope.context.flights.missed(place);
    return false;
  }
  arrived(scope, job, "present", 0);
  return true;
}

function arrived(
  scope: RunScope,
  job: BlobJob,
  outcome: "transferred" | "present" | "mounted",
  bytes: number,
): void {
  scope.context.flights.seen(placeOf(scope, job, job.repository));
  scope.journal.blobFinished(job.repository, job.blob, outcome, bytes);
}

/** Tries the places known to hold the blob; a refusal is remembered and never an error. */
async function mount(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<boolean> {
  const { flights } = scope.context;
  const { repository, blob } = job;
  for (const from of mountPlaces(scope, job)) {
    const accepted = await scope.destination
      .ask("mount-blob", signal, (endpoint, options) => endpoint.mountBlob(repository, blob, from, options))
      .catch((error: unknown) => {
        signal.throwIfAborted();
        // A registry may forbid a mount that it does not support; the upload that follows tells what is really wrong.
        if (toFreightlinerError(error, "mount-blob").code === "unauthorized") throw error;
        return false;
      });
    flights.mounted(placeOf(scope, job, from), accepted, isCertain(scope, job, from));
    if (!accepted) continue;
    arrived(scope, job, "mounted", 0);
    return true;
  }
  return false;
}

/** This process has just seen the blob there, or reads it from there. */
function isCertain(scope: RunScope, job: BlobJob, from: string): boolean {
  const { source, destination } = scope.request;
  if (source.host === destination.host && from === job.sourceRepository) return true;
  return scope.context.flights.wasSeen(placeOf(scope, job, from));
}

function mountPlaces(scope: RunScope, job: BlobJob): readonly string[] {
  const { source, destination } = scope.request;
  const { flights } = scope.context;
  if (!destination.mounts) return [];
  const places = new Set(flights.placesOf(destination.host, job.blob.digest));
  if (source.host === destination.host) places.add(job.sourceRepository);
  for (const place of scope.journal.placesOf(job.blob.digest)) places.add(place);
  places.delete(job.repository);
  return [...places].filter((from) => flights.mayMount(placeOf(scope, job, from))).slice(0, mountsTried);
}

/** Streams the blob, with slots of both hosts, as often as it takes; each try makes its body anew. */
async function transfer(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<void> {
  const { repository, blob } = job;
  const progress = scope.progress.blob(job.imageId, repository, blob);
  let sent = 0;
  scope.journal.blobStarted(repository, blob);
  try {
    await scope.destination.retrying("put-blob", signal, async (attempt) => {
      // The try before may have been committed although its answer was lost.
      if (attempt > 1 && (await holdsBlobNow(scope.destination, job, signal))) return;
      progress.moved(0);
      await stream(scope, job, signal, {
        onBytes: (bytes) => progress.moved(bytes),
        onEnd: (bytes) => {
          sent += bytes;
        },
      });
    });
  } catch (error) {
    progress.ended(false);
    scope.journal.blobFailed(repository, blob);
    throw error;
  }
  progress.moved(blob.size);
  progress.ended(true);
  arrived(scope, job, "transferred", sent);
}

interface StreamListener {
  readonly onBytes: (bytes: number) => void;
  /** Bytes that went to the destination, whatever came of them. */
  readonly onEnd: (bytes: number) => void;
}

async function stream(
  scope: RunScope,
  job: BlobJob,
  signal: AbortSignal,
  listener: StreamListener,
): Promise<void> {
  const { source, destination } = scope.request;
  const hosts = [source.host, destination.host];
  await scope.context.hosts.within({ hosts, lane: "bulk", size: job.blob.size, signal }, async () => {
    const opened = await openBody(scope, job, signal);
    const what = `${source.host}/${job.sourceRepository}`;
    const body = VerifiedBody.of(opened, job.blob, { what, onBytes: listener.onBytes });
    try {
      await destination.putBlob(job.repository, job.blob, body, { signal });
    } catch (error) {
      // A destination reports a body that broke as its own failure; whose it is, the body knows.
      throw body.failure === undefined ? error : scope.source.named(body.failure, "read-blob");
    } finally {
      listener.onEnd(body.bytes);
      body.destroy();
      opened.destroy();
    }
  });
}

async function openBody(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<Readable> {
  const known = knownContent.get(job.blob.digest);
  if (known !== undefined && known.length === job.blob.size)
    return Readable.from(known.length === 0 ? [] : [known], { objectMode: false });
  try {
    return (await scope.request.source.openBlob(job.sourceRepository, job.blob, { signal })).body;
  } catch (error) {
    throw scope.source.named(error, "get-blob");
  }
}
