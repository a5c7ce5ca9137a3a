// Counts a plan: each blob once per destination repository, how it gets there, totals and warnings.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { joinReference } from "../../shared/reference.ts";
import type { BlobOutcome, PlanTotals, PlanWarning } from "../../shared/run.ts";
import { emptyPlanTotals } from "../../shared/run.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { ImageFindings } from "./image-findings.ts";
import type { FoundBlob } from "./locate-blobs.ts";
import type { PlannedBlob, PlannedImage } from "./ports.ts";
import type { UnreadableRepository } from "./selected.ts";

/** Warnings beyond that are only counted. */
const mostWarnings = 100;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Fed in the order of the plan, so that the same selection always gives the same plan. */
export class PlanLedger {
  readonly #mounts: boolean;
  readonly #resumable: (repository: string, blob: Descriptor) => number;
  readonly #counts: Writable<Omit<PlanTotals, "warnings">>;
  readonly #warnings: PlanWarning[] = [];
  #moreWarnings = 0;
  /** What earlier images of this plan decided; a forgotten entry only makes a promise less exact. */
  readonly #decided = new BoundedMap<string, BlobOutcome>(500_000);
  /** Blobs that some repository holds, or will by the time that they are needed. */
  readonly #held = new BoundedMap<Digest, "transferred" | "there">(500_000);

  /** Images and attachments that were counted before. */
  readonly #surveyed = new BoundedMap<string, true>(100_000);
  readonly #attached = new BoundedMap<string, true>(500_000);
  /** Images that are written with another digest than the source's. */
  #changed = 0;

  /**
   * @param mounts false where the destination never links a blob of another repository.
   * @param resumable bytes of a blob that an interrupted upload already brought into a repository: a hint.
   */
  constructor(mounts: boolean, resumable: (repository: string, blob: Descriptor) => number = () => 0) {
    this.#mounts = mounts;
    this.#resumable = resumable;
    const { warnings: _, ...counts } = emptyPlanTotals;
    this.#counts = { ...counts };
  }

  get totals(): PlanTotals {
    const more = this.#moreWarnings;
    const last: PlanWarning[] =
      more === 0 ? [] : [{ code: "incomplete-listing", text: `${more} further warnings are not shown.` }];
    const bytesResumable = Math.min(this.#counts.bytesResumable, this.#counts.bytesToTransfer);
    return {
      ...this.#counts,
      bytesResumable,
      warnings: [...this.#warnings, ...digestChanges(this.#changed), ...last],
    };
  }

  warn(warning: PlanWarning): void {
    if (this.#warnings.length < mostWarnings) this.#warnings.push(warning);
    else this.#moreWarnings++;
  }

  unreadable(repository: UnreadableRepository): PlannedImage {
    this.#counts.images++;
    this.#counts.unreadable++;
    this.warn({ code: "unreadable", text: `${nameOf(repository)}: ${repository.error.message}` });
    return {
      ...emptyImage,
      sourceRepository: repository.sourceRepository,
      sourceReference: repository.sourceReference ?? null,
      destinationRepository: repository.destinationRepository,
      destinationReference: null,
      reason: whyUnreadable(repository),
      state: "failed",
      error: repository.error,
    };
  }

  image(findings: ImageFindings): PlannedImage {
    const { selected, head, action, error } = findings;
    this.#countImage(findings);
    const counted = this.#countBlobs(selected.destinationRepository, findings.blobs);
    return {
      sourceRepository: selected.sourceRepository,
      sourceReference: selected.sourceReference,
      destinationRepository: selected.destinationRepository,
      destinationReference: selected.destinationTag ?? findings.writes ?? selected.sourceReference,
      digest: head?.digest ?? null,
      mediaType: head?.mediaType ?? null,
      writesDigest: isChanged(findings) ? (findings.writes ?? null) : null,
      attachments: findings.attachments,
      attachmentsToCopy: this.#countAttachments(findings),
      replacesDigest: findings.replacesDigest ?? null,
      action,
      reason: findings.reason,
      state:
        error !== undefined ? "failed" : action === "skip" || action === "conflict" ? "skipped" : "planned",
      platforms: findings.platforms,
      bytesTotal: findings.bytes,
      ...counted,
      error: error ?? null,
    };
  }

  #countImage(findings: ImageFindings): void {
    const { selected, action, error, reason, replacesDigest, writes, leftOut } = findings;
    this.#counts.images++;
    const source = joinReference(selected.sourceRepository, selected.sourceReference);
    if (action === "conflict") {
      this.#counts.conflict++;
      this.warn({ code: "conflict", text: reason });
    } else if (error !== undefined) {
      this.#counts.unreadable++;
      this.warn({ code: "unreadable", text: `${source}: ${error.message}` });
    } else {
      this.#counts[action]++;
      if (action === "overwrite" && replacesDigest !== writes)
        this.warn({ code: "overwrites-tag", text: reason });
    }
    if (leftOut > 0)
      this.warn({
        code: "foreign-layer",
        text: `${source} has ${leftOut} foreign layers that are left where they are.`,
      });
    if (isChanged(findings) && action !== "skip") this.#changed++;
    for (const warning of findings.warnings) this.warn(warning);
  }

  /** Two images may share an attachment: the first one of the plan brings it. */
  #countAttachments({ attachments, missing, selected, writes }: ImageFindings): number {
    const image = `${selected.destinationRepository} ${writes}`;
    if (attachments > 0 && this.#surveyed.get(image) === undefined) {
      this.#counts.attachments += attachments;
      this.#surveyed.set(image, true);
    }
    const fresh = [...missing].filter((name) => this.#attached.get(name) === undefined);
    for (const name of fresh) this.#attached.set(name, true);
    this.#counts.attachmentsToCopy += fresh.length;
    return fresh.length;
  }

  #countBlobs(
    repository: string,
    found: readonly FoundBlob[],
  ): Pick<PlannedImage, "bytesToTransfer" | "bytesPresent" | "bytesMountable" | "blobs"> {
    const sums: Record<BlobOutcome, number> = { transferred: 0, present: 0, mounted: 0 };
    const blobs: PlannedBlob[] = [];
    for (const blob of found) {
      const key = `${repository} ${blob.descriptor.digest}`;
      const earlier = this.#decided.get(key);
      const expected = earlier ?? this.#expect(blob);
      blobs.push({ descriptor: blob.descriptor, expected });
      if (earlier !== undefined) continue;
      this.#decided.set(key, expected);
      sums[expected] += blob.descriptor.size;
      if (expected !== "transferred") continue;
      this.#counts.blobsToTransfer++;
      this.#counts.bytesResumable += this.#resumable(repository, blob.descriptor);
    }
    this.#counts.bytesToTransfer += sums.transferred;
    this.#counts.bytesPresent += sums.present;
    this.#counts.bytesMountable += sums.mounted;
    return {
      bytesToTransfer: sums.transferred,
      bytesPresent: sums.present,
      bytesMountable: sums.mounted,
      blobs,
    };
  }

  #expect(blob: FoundBlob): BlobOutcome {
    const { digest } = blob.descriptor;
    const held = this.#held.get(digest);
    const isThere = blob.present || blob.elsewhere !== undefined;
    if (isThere) {
      if (held === "transferred" && this.#mounts) this.#mountInstead(blob);
      this.#held.set(digest, "there");
    }
    if (blob.present) return "present";
    if (this.#mounts && (isThere || held !== undefined)) return "mounted";
    this.#held.set(digest, "transferred");
    return "transferred";
  }

  /** An image further down shows that the destination has it already: the totals are set right, the earlier row is written. */
  #mountInstead({ descriptor }: FoundBlob): void {
    this.#counts.bytesToTransfer -= descriptor.size;
    this.#counts.bytesMountable += descriptor.size;
    this.#counts.blobsToTransfer--;
  }
}

function nameOf({ sourceRepository, sourceReference }: UnreadableRepository): string {
  return sourceReference === undefined ? sourceRepository : joinReference(sourceRepository, sourceReference);
}

function whyUnreadable({ error, sourceReference }: UnreadableRepository): string {
  if (error.code === "usage") return "The mapping gives it no valid name at the destination.";
  return sourceReference === undefined
    ? "The repository could not be read."
    : "It could not be read, so it was not planned.";
}

function isChanged({ writes, head }: ImageFindings): boolean {
  return writes !== undefined && writes !== head?.digest;
}

/** One for the whole plan: it is the same for each image. */
function digestChanges(images: number): readonly PlanWarning[] {
  if (images === 0) return [];
  const text = `Only some platforms are copied: ${images === 1 ? "1 image gets" : `${images} images get`} another digest than at the source, and a signature of the source's index is not valid for it.`;
  return [{ code: "digest-changes", text }];
}

const emptyImage = {
  digest: null,
  mediaType: null,
  writesDigest: null,
  attachments: 0,
  attachmentsToCopy: 0,
  replacesDigest: null,
  action: "copy",
  platforms: [],
  bytesTotal: 0,
  bytesToTransfer: 0,
  bytesPresent: 0,
  bytesMountable: 0,
  blobs: [],
} as const;
