// One image from its pinned digest to a verified tag: blobs, children, root, tag last, read back.
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, parseDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { RunImage } from "../../shared/run.ts";
import { copyBlob } from "./copy-blob.ts";
import { type ManifestTarget, readBack, writeAndReadBack, writeManifest } from "./copy-manifest.ts";
import { standingDigest } from "./destination-state.ts";
import { forEachAtMost } from "./in-order.ts";
import { type ImageTree, readTree } from "./manifest-tree.ts";
import type { ImageOutcome } from "./ports.ts";
import { readBlobBack } from "./read-blob.ts";
import type { RunScope } from "./run-scope.ts";

/** Blobs of one image that are asked for or wait for slots side by side. */
const parallelBlobs = 32;
const parallelManifests = 8;

/** @throws what kept the image from arriving; nothing incomplete stands under its tag then. */
export async function copyImage(
  scope: RunScope,
  image: RunImage,
  signal: AbortSignal,
): Promise<ImageOutcome> {
  const pinned = await pinnedOf(scope, image, signal);
  const target = { repository: image.destinationRepository, reference: pinned.reference };
  const there = await standing(scope, target, pinned.digest, signal);
  if (there === pinned.digest && scope.request.options.overwrite !== "always")
    return { state: "skipped", verified: false, destinationDigest: there, error: null };
  refuseLateConflict(scope, image, target, there);

  const tree = await readTree(scope.source, { ...pinned, repository: image.sourceRepository }, signal);
  const parts = { image, tree, target };
  try {
    await writeAll(scope, parts, false, signal);
  } catch (error) {
    if (isMissingPart(error)) await writeAll(scope, parts, true, signal);
    else await unlessEqual(scope, parts, error, signal);
  }
  if (scope.request.options.verifyBlobs) await readBlobsBack(scope, parts, signal);
  return { state: "succeeded", verified: true, destinationDigest: pinned.digest, error: null };
}

interface ImageParts {
  readonly image: RunImage;
  readonly tree: ImageTree;
  readonly target: ManifestTarget;
}

interface Pinned {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Where it is written at the destination. */
  readonly reference: string;
}

/** The digest that the plan pinned; an image whose planning failed is pinned now that it is tried again. */
async function pinnedOf(scope: RunScope, image: RunImage, signal: AbortSignal): Promise<Pinned> {
  const { sourceRepository, sourceReference, destinationReference } = image;
  if (sourceReference === null || destinationReference === null) throw neverListed(image);
  if (image.action === "conflict") throw stillInConflict(image);
  if (image.digest !== null && image.mediaType !== null) {
    const digest = parseDigest(image.digest, "The planned digest");
    return { digest, mediaType: image.mediaType, reference: destinationReference };
  }
  const head = await scope.source.ask("head-manifest", signal, (endpoint, options) =>
    endpoint.headManifest(sourceRepository, sourceReference, options),
  );
  if (head === undefined) throw notThere(scope, sourceRepository, sourceReference);
  scope.journal.imagePinned(image, head);
  return { digest: head.digest, mediaType: head.mediaType, reference: destinationReference };
}

/** A row that stands for a whole repository, whose tags only a new plan can find. */
function neverListed(image: RunImage): FreightlinerError {
  return new FreightlinerError({
    code: "repository-unknown",
    side: "source",
    operation: "copy-image",
    message: `The tags of ${image.sourceRepository} could not be listed when this was planned; plan it again.`,
  });
}

/** Two sources on one destination stay that however often they are tried. */
function stillInConflict(image: RunImage): FreightlinerError {
  return new FreightlinerError({ code: "mapping-collision", operation: "copy-image", message: image.reason });
}

function notThere(scope: RunScope, repository: string, reference: string): FreightlinerError {
  return new FreightlinerError({
    code: "manifest-unknown",
    side: "source",
    operation: "head-manifest",
    message: `${scope.request.source.host}/${joinReference(repository, reference)} is not there.`,
  });
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

/** Somebody wrote the tag between plan and run, and nothing is to be overwritten. */
function refuseLateConflict(
  scope: RunScope,
  image: RunImage,
  target: ManifestTarget,
  there: Digest | undefined,
): void {
  if (there === undefined || scope.request.options.overwrite !== "never") return;
  throw new FreightlinerError({
    code: "tag-immutable",
    side: "destination",
    operation: "head-manifest",
    message: `${joinReference(target.repository, target.reference)} has come to point at ${there} where ${image.digest} was to be written, and nothing is overwritten.`,
  });
}

/**
 * Blobs, then manifests from the leaves up, the tag last, which is read back: a reader never sees one that refers to what
 * is not there.
 * @param recheck asks for every blob again: the registry may have collected what it had a moment ago.
 */
async function writeAll(
  scope: RunScope,
  { image, tree, target }: ImageParts,
  recheck: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { sourceRepository } = image;
  const { repository } = target;
  await forEachAtMost(tree.blobs, parallelBlobs, (blob) =>
    copyBlob(scope, { imageId: image.id, sourceRepository, repository, blob, recheck }, signal),
  );
  for (const group of tree.groups)
    await forEachAtMost(group, parallelManifests, async (manifest) => {
      await writeManifest(scope, { repository, reference: manifest.digest }, manifest, signal);
    });
  await writeAndReadBack(scope, target, tree.root, signal);
}

function isMissingPart(error: unknown): boolean {
  return error instanceof FreightlinerError && error.code === "blob-unknown" && error.side === "destination";
}

/** Registries with immutable tags refuse even the same digest again (protocol.md 4): equal is as good as written. */
async function unlessEqual(
  scope: RunScope,
  { tree, target }: ImageParts,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof FreightlinerError) || error.code !== "tag-immutable") throw error;
  const there = await standing(scope, target, tree.root.digest, signal);
  if (there !== tree.root.digest) throw error;
  await readBack(scope, target, tree.root, signal);
}

/** Every blob is read at the destination and hashed here. @throws `verification-failed`. */
async function readBlobsBack(
  scope: RunScope,
  { tree, target }: ImageParts,
  signal: AbortSignal,
): Promise<void> {
  await forEachAtMost(tree.blobs, parallelBlobs, (blob) =>
    readBlobBack(scope.destination, { ...target, blob, hosts: scope.context.hosts }, signal).catch(
      (thrown: unknown) => {
        throw isContentError(thrown) ? notAsWritten(scope, target, blob, thrown) : thrown;
      },
    ),
  );
}

function isContentError(error: unknown): error is FreightlinerError {
  if (!(error instanceof FreightlinerError)) return false;
  return ["digest-mismatch", "size-mismatch", "blob-unknown"].includes(error.code);
}

function notAsWritten(
  scope: RunScope,
  target: ManifestTarget,
  blob: Descriptor,
  cause: FreightlinerError,
): FreightlinerError {
  return new FreightlinerError({
    code: "verification-failed",
    side: "destination",
    operation: "verify-blob",
    message: `${scope.request.destination.host}/${target.repository}@${blob.digest} is not what was written: ${cause.message}`,
    cause,
  });
}
