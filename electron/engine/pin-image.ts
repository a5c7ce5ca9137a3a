// What a planned row stands for: the digest that the plan pinned, or the one that is pinned now.
import { parseDigest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { RunImage } from "../../shared/run.ts";
import type { RunScope } from "./run-scope.ts";
import type { PinnedImage } from "./written-image.ts";

export interface PinnedRow {
  readonly image: PinnedImage;
  readonly wanted: readonly string[];
  /** Where it is written at the destination. */
  readonly reference: string;
}

/** The digest that the plan pinned; an image whose planning failed is pinned now that it is tried again. */
export async function pinnedOf(scope: RunScope, image: RunImage, signal: AbortSignal): Promise<PinnedRow> {
  const { sourceRepository: repository, sourceReference, destinationReference: reference } = image;
  const wanted = scope.request.options.platforms;
  if (sourceReference === null || reference === null) throw neverDecided(image);
  if (image.action === "conflict") throw stillInConflict(image);
  if (image.digest !== null && image.mediaType !== null) {
    const digest = parseDigest(image.digest, "The planned digest");
    return { image: { repository, digest, mediaType: image.mediaType }, wanted, reference };
  }
  const head = await scope.source.ask("head-manifest", signal, (endpoint, options) =>
    endpoint.headManifest(repository, sourceReference, options),
  );
  if (head === undefined) throw notThere(scope, repository, sourceReference);
  scope.journal.imagePinned(image, head);
  return { image: { repository, digest: head.digest, mediaType: head.mediaType }, wanted, reference };
}

/** A row without a place to go: a repository that could not be listed or mapped, an image that was never chosen. */
function neverDecided(image: RunImage): FreightlinerError {
  const { sourceRepository: repository, sourceReference } = image;
  const what = sourceReference === null ? repository : joinReference(repository, sourceReference);
  return new FreightlinerError({
    code: sourceReference === null ? "repository-unknown" : "manifest-unknown",
    side: "source",
    operation: "copy-image",
    message: `The plan could not decide on ${what}; plan it again. ${image.reason}`,
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
