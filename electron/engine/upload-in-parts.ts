// One blob in parts, from wherever an earlier upload of it stopped; what was acknowledged is never sent again.
import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { BlobJob } from "./blob-job.ts";
import { BodyParts } from "./body-parts.ts";
import { lingering } from "./lingering.ts";
import { PartSizes, smallerPart } from "./part-sizes.ts";
import { Stopped, type UploadSession } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";
import { SourceBody } from "./source-body.ts";
import { passing, refusedSession, refusesParts, refusesSession } from "./upload-refusals.ts";
import { ContentCheck } from "./verify.ts";

export interface PartsListener {
  /** Bytes at the destination, those of earlier attempts among them. */
  readonly onBytes: (bytes: number) => void;
  /** Bytes given to the destination in this attempt, whatever came of them. */
  readonly onSent: (bytes: number) => void;
  /** Where this attempt goes on; 0 where it begins anew. */
  readonly onResumed: (offset: number) => void;
}

/** False where the blob is too small for it, or the destination is known to take blobs whole only. */
export function goesInParts({ request, context, journal }: RunScope, { blob }: BlobJob): boolean {
  const { destination } = request;
  return (
    destination.parts &&
    blob.size >= context.transfer.partsFrom &&
    journal.knows(destination.host, "upload-parts") !== false
  );
}

/**
 * Uploads the blob, or brings it further: a part that fails after others were acknowledged is thrown, and the next call
 * goes on from there. `refused` where the destination does not take parts after all: then nothing of it is left there.
 * @throws what source, content or destination failed with, said of its side; the signal's reason.
 */
export async function uploadInParts(
  scope: RunScope,
  job: BlobJob,
  listener: PartsListener,
  signal: AbortSignal,
): Promise<"done" | "refused"> {
  const attempt = new PartsAttempt(scope, job, listener);
  const linger = lingering(signal, scope, () => attempt.timeToFinish);
  try {
    return await attempt.run(signal, linger.signal);
  } finally {
    linger.end();
  }
}

class PartsAttempt {
  readonly #scope: RunScope;
  readonly #job: BlobJob;
  readonly #listener: PartsListener;
  readonly #key: string;
  /** A part has begun that is not acknowledged yet. */
  #inPart = false;
  #partSize = 0;
  #partBegan = 0;
  /** Milliseconds per byte of the part before. */
  #pace = Number.POSITIVE_INFINITY;
  #begunAt = 0;
  #acknowledged = 0;
  /** Bytes at the destination or on their way to it. */
  #moved = 0;
  #committing = false;

  constructor(scope: RunScope, job: BlobJob, listener: PartsListener) {
    this.#scope = scope;
    this.#job = job;
    this.#listener = listener;
    this.#key = `${scope.request.destinationId}\n${job.repository}\n${job.blob.digest}`;
  }

  /**
   * Milliseconds that the part under way is likely to take yet. A part that breaks off may cost the whole session, however
   * much it holds, unless the host is known to tell where it stands: then it is undefined.
   */
  get timeToFinish(): number | undefined {
    const { journal, request, context } = this.#scope;
    if (this.#committing) return 0;
    if (!this.#inPart || journal.knows(request.destination.host, "upload-status") === true) return undefined;
    const moved = this.#moved - this.#acknowledged;
    const took = context.clock.monotonic() - this.#partBegan;
    // At its very beginning a part says nothing of its speed yet.
    const pace = took < 100 || moved === 0 ? this.#pace : took / moved;
    return Math.max(pace * this.#partSize - took, 0);
  }

  /** @param signal asks to stop; `hard` is the moment when what is under way is given up. */
  async run(signal: AbortSignal, hard: AbortSignal): Promise<"done" | "refused"> {
    const session = await this.#open(signal);
    if (session === undefined) return "refused";
    try {
      await this.#send(session, signal, hard);
      return "done";
    } catch (thrown) {
      return await this.#failed(session, thrown, signal);
    }
  }

  /** The session of an earlier attempt or process where the destination still has it, else a new one. */
  async #open(signal: AbortSignal): Promise<UploadSession | undefined> {
    const { journal, request } = this.#scope;
    const { repository, blob } = this.#job;
    const { destination } = request;
    const kept = journal.upload(repository, blob);
    if (kept !== undefined) {
      const session = await destination.continueUpload(repository, blob, kept.token, { signal });
      this.#learnStatus(kept.offset, session);
      if (session !== undefined) {
        this.#listener.onResumed(session.offset);
        return session;
      }
      journal.forgetUpload(repository, blob);
    }
    this.#listener.onResumed(0);
    try {
      const session = await destination.beginUpload(repository, blob, { signal });
      this.#keep(session, new ContentCheck(blob, destination.host), undefined);
      return session;
    } catch (error) {
      // A least part size that nobody can want is said of this session, not of the host for ever.
      if (error instanceof FreightlinerError && error.code === "unsupported") return undefined;
      throw error;
    }
  }

  /** After a part that broke off a session either goes on behind what was acknowledged, or is gone. */
  #learnStatus(acknowledged: number, session: UploadSession | undefined): void {
    const { journal, request, context } = this.#scope;
    const { host } = request.destination;
    if (session !== undefined && session.offset > acknowledged) journal.remember(host, "upload-status", true);
    if (session === undefined && context.unfinished.get(this.#key)?.broken === true)
      journal.remember(host, "upload-status", false);
  }

  async #send(session: UploadSession, signal: AbortSignal, hard: AbortSignal): Promise<void> {
    const { blob } = this.#job;
    const check = await this.#checkUpTo(session, signal);
    if (session.offset < blob.size || check.bytes < session.offset) {
      const source = await this.#openSource(check.bytes, hard);
      const parts = new BodyParts(source, check);
      try {
        await parts.pass(session.offset - check.bytes);
        await this.#sendParts(session, { parts, check, source }, signal, hard);
      } catch (error) {
        // A destination reports a part that broke as its own failure; whose it is, the body knows.
        throw parts.failure === undefined ? error : this.#scope.source.named(parts.failure, "read-blob");
      } finally {
        source.destroy();
      }
    }
    try {
      check.finish();
    } catch (error) {
      throw this.#scope.source.named(error, "read-blob");
    }
    signal.throwIfAborted();
    this.#committing = true;
    await session.commit({ signal: hard });
    this.#forget();
  }

  /** The hash of what the destination has: kept in this process, read back where that is cheap, else from the first byte. */
  async #checkUpTo(session: UploadSession, signal: AbortSignal): Promise<ContentCheck> {
    const { request, context } = this.#scope;
    const { blob, sourceRepository } = this.#job;
    const kept = context.unfinished.get(this.#key);
    const from = kept !== undefined && kept.check.bytes <= session.offset ? kept.check : undefined;
    const check = new ContentCheck(blob, `${request.source.host}/${sourceRepository}`, from);
    if (session.readBack === undefined || check.bytes === session.offset) return check;
    const own = new ContentCheck(blob, `${request.destination.host}/${this.#job.repository}`);
    const there = await session.readBack({ signal });
    try {
      await new BodyParts(there, own).pass(session.offset);
    } finally {
      there.destroy();
    }
    return own;
  }

  #openSource(offset: number, signal: AbortSignal): Promise<SourceBody> {
    const { source, context, request } = this.#scope;
    return SourceBody.open({
      side: source,
      repository: this.#job.sourceRepository,
      blob: this.#job.blob,
      offset,
      validator: context.unfinished.get(this.#key)?.validator,
      meter: context.bandwidth.meter({
        runId: request.runId,
        hosts: [request.source.host, request.destination.host],
      }),
      clock: context.clock,
      signal,
    });
  }

  async #sendParts(
    session: UploadSession,
    body: { readonly parts: BodyParts; readonly check: ContentCheck; readonly source: SourceBody },
    signal: AbortSignal,
    hard: AbortSignal,
  ): Promise<void> {
    const { context, journal, request } = this.#scope;
    const { blob } = this.#job;
    const { largestPart = context.transfer.partSize, leastPart } = session;
    const taken = context.partLimits.get(request.destination.host) ?? largestPart;
    const sizes = new PartSizes(context.transfer, { leastPart, largestPart: Math.min(taken, largestPart) });
    this.#begunAt = session.offset;
    this.#acknowledged = session.offset;
    this.#moved = session.offset;
    while (session.offset < blob.size) {
      signal.throwIfAborted();
      const size = sizes.next(blob.size - session.offset);
      const part = body.parts.next(size, this.#count);
      this.#partSize = size;
      this.#partBegan = context.clock.monotonic();
      this.#inPart = true;
      try {
        await session.append(part, size, { signal: hard });
      } finally {
        part.destroy();
      }
      // An answer that did not wait for the whole part: what comes next would land behind bytes that never left.
      if (body.check.bytes !== session.offset) throw this.#partCutShort(body.check.bytes, session.offset);
      this.#inPart = false;
      const ms = context.clock.monotonic() - this.#partBegan;
      this.#pace = ms / size;
      sizes.took(size, ms);
      this.#acknowledged = session.offset;
      this.#keep(session, body.check, body.source.validator);
      if (journal.knows(request.destination.host, "upload-parts") === undefined)
        journal.remember(request.destination.host, "upload-parts", true);
    }
  }

  readonly #count = (bytes: number): void => {
    this.#listener.onSent(bytes);
    this.#moved += bytes;
    this.#listener.onBytes(this.#moved);
  };

  async #failed(session: UploadSession, thrown: unknown, signal: AbortSignal): Promise<"refused"> {
    const { journal, request } = this.#scope;
    const { host } = request.destination;
    if (signal.aborted) {
      this.#breakOff();
      if (signal.reason instanceof Stopped && signal.reason.reason === "user-cancel")
        await this.#giveUp(session);
      throw thrown;
    }
    const error = toFreightlinerError(thrown, "put-blob");
    if (this.#mayBeSmaller(error, session)) {
      this.#breakOff();
      throw refusedSession(error);
    }
    const first = this.#inPart && this.#acknowledged === 0 && error.side !== "source";
    if (first && refusesParts(error) && journal.knows(host, "upload-parts") !== true) {
      await this.#giveUp(session);
      if (error.code !== passing) journal.remember(host, "upload-parts", false);
      return "refused";
    }
    // Nothing that was sent is worth anything where the whole is not what it should be, or where it goes on is not known.
    const useless = this.#acknowledged === this.#begunAt && refusesSession(error);
    if (error.code === "digest-mismatch" || useless) await this.#giveUp(session);
    else this.#breakOff();
    throw useless && this.#begunAt > 0 && !error.retryable ? refusedSession(error) : error;
  }

  /** True where the part alone was too large; from now on the host gets smaller ones. */
  #mayBeSmaller({ code, side }: FreightlinerError, { leastPart }: UploadSession): boolean {
    if (code !== "too-large" || side === "source" || !this.#inPart) return false;
    const { context, request } = this.#scope;
    const next = smallerPart(this.#partSize, context.transfer);
    if (next === undefined || next < leastPart) return false;
    context.partLimits.set(request.destination.host, next);
    return true;
  }

  #partCutShort(left: number, acknowledged: number): FreightlinerError {
    return new FreightlinerError({
      code: "upload-lost",
      operation: "patch-blob",
      message: `${this.#scope.request.destination.host} acknowledged ${acknowledged} bytes of ${this.#job.blob.digest} when ${left} had been sent; its status has to be asked for.`,
    });
  }

  /** From here on a break costs no more than what is not acknowledged. */
  #keep(session: UploadSession, check: ContentCheck, validator: string | undefined): void {
    const { journal, context } = this.#scope;
    journal.saveUpload(this.#job.repository, this.#job.blob, session);
    context.unfinished.set(this.#key, { check: check.state(), validator, broken: false });
  }

  #breakOff(): void {
    const { context } = this.#scope;
    const kept = context.unfinished.get(this.#key);
    if (this.#inPart && kept !== undefined) context.unfinished.set(this.#key, { ...kept, broken: true });
  }

  async #giveUp(session: UploadSession): Promise<void> {
    this.#forget();
    await session.cancel();
  }

  #forget(): void {
    this.#scope.journal.forgetUpload(this.#job.repository, this.#job.blob);
    this.#scope.context.unfinished.delete(this.#key);
  }
}
