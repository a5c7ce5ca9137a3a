// Brings the attachments that the destination lacks: each behind what it belongs to, listed where a reader looks for it.
import { type Descriptor, describeReferrer, parseManifest } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { type ErrorCode, FreightlinerError } from "../../shared/errors.ts";
import type { RunImage } from "../../shared/run.ts";
import { readAttachment } from "./attachment-tree.ts";
import { type AttachmentSurvey, attachmentName, type SurveyedAttachment } from "./attachments.ts";
import { writeAndReadBack, writeManifest } from "./copy-manifest.ts";
import { writeParts } from "./copy-parts.ts";
import type { ImageTree } from "./manifest-tree.ts";
import { addReferrers, type WrittenReferrer } from "./merge-referrers.ts";
import type { PutManifestResult } from "./ports.ts";
import type { RunScope } from "./run-scope.ts";

export interface AttachmentJob {
  readonly image: RunImage;
  readonly survey: AttachmentSurvey;
  /** The manifests of the image itself. */
  readonly subjects: readonly Digest[];
  /** Ask for every blob again. */
  readonly recheck: boolean;
  readonly brought: BroughtAttachments;
}

/** What came along with an image, over all tries. */
export class BroughtAttachments {
  count = 0;
  readonly blobs = new Map<Digest, Descriptor>();
}

/**
 * What the image's own manifests need is there already; its tag comes after this.
 * @throws what kept one of them from arriving.
 */
export async function copyAttachments(
  scope: RunScope,
  job: AttachmentJob,
  signal: AbortSignal,
): Promise<void> {
  const copier = new AttachmentCopier(scope, job, signal);
  for (const subject of new Set(job.survey.found.map((one) => one.subject)))
    if (job.subjects.includes(subject)) await copier.ofSubject(subject);
}

class AttachmentCopier {
  readonly #scope: RunScope;
  readonly #job: AttachmentJob;
  readonly #signal: AbortSignal;
  readonly #done = new Set<Digest>();
  readonly #bySubject: ReadonlyMap<Digest, readonly SurveyedAttachment[]>;

  constructor(scope: RunScope, job: AttachmentJob, signal: AbortSignal) {
    this.#scope = scope;
    this.#job = job;
    this.#signal = signal;
    this.#bySubject = Map.groupBy(job.survey.found, (one) => one.subject);
  }

  /** Referrers first, then cosign's tags: a tag is never seen before what it stands for is whole. */
  async ofSubject(subject: Digest): Promise<void> {
    if (this.#done.has(subject)) return;
    this.#done.add(subject);
    const own = this.#bySubject.get(subject) ?? [];
    const referrers: WrittenReferrer[] = [];
    for (const one of own.filter(({ tag }) => tag === undefined)) {
      const written = await this.#referrer(one);
      if (written !== undefined) referrers.push(written);
    }
    const { destinationRepository: repository } = this.#job.image;
    await addReferrers(this.#scope, { repository, subject, referrers }, this.#signal);
    for (const one of own) if (one.tag !== undefined) await this.#tagged(one, one.tag);
  }

  async #referrer(one: SurveyedAttachment): Promise<WrittenReferrer | undefined> {
    const tree = await this.#missingTree(one);
    const written = tree && (await this.#writeRoot(one, tree));
    if (tree !== undefined) this.#count(one);
    await this.ofSubject(one.digest);
    if (tree === undefined || written === undefined) return undefined;
    const { root } = tree;
    const parsed = parseManifest(new TextDecoder().decode(root.bytes), root.mediaType, root.digest);
    return { descriptor: describeReferrer(parsed, root), isListed: written.listsReferrer };
  }

  async #tagged(one: SurveyedAttachment, tag: string): Promise<void> {
    const tree = await this.#missingTree(one);
    const hasOwn = this.#bySubject.has(one.digest);
    if (tree !== undefined && hasOwn) await this.#writeRoot(one, tree);
    if (hasOwn) await this.ofSubject(one.digest);
    if (tree === undefined) return;
    const { destinationRepository: repository } = this.#job.image;
    const target = { repository, reference: tag };
    await asAttachment(one, writeAndReadBack(this.#scope, target, tree.root, this.#signal));
    this.#count(one);
  }

  /** Its blobs and children are written; undefined where there is nothing to do, or nothing to be had. */
  async #missingTree(one: SurveyedAttachment): Promise<ImageTree | undefined> {
    if (one.state !== "missing") return undefined;
    const { image, recheck } = this.#job;
    const { foreignLayers } = this.#scope.request.options;
    const place = { ...one, repository: image.sourceRepository, foreignLayers };
    const tree = await readAttachment(this.#scope.source, place, this.#signal);
    for (const blob of tree?.blobs ?? []) this.#job.brought.blobs.set(blob.digest, blob);
    if (tree !== undefined)
      await asAttachment(one, writeParts(this.#scope, { image, tree, recheck }, this.#signal));
    return tree;
  }

  #writeRoot(one: SurveyedAttachment, tree: ImageTree): Promise<PutManifestResult> {
    const { destinationRepository: repository } = this.#job.image;
    const target = { repository, reference: tree.root.digest };
    return asAttachment(one, writeManifest(this.#scope, target, tree.root, this.#signal));
  }

  #count(one: SurveyedAttachment): void {
    const name = attachmentName(this.#job.image.destinationRepository, one);
    if (this.#scope.attachments.isFirst(name)) this.#job.brought.count++;
  }
}

/** What a registry says where it does not take such manifests at all, which no other try changes. */
const refusals: ReadonlySet<ErrorCode> = new Set(["refused-by-registry", "unsupported", "forbidden"]);

/** A refusal says that it is about an attachment, and what can be done. */
async function asAttachment<T>({ digest, subject }: SurveyedAttachment, written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (error) {
    if (!(error instanceof FreightlinerError) || error.side !== "destination" || !refusals.has(error.code))
      throw error;
    const { code, side, operation } = error;
    throw new FreightlinerError({
      ...{ code, side, operation, cause: error },
      ...(error.status === undefined ? {} : { status: error.status }),
      message: `The attachment ${digest} of ${subject} was not taken; without attachments the image itself may be. ${error.message}`,
    });
  }
}
