// What the engine needs from the world: a source, a destination, a journal, a clock. Nothing here knows HTTP or SQL.
import type { Readable } from "node:stream";
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import type { FreightlinerError } from "../../shared/errors.ts";
import type {
  BlobOutcome,
  ImageAction,
  ImageState,
  JobSpec,
  PlanTotals,
  Run,
  RunImage,
  RunOptions,
  RunState,
} from "../../shared/run.ts";

/** Why work was stopped; it is the `reason` of every AbortSignal in the program. */
export type StopReason = "user-pause" | "user-cancel" | "shutdown" | "lease-lost" | "deadline" | "caller";

export class Stopped extends Error {
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    super(`stopped: ${reason}`);
    this.name = "Stopped";
    this.reason = reason;
  }
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface ManifestHead {
  readonly digest: Digest;
  /** Without parameters. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** A manifest with its exact bytes; `digest` was computed from them in our process. */
export interface Manifest extends ManifestHead {
  readonly bytes: Uint8Array;
}

/** Names a tag or a digest inside a repository, as text: `v1.2` or `sha256:…`. */
export type Reference = string;

/** Anything that images can be read from: a registry, an OCI layout folder. Errors are FreightlinerErrors without a side. */
export interface ImageSource {
  /** The slots key: `host:port` of a registry, the path of a folder. Two endpoints on one host share it. */
  readonly host: string;
  /** Pages of repository names in the order served. @throws `unsupported` where the registry cannot list. */
  listRepositories(options: CallOptions): AsyncIterable<readonly string[]>;
  /** Pages of tags; a missing repository throws `repository-unknown`. Entries that are no tags are left out. */
  listTags(repository: string, options: CallOptions): AsyncIterable<readonly string[]>;
  /** What the reference points at, or undefined where there is nothing. Costs no counted pull where HEAD serves. */
  headManifest(
    repository: string,
    reference: Reference,
    options: CallOptions,
  ): Promise<ManifestHead | undefined>;
  /** The manifest, its bytes checked against the digest asked for. @throws `manifest-unknown`, `repository-unknown`, `digest-mismatch`. */
  getManifest(repository: string, reference: Reference, options: CallOptions): Promise<Manifest>;
  /**
   * The blob's bytes as they arrive; not verified here, the engine does it.
   * The stream errors when the body ends early. Destroying it ends the request.
   * @throws `blob-unknown`.
   */
  openBlob(repository: string, blob: Descriptor, options: OpenBlobOptions): Promise<OpenedBlob>;
  /**
   * What refers to the manifest: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
   * Undefined where there is no such listing, so that the referrers tag has to be asked.
   */
  listReferrers(
    repository: string,
    digest: Digest,
    options: CallOptions,
  ): Promise<readonly Descriptor[] | undefined>;
  /** True where the blob is there with the descriptor's size. */
  hasBlob(repository: string, blob: Descriptor, options: HasBlobOptions): Promise<boolean>;
}

export interface HasBlobOptions extends CallOptions {
  /** The blob is to be read from there, so no right to write is asked for. */
  readonly toRead?: boolean;
}

export interface OpenBlobOptions extends CallOptions {
  /** Bytes that the caller has already. */
  readonly offset?: number;
  /** What an earlier answer called this very content (ETag): a continuation of anything else is refused. */
  readonly validator?: string | undefined;
}

export interface OpenedBlob {
  readonly body: Readable;
  /** Where the body begins: the offset asked for, or 0 where the source cannot continue. */
  readonly offset: number;
  readonly validator: string | undefined;
}

/** An upload that can be left and taken up again, by this process or another. */
export interface UploadSession {
  /** Bytes that the destination has acknowledged. */
  readonly offset: number;
  /** What another process needs to go on; changes with every part. Not for logs. */
  readonly token: string;
  /** The least size of a part but the last, in bytes. */
  readonly leastPart: number;
  /** The largest part that the destination is known to take; undefined where nothing is known. */
  readonly largestPart?: number | undefined;
  /**
   * Streams the next part, a body of exactly `size` bytes; `offset` and `token` have moved when it resolves.
   * @throws `upload-lost` where the destination has to be asked how far it came; what the part errored with.
   */
  append(part: Readable, size: number, options: CallOptions): Promise<void>;
  /** The bytes that are there, where reading them back is cheaper than reading them from the source again. */
  readBack?(options: CallOptions): Promise<Readable>;
  /** All bytes are there: the destination checks the digest. */
  commit(options: CallOptions): Promise<void>;
  /** Gives the session back; best effort, never throws. */
  cancel(): Promise<void>;
}

/** Anything that images can be written to. */
export interface ImageDestination extends ImageSource {
  /** Links a blob of another repository of the same host; false where the destination would not. */
  mountBlob(repository: string, blob: Descriptor, from: string, options: CallOptions): Promise<boolean>;
  /**
   * Streams one blob. The body errors before its end where it is not what the descriptor says; then nothing is committed
   * and the upload session is cancelled. Resolves when the destination confirmed the digest.
   */
  putBlob(repository: string, blob: Descriptor, body: Readable, options: CallOptions): Promise<void>;
  /** True where blobs may go up in parts: not known to be bad at it. What a first part shows, the journal remembers. */
  readonly parts: boolean;
  /** Begins an upload in parts. @throws `unsupported` where the destination turns out not to take parts. */
  beginUpload(repository: string, blob: Descriptor, options: CallOptions): Promise<UploadSession>;
  /** Asks the destination how far an upload has come; undefined where it does not know it any more. */
  continueUpload(
    repository: string,
    blob: Descriptor,
    token: string,
    options: CallOptions,
  ): Promise<UploadSession | undefined>;
  /** Writes the exact bytes under a tag or under their digest. @throws `blob-unknown` where parts are missing, `tag-immutable`. */
  putManifest(
    repository: string,
    reference: Reference,
    manifest: Manifest,
    options: CallOptions,
  ): Promise<PutManifestResult>;
  /** Removes a tag, or a manifest with all its tags. @throws `manifest-unknown`, `unsupported` where only the other is possible or nothing. */
  deleteManifest(repository: string, reference: Reference, options: CallOptions): Promise<void>;
  /**
   * True only where the destination says clearly that it does not know the repository, so that nothing can lie in it that
   * was not left by an interrupted upload. Whatever else it answers is a false or an error.
   */
  lacksRepository(repository: string, options: CallOptions): Promise<boolean>;
  /**
   * Brings what was written to where it belongs, at the end of a run; until then it is kept and gone on with. Only what is
   * not done with each write by itself, as an archive is packed in one go.
   * @throws `io`, `busy`, `blob-unknown`; nothing is lost then, and it can be called again.
   */
  settle?(options: CallOptions): Promise<void>;
  /**
   * What is short where so many bytes more are to be written; undefined where there is room. Only what writes to a disk of
   * this machine knows.
   */
  shortage?(bytes: number, options: CallOptions): Promise<Shortage | undefined>;
  /** False where it can be seen beforehand that the blob of one repository never serves another (mount is not tried). */
  readonly mounts: boolean;
}

/** A disk that does not hold what is to be written there. */
export interface Shortage {
  readonly path: string;
  /** Bytes. */
  readonly needed: number;
  readonly free: number;
}

export interface PutManifestResult {
  /** True where the destination said that it lists the manifest among its subject's referrers (OCI-Subject). */
  readonly listsReferrer: boolean;
}

export type ImageEndpoint = ImageDestination;

/** Time and chance, so that a test can own them. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Resolves after `ms`, rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

/** A blob that an image needs, with how the plan expects it to get to the destination. */
export interface PlannedBlob {
  readonly descriptor: Descriptor;
  readonly expected: BlobOutcome;
}

/** An image as the planner hands it to the journal. */
export interface PlannedImage {
  readonly sourceRepository: string;
  readonly sourceReference: string | null;
  readonly destinationRepository: string;
  readonly destinationReference: string | null;
  readonly digest: Digest | null;
  readonly mediaType: string | null;
  readonly writesDigest: string | null;
  readonly replacesDigest: string | null;
  readonly attachments: number;
  readonly attachmentsToCopy: number;
  readonly action: ImageAction;
  readonly reason: string;
  readonly state: Extract<ImageState, "planned" | "skipped" | "failed">;
  readonly platforms: readonly string[];
  readonly bytesTotal: number;
  readonly bytesToTransfer: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
  readonly blobs: readonly PlannedBlob[];
  readonly error: FreightlinerError | null;
}

/** How an image's run ended. */
export interface ImageOutcome {
  readonly state: Extract<ImageState, "succeeded" | "failed" | "skipped" | "cancelled" | "planned">;
  readonly verified: boolean;
  readonly destinationDigest: string | null;
  readonly error: FreightlinerError | null;
  /** Attachments that were brought along. */
  readonly attachmentsCopied?: number;
}

export interface BlobRecord {
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly outcome: BlobOutcome;
  /** Bytes that really went over the wire for it. */
  readonly bytesTransferred: number;
  /** Bytes of an earlier, interrupted upload that were not sent again. */
  readonly bytesResumed?: number;
  /** The endpoint that holds it from now on: remembered for later runs, in the same transaction. */
  readonly endpointId?: string;
}

/** An upload in parts that was begun, as the journal keeps it. */
export interface StoredUpload {
  readonly token: string;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** What is known of a manifest, which never changes: kept by digest for every endpoint. */
export interface ManifestFacts {
  /** Digests of the manifests that an index refers to; empty for an image. Undefined = not known. */
  readonly children?: readonly Digest[] | undefined;
  /** Milliseconds since 1970; null where the image does not say when it was created. Undefined = not known. */
  readonly created?: number | null | undefined;
}

/**
 * The durable side of a run. Every call is one transaction that only allows legal transitions, and each throws
 * `lease-lost`-stopped work (code `busy`) where another process took the run over.
 */
export interface Journal {
  /** Appends to a run in state planning. */
  addImages(runId: string, images: readonly PlannedImage[]): void;
  /** planning → planned, or failed with an error. */
  finishPlanning(runId: string, totals: PlanTotals, error: FreightlinerError | null): Run;
  /** Images that are selected and still `planned`, in plan order, behind `afterId`. */
  nextImages(runId: string, afterId: number, limit: number): readonly RunImage[];
  imageStarted(runId: string, imageId: number): RunImage;
  /** Pins the digest of an image whose planning failed and that is tried again. */
  imagePinned(runId: string, imageId: number, head: ManifestHead): RunImage;
  imageFinished(runId: string, imageId: number, outcome: ImageOutcome): RunImage;
  blobStarted(runId: string, repository: string, descriptor: Descriptor): void;
  blobFinished(runId: string, record: BlobRecord): void;
  blobFailed(runId: string, repository: string, descriptor: Descriptor): void;
  /** True where a run of this store already brought the blob there: a hint, the destination decides. */
  blobIsDone(runId: string, repository: string, digest: Digest): boolean;
  /** Repositories of the destination endpoint in which this store has seen the blob. */
  blobLocations(endpointId: string, digest: Digest): readonly string[];
  /** Remembers that the blob is in that repository of that endpoint. */
  rememberBlob(endpointId: string, repository: string, digest: Digest): void;
  /** A number that is another one as soon as another process has written anything here; what it is says nothing. */
  othersWrote(): number;
  countRetry(runId: string): void;
  /**
   * Takes the sole right to work on something (`ref:host/repository:tag`, `blob:host/repository@digest`) until it is given
   * back or its process is dead; false while another run, here or in another process, has it.
   */
  claim(runId: string, key: string): boolean;
  unclaim(runId: string, key: string): void;
  /** Uploads in parts, by destination endpoint, repository and digest. */
  upload(endpointId: string, repository: string, digest: Digest): StoredUpload | undefined;
  saveUpload(
    endpointId: string,
    repository: string,
    digest: Digest,
    upload: Omit<StoredUpload, "updatedAt">,
  ): void;
  forgetUpload(endpointId: string, repository: string, digest: Digest): void;
  manifestFacts(digest: Digest): ManifestFacts;
  rememberManifest(digest: Digest, facts: ManifestFacts): void;
  /** What was found out about a host: whether it takes uploads in parts, serves referrers. Undefined = not known, or too long ago. */
  capability(host: string, name: Capability): boolean | undefined;
  rememberCapability(host: string, name: Capability, present: boolean): void;
  /** Leaves `running`; `activeMs` is added to the run's own. */
  finishRun(
    runId: string,
    state: Extract<RunState, "succeeded" | "failed" | "paused" | "cancelled" | "queued">,
    reason: Run["stateReason"],
    error: FreightlinerError | null,
    activeMs: number,
  ): Run;
}

export type Capability = "upload-parts" | "upload-status" | "referrers";

/** What can be changed while a run runs. */
export interface RunControl {
  readonly parallelImages: number;
  /** Called after a change; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

export interface RunRequest {
  readonly runId: string;
  readonly spec: JobSpec;
  readonly options: RunOptions;
  readonly source: ImageSource;
  readonly destination: ImageDestination;
  /** `source.host` and `destination.host` name slots; endpoint ids name the knowledge in the journal. */
  readonly destinationId: string;
  /**
   * The run as it was claimed: what earlier attempts moved is counted on from there, and images that failed already
   * (in the plan or before) make the run end as failed. Planning does not need it.
   */
  readonly run?: Run;
  /** Without it the run's own options count to its end. */
  readonly control?: RunControl;
}
