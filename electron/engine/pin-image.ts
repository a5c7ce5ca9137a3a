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
  if (sourceReference === null || reference === null) throw neverListed(image);
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
