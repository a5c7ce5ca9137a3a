// Brings one blob into one repository: present? mountable? else streamed through our own check, once at a time.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Place } from "./blob-flights.ts";
import type { BlobJob } from "./blob-job.ts";
import { holdsBlob } from "./destination-state.ts";
import type { RunScope } from "./run-scope.ts";
import { withSoleRight } from "./sole-right.ts";
import { type Account, transferBlob } from "./transfer-blob.ts";

/** Places that a mount is tried from. */
const mountsTried = 3;

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

/** Flights end at the border of the process; over it, who comes second takes what the first has brought. */
async function transfer(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<void> {
  const { host } = scope.request.destination;
  const key = `arrival:${host}/${job.repository}@${job.blob.digest}`;
  await withSoleRight(scope, key, signal, async (waited) => {
    // It may also have come between our look at the destination and the claim; then the journal knows it.
    const mayBeThere = waited || scope.journal.placesOf(job.blob.digest).includes(job.repository);
    if (mayBeThere && (await isThere(scope, { ...job, recheck: true }, signal))) return;
    arrived(scope, job, "transferred", await transferBlob(scope, job, signal));
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
  // The plan has just asked. What came there meanwhile, the journal and the sole right to bring it tell (`transfer`).
  if (!recheck && scope.context.sights.takeNoBlob(place)) return false;
  const there = await holdsBlob(scope.destination, job, signal);
  if (!there) {
    scope.context.flights.missed(place);
    return false;
  }
  arrived(scope, job, "present");
  return true;
}

function arrived(
  scope: RunScope,
  job: BlobJob,
  outcome: "transferred" | "present" | "mounted",
  { sent, resumed }: Account = { sent: 0, resumed: 0 },
): void {
  scope.context.flights.seen(placeOf(scope, job, job.repository));
  scope.journal.blobFinished(job.repository, job.blob, outcome, sent, resumed);
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
    arrived(scope, job, "mounted");
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
