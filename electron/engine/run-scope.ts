// What one attempt at a run shares among its images: both sides, the journal's pen, progress, and the ways to stop it.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { BlobOutcome, RunImage } from "../../shared/run.ts";
import { AttachmentTags } from "./attachment-tags.ts";
import { Attachments } from "./attachments.ts";
import type { EngineContext } from "./context.ts";
import { EndpointSide } from "./endpoint-side.ts";
import {
  type Capability,
  type ImageDestination,
  type ImageOutcome,
  type Journal,
  type ManifestHead,
  type RunRequest,
  Stopped,
  type StoredUpload,
} from "./ports.ts";
import { RunProgress } from "./progress.ts";

export class RunScope {
  readonly request: RunRequest;
  readonly context: EngineContext;
  readonly source: EndpointSide;
  readonly destination: EndpointSide<ImageDestination>;
  readonly attachments: Attachments;
  readonly attachmentTags: AttachmentTags;
  readonly progress: RunProgress;
  readonly journal: RunJournal;
  /** Aborted by the caller, or when the run cannot go on. */
  readonly signal: AbortSignal;
  readonly #stop = new AbortController();
  #signInError: FreightlinerError | undefined;
  #lingersMs = 0;

  constructor(request: RunRequest, context: EngineContext, signal: AbortSignal) {
    this.request = request;
    this.context = context;
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
    this.journal = new RunJournal(request, context, () => this.#stop.abort(new Stopped("caller")));
    const common = {
      hosts: context.hosts,
      clock: context.clock,
      onRetry: (error: FreightlinerError) => this.journal.countRetry(error),
      waiter: "run",
    } as const;
    const { source, destination } = request;
    this.source = new EndpointSide({
      side: "source",
      endpoint: source,
      manifests: context.manifests,
      otherHost: destination.host,
      ...common,
    });
    this.destination = new EndpointSide({
      side: "destination",
      endpoint: destination,
      otherHost: source.host,
      ...common,
    });
    this.attachments = new Attachments({
      source: this.source,
      destination: this.destination,
      journal: context.journal,
      overwrite: request.options.overwrite,
    });
    this.attachmentTags = new AttachmentTags(this.source, request.spec, this.signal);
    const total = request.run?.plan.bytesToTransfer ?? 0;
    this.progress = new RunProgress({
      runId: request.runId,
      listener: context.listener,
      clock: context.clock,
      // Uploads that were sent again count each time, so what went over the wire may be more than what is done.
      bytes: Math.min(movedBefore(request.run), total),
      total,
    });
  }

  /** A side does not let us in any more, or its credential cannot be read for now: everything waits for a credential rather than failing image by image. */
  waitForSignIn(error: FreightlinerError): void {
    this.#signInError ??= error;
    this.#stop.abort(new Stopped("caller"));
  }

  get signInError(): FreightlinerError | undefined {
    return this.#signInError;
  }

  /** After a stop something is brought to its end for at most so many milliseconds: the run waits for it. */
  lingers(ms: number): void {
    this.#lingersMs = Math.max(this.#lingersMs, ms);
  }

  get lingersMs(): number {
    return this.#lingersMs;
  }
}

function movedBefore(run: RunRequest["run"]): number {
  return run === undefined ? 0 : run.tallies.bytesTransferred + run.tallies.bytesResumed;
}

/**
 * The journal of one run. After `close` nothing is written any more: what winds down late must not touch a run that
 * somebody else may have taken up. A failing journal stops the run, as work that cannot be recorded is worth nothing.
 */
export class RunJournal {
  readonly #request: RunRequest;
  readonly #context: EngineContext;
  readonly #onFailure: () => void;
  #closed = false;
  #failure: unknown;

  constructor(request: RunRequest, context: EngineContext, onFailure: () => void) {
    this.#request = request;
    this.#context = context;
    this.#onFailure = onFailure;
  }

  get failure(): unknown {
    return this.#failure;
  }

  close(): void {
    this.#closed = true;
  }

  next(afterId: number, limit: number): readonly RunImage[] {
    return this.#write((journal, runId) => journal.nextImages(runId, afterId, limit)) ?? [];
  }

  /** False where another run, here or in another process, works on it; what is claimed is free when the run ends. */
  claim(key: string): boolean {
    return this.#write((journal, runId) => journal.claim(runId, key)) ?? false;
  }

  unclaim(key: string): void {
    this.#write((journal, runId) => journal.unclaim(runId, key));
  }

  imageStarted(image: RunImage): void {
    this.#tell(this.#write((journal, runId) => journal.imageStarted(runId, image.id)));
  }

  imagePinned(image: RunImage, head: ManifestHead): void {
    this.#tell(this.#write((journal, runId) => journal.imagePinned(runId, image.id, head)));
  }

  imageFinished(image: RunImage, outcome: ImageOutcome): void {
    this.#tell(this.#write((journal, runId) => journal.imageFinished(runId, image.id, outcome)));
  }

  blobStarted(repository: string, blob: Descriptor): void {
    this.#write((journal, runId) => journal.blobStarted(runId, repository, blob));
  }

  blobFailed(repository: string, blob: Descriptor): void {
    this.#write((journal, runId) => journal.blobFailed(runId, repository, blob));
  }

  /**
   * Where the process is killed before it is written, the destination says that the blob is there.
   * @param bytesTransferred bytes that went over the wire for it, over all tries.
   * @param bytesResumed bytes of an earlier attempt that were not sent again.
   */
  blobFinished(
    repository: string,
    blob: Descriptor,
    outcome: BlobOutcome,
    bytesTransferred: number,
    bytesResumed = 0,
  ): void {
    const endpointId = this.#request.destinationId;
    const record = { repository, descriptor: blob, outcome, bytesTransferred, bytesResumed, endpointId };
    this.#write((journal, runId) => journal.blobFinished(runId, record));
  }

  blobIsDone(repository: string, blob: Descriptor): boolean {
    return this.#write((journal, runId) => journal.blobIsDone(runId, repository, blob.digest)) ?? false;
  }

  placesOf(digest: Digest): readonly string[] {
    return this.#write((journal) => journal.blobLocations(this.#request.destinationId, digest)) ?? [];
  }

  /** The sole right to upload this blob in parts; false while another run, here or in another process, does so. */
  claimUpload(repository: string, blob: Descriptor): boolean {
    return this.#write((journal, runId) => journal.claim(runId, this.#uploadKey(repository, blob))) ?? false;
  }

  /** Also when the journal is closed: the right is our own, and nobody else could have it before. */
  unclaimUpload(repository: string, blob: Descriptor): void {
    if (this.#failure === undefined)
      this.#context.journal.unclaim(this.#request.runId, this.#uploadKey(repository, blob));
  }

  upload(repository: string, blob: Descriptor): StoredUpload | undefined {
    return this.#write((journal) => journal.upload(this.#request.destinationId, repository, blob.digest));
  }

  saveUpload(repository: string, blob: Descriptor, upload: Omit<StoredUpload, "updatedAt">): void {
    const { token, offset } = upload;
    this.#write((journal) =>
      journal.saveUpload(this.#request.destinationId, repository, blob.digest, { token, offset }),
    );
  }

  forgetUpload(repository: string, blob: Descriptor): void {
    this.#write((journal) => journal.forgetUpload(this.#request.destinationId, repository, blob.digest));
  }

  knows(host: string, capability: Capability): boolean | undefined {
    return this.#write((journal) => journal.capability(host, capability));
  }

  remember(host: string, capability: Capability, present: boolean): void {
    this.#write((journal) => journal.rememberCapability(host, capability, present));
  }

  countRetry(error: FreightlinerError): void {
    this.#write((journal, runId) => {
      journal.countRetry(runId);
      this.#context.listener.retried?.(runId, error);
    });
  }

  #uploadKey(repository: string, blob: Descriptor): string {
    return `blob:${this.#request.destination.host}/${repository}@${blob.digest}`;
  }

  #tell(image: RunImage | undefined): void {
    if (image !== undefined) this.#context.listener.imageChanged(image);
  }

  #write<T>(step: (journal: Journal, runId: string) => T): T | undefined {
    if (this.#closed) return undefined;
    try {
      return step(this.#context.journal, this.#request.runId);
    } catch (error) {
      this.#failure ??= error;
      this.close();
      this.#onFailure();
      throw new FreightlinerError({
        code: "store",
        operation: "write-journal",
        message: "The run could not be recorded.",
        cause: error,
      });
    }
  }
}
