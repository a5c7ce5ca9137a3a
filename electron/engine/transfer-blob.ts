// Moves the bytes of one blob: in parts or whole, through our own check, as often as it takes.
import { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import type { BlobJob } from "./blob-job.ts";
import { holdsBlobNow } from "./destination-state.ts";
import type { BlobProgress } from "./progress.ts";
import type { RunScope } from "./run-scope.ts";
import { SourceBody } from "./source-body.ts";
import { goesInParts, uploadInParts } from "./upload-in-parts.ts";
import { VerifiedBody } from "./verify.ts";

/** Content that everybody knows by its digest; a source that lost it is no reason to fail. */
const knownContent: ReadonlyMap<string, Uint8Array> = new Map([
  ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new Uint8Array(0)],
  ["sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", new TextEncoder().encode("{}")],
]);

/** What went over the wire for a blob, over all tries, and what of earlier attempts did not have to. */
export interface Account {
  sent: number;
  resumed: number;
}

/** Moves the blob, with slots of both hosts, as often as it takes; each try makes its body anew. */
export async function transferBlob(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<Account> {
  const { repository, blob } = job;
  const progress = scope.progress.blob(job.imageId, repository, blob);
  const account: Account = { sent: 0, resumed: 0 };
  scope.journal.blobStarted(repository, blob);
  try {
    await scope.destination.retrying("put-blob", signal, async (attempt) => {
      // The try before may have been committed although its answer was lost.
      if (attempt > 1 && (await holdsBlobNow(scope.destination, job, signal))) return;
      const inParts = await moveInParts(scope, job, { account, progress, first: attempt === 1 }, signal);
      if (!inParts) await moveWhole(scope, job, { account, progress }, signal);
    });
  } catch (error) {
    progress.ended(false);
    scope.journal.blobFailed(repository, blob);
    throw error;
  }
  progress.moved(blob.size);
  progress.ended(true);
  return account;
}

interface Tellers {
  readonly account: Account;
  readonly progress: BlobProgress;
}

/**
 * In parts, from where an earlier attempt stopped. A part that fails behind others is gone on with at once; only a try
 * without any progress counts as one. False where the blob has to go whole.
 */
async function moveInParts(
  scope: RunScope,
  job: BlobJob,
  { account, progress, first }: Tellers & { readonly first: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  const { repository, blob } = job;
  if (!goesInParts(scope, job)) return false;
  // Another process uploads the same blob: two writers in one session would spoil it.
  if (!scope.journal.claimUpload(repository, blob)) return false;
  const listener = {
    onBytes: (bytes: number) => progress.moved(bytes),
    onSent: (bytes: number) => {
      account.sent += bytes;
    },
  };
  let resumedAt = first ? undefined : account.resumed;
  const onResumed = (offset: number): void => {
    // What this very transfer sent is not resumed; and what was begun anew is not either, however far it comes.
    resumedAt = Math.min(resumedAt ?? offset, offset);
    account.resumed = resumedAt;
    progress.moved(offset);
  };
  try {
    for (;;) {
      const before = scope.journal.upload(repository, blob)?.offset ?? 0;
      try {
        const end = await inSlots(scope, blob, signal, () =>
          uploadInParts(scope, job, { ...listener, onResumed }, signal),
        );
        if (end === "refused") account.resumed = 0;
        return end === "done";
      } catch (thrown) {
        signal.throwIfAborted();
        const error = toFreightlinerError(thrown, "put-blob");
        const after = scope.journal.upload(repository, blob)?.offset ?? 0;
        if (after <= before || !goesOnAtOnce.has(error.code)) throw error;
        scope.journal.countRetry(error.at("destination"));
      }
    }
  } finally {
    scope.journal.unclaimUpload(repository, blob);
  }
}

/** A connection that broke and a token that ended say nothing of the host; what else fails is waited for. */
const goesOnAtOnce: ReadonlySet<string> = new Set(["unreachable", "timeout", "upload-lost"]);

/** In one request, from the first byte. */
async function moveWhole(
  scope: RunScope,
  job: BlobJob,
  { account, progress }: Tellers,
  signal: AbortSignal,
): Promise<void> {
  const { source, destination } = scope.request;
  progress.moved(0);
  await inSlots(scope, job.blob, signal, async () => {
    const opened = await openBody(scope, job, signal);
    const what = `${source.host}/${job.sourceRepository}`;
    const body = new VerifiedBody(opened, job.blob, { what, onBytes: (bytes) => progress.moved(bytes) });
    try {
      await destination.putBlob(job.repository, job.blob, body, { signal });
    } catch (error) {
      // A destination reports a body that broke as its own failure; whose it is, the body knows.
      throw body.failure === undefined ? error : scope.source.named(body.failure, "read-blob");
    } finally {
      account.sent += body.bytes;
      body.destroy();
      opened.destroy();
    }
  });
}

function inSlots<T>(
  { request, context }: RunScope,
  { size }: Descriptor,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const hosts = [request.source.host, request.destination.host];
  return context.hosts.within({ hosts, lane: "bulk", size, waiter: "run", signal }, work);
}

async function openBody(scope: RunScope, job: BlobJob, signal: AbortSignal): Promise<Readable> {
  const { context, request } = scope;
  const known = knownContent.get(job.blob.digest);
  if (known !== undefined && known.length === job.blob.size)
    return Readable.from(known.length === 0 ? [] : [known], { objectMode: false });
  return SourceBody.open({
    side: scope.source,
    repository: job.sourceRepository,
    blob: job.blob,
    meter: context.bandwidth.meter({
      runId: request.runId,
      hosts: [request.source.host, request.destination.host],
    }),
    clock: context.clock,
    signal,
  });
}
