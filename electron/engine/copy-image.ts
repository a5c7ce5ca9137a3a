// One image from its pinned digest to a verified tag: blobs, children, root, attachments, tag last, read back.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { RunImage, RunOptions } from "../../shared/run.ts";
import { type AttachmentSurvey, noAttachments } from "./attachments.ts";
import { BroughtAttachments, copyAttachments } from "./copy-attachments.ts";
import { type ManifestTarget, readBack, writeAndReadBack, writeManifest } from "./copy-manifest.ts";
import { writeParts } from "./copy-parts.ts";
import { standingDigest } from "./destination-state.ts";
import { type ImageTree, manifestsOf, readTree } from "./manifest-tree.ts";
import { type PinnedRow, pinnedOf } from "./pin-image.ts";
import type { ImageOutcome, Manifest } from "./ports.ts";
import { readBlobsBack } from "./read-blobs-back.ts";
import { compareAge, mayKeep } from "./replace-rule.ts";
import type { RunScope } from "./run-scope.ts";
import type { WrittenImage } from "./written-image.ts";
import { standingManifests } from "./written-manifests.ts";
import { type KnownImage, referenceOf, rootOf, writes } from "./written-row.ts";

/** @throws what kept the image from arriving; nothing incomplete stands under its tag then. */
export async function copyImage(
  scope: RunScope,
  image: RunImage,
  signal: AbortSignal,
): Promise<ImageOutcome> {
  const pinned = await pinnedOf(scope, image, signal);
  const written = await writes(scope, pinned, signal);
  // None of its platforms is asked for: nothing is to be written.
  if (written === undefined) return skipped(null);
  const target = { repository: image.destinationRepository, reference: referenceOf(image, pinned, written) };
  const there = await standingBefore(scope, target, written.digest, signal);
  if (there === written.digest && scope.request.options.overwrite !== "always")
    return completeEqual(scope, { image, pinned, written, target }, signal);
  const arrival = { pinned, target, written: written.digest };
  if (!(await mayWrite(scope, arrival, there, signal))) return skipped(there ?? null);

  const tree = await readTree(scope.source, await rootOf(scope, pinned, written, signal), signal);
  const manifests = manifestsOf(tree).map((manifest) => manifest.digest);
  const standingAlready = there === written.digest;
  const survey = await surveyOf(
    scope,
    { image, pinned, written },
    { manifests, standing: standingAlready },
    signal,
  );
  const brought = new BroughtAttachments();
  const mayStillWrite = async (): Promise<boolean> =>
    !mayKeep(scope.request.options.overwrite) ||
    mayWrite(scope, arrival, await standing(scope, target, written.digest, signal), signal);
  const parts = { image, tree, target, survey, brought, mayStillWrite };
  const done = await orAgain(standingAlready, (recheck) => writeAll(scope, parts, recheck, signal));
  if (!done) return skipped(null);
  return proven(scope, { target, written: written.digest, blobs: tree.blobs, brought }, signal);
}

/** Where parts turn out to be missing, the registry may have collected what it had a moment ago: all is asked for again. */
async function orAgain<T>(recheck: boolean, write: (recheck: boolean) => Promise<T>): Promise<T> {
  try {
    return await write(recheck);
  } catch (error) {
    if (!isMissingPart(error)) throw error;
    return write(true);
  }
}

interface Arrived {
  readonly target: ManifestTarget;
  readonly written: Digest;
  readonly blobs: readonly Descriptor[];
  readonly brought: BroughtAttachments;
}

/** The tag was read back; whoever asked for it gets every blob read back as well. @throws `verification-failed`. */
async function proven(
  scope: RunScope,
  { target, written, blobs, brought }: Arrived,
  signal: AbortSignal,
): Promise<ImageOutcome> {
  const all = new Map([...blobs.map((blob) => [blob.digest, blob] as const), ...brought.blobs]);
  if (scope.request.options.verifyBlobs)
    await readBlobsBack(scope, { blobs: [...all.values()], target }, signal);
  const outcome = { state: "succeeded", verified: true, error: null } as const;
  return { ...outcome, destinationDigest: written, attachmentsCopied: brought.count };
}

interface ImageParts {
  readonly image: RunImage;
  readonly tree: ImageTree;
  readonly target: ManifestTarget;
  readonly survey: AttachmentSurvey;
  readonly brought: BroughtAttachments;
  /** Looks again at what stands there, where that may have to be kept: copying can take hours. */
  readonly mayStillWrite: () => Promise<boolean>;
}

interface ImageJob {
  readonly image: RunImage;
  readonly pinned: PinnedRow;
  /** Read as far as it had to be. */
  readonly written: WrittenImage | KnownImage;
}

function skipped(destinationDigest: Digest | null): ImageOutcome {
  return { state: "skipped", verified: false, destinationDigest, error: null };
}

/** The image stands there; only what belongs to it may be missing. */
async function completeEqual(
  scope: RunScope,
  job: ImageJob & { readonly target: ManifestTarget },
  signal: AbortSignal,
): Promise<ImageOutcome> {
  const { image, written, target } = job;
  if (!mayHaveAttachments(scope, image)) return skipped(written.digest);
  const { repository } = target;
  const { journal } = scope.context;
  const manifests = await standingManifests(scope.destination, journal, { repository, ...written }, signal);
  const survey = await surveyOf(scope, job, { manifests, standing: true }, signal);
  const brought = new BroughtAttachments();
  await orAgain(false, (recheck) =>
    copyAttachments(scope, { image, survey, subjects: manifests, recheck, brought }, signal),
  );
  if (brought.count === 0) return skipped(written.digest);
  await readBack(scope, target, written, signal);
  return proven(scope, { target, written: written.digest, blobs: [], brought }, signal);
}

/** The plan found none where it counted none; what could not be planned, and so has no bytes either, was never asked. */
function mayHaveAttachments(scope: RunScope, image: RunImage): boolean {
  return scope.request.options.attachments && (image.attachments > 0 || image.bytesTotal === 0);
}

async function surveyOf(
  scope: RunScope,
  { image, pinned, written }: ImageJob,
  there: { readonly manifests: readonly Digest[]; readonly standing: boolean },
  signal: AbortSignal,
): Promise<AttachmentSurvey> {
  if (!mayHaveAttachments(scope, image)) return noAttachments;
  const { sourceRepository, destinationRepository } = image;
  return scope.attachments.survey(
    {
      ...there,
      ...{ sourceRepository, destinationRepository },
      root: written.digest,
      isSource: written.digest === pinned.image.digest,
      listing: await scope.attachmentTags.of(sourceRepository),
    },
    signal,
  );
}

/**
 * The plan of this process may have seen a moment ago that the tag is not yet what it is to be, which is all that there is to
 * know, unless a tag may have to be kept: then the answer has to be the newest.
 */
async function standingBefore(
  scope: RunScope,
  target: ManifestTarget,
  written: Digest,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const { destination, options } = scope.request;
  const place = { host: destination.host, ...target };
  if (!mayKeep(options.overwrite) && scope.context.sights.takeOtherTag(place, written)) return undefined;
  return standing(scope, target, written, signal);
}

function standing(
  scope: RunScope,
  target: ManifestTarget,
  pinned: Digest,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  const { overwrite } = scope.request.options;
  return standingDigest(scope.destination, { ...target, pinned, overwrite }, signal);
}

interface Arrival {
  readonly pinned: PinnedRow;
  readonly target: ManifestTarget;
  readonly written: Digest;
}

/**
 * False where what stands there is newer. @throws `tag-immutable` where somebody wrote the tag between plan and run, and it
 * may not be overwritten.
 */
async function mayWrite(
  scope: RunScope,
  { pinned, target, written }: Arrival,
  there: Digest | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const { overwrite } = scope.request.options;
  if (there === undefined || there === written || !mayKeep(overwrite)) return true;
  if (overwrite !== "if-newer") throw lateConflict(target, there, written, whyKept[overwrite] ?? "");
  const { source, destination, context } = scope;
  const theirs = { repository: target.repository, digest: there };
  const question = { source, destination, journal: context.journal, ours: pinned.image, theirs };
  const verdict = await compareAge(question, signal);
  if (verdict.kind === "undated") throw lateConflict(target, there, written, verdict.why);
  return verdict.kind === "replace";
}

const whyKept: Partial<Record<RunOptions["overwrite"], string>> = {
  never: "nothing is overwritten",
  "keep-both": "both are kept: plan again to write beside it",
  stop: "a tag with other content stops the transfer: plan again",
};

function lateConflict(
  { repository, reference }: ManifestTarget,
  there: Digest,
  written: Digest,
  why: string,
): FreightlinerError {
  return new FreightlinerError({
    code: "tag-immutable",
    side: "destination",
    operation: "head-manifest",
    message: `${joinReference(repository, reference)} has come to point at ${there} where ${written} was to be written, and ${why}.`,
  });
}

/**
 * Blobs, then manifests from the leaves up, then what belongs to them, the tag last, which is read back: a reader never
 * sees one that refers to what is not there, nor an image without its signatures.
 * @param recheck asks for every blob again.
 * @returns false where the tag was left as it came to be meanwhile.
 */
async function writeAll(
  scope: RunScope,
  { image, tree, target, survey, brought, mayStillWrite }: ImageParts,
  recheck: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const { repository } = target;
  await writeParts(scope, { image, tree, recheck }, signal);
  if (survey.found.length > 0) {
    await writeManifest(scope, { repository, reference: tree.root.digest }, tree.root, signal);
    const subjects = manifestsOf(tree).map((manifest) => manifest.digest);
    await copyAttachments(scope, { image, survey, subjects, recheck, brought }, signal);
  }
  if (!(await mayStillWrite())) return false;
  await writeTag(scope, target, tree.root, signal);
  return true;
}

function isMissingPart(error: unknown): boolean {
  return error instanceof FreightlinerError && error.code === "blob-unknown" && error.side === "destination";
}

/** Registries with immutable tags refuse even the same digest again (protocol.md 4): equal is as good as written. */
async function writeTag(
  scope: RunScope,
  target: ManifestTarget,
  root: Manifest,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeAndReadBack(scope, target, root, signal);
  } catch (error) {
    if (!(error instanceof FreightlinerError) || error.code !== "tag-immutable") throw error;
    if ((await standing(scope, target, root.digest, signal)) !== root.digest) throw error;
    await readBack(scope, target, root, signal);
  }
}
