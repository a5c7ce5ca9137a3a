// What a planned row writes at the destination: found with as few questions to the source as can be.
import { isDigest } from "../../shared/digest.ts";
import type { RunImage } from "../../shared/run.ts";
import type { TreeRoot } from "./manifest-tree.ts";
import type { PinnedRow } from "./pin-image.ts";
import type { RunScope } from "./run-scope.ts";
import { knownWrite, type WrittenImage, writtenImage } from "./written-image.ts";

/** What is written is known from before; its manifests are not read yet. */
export type KnownImage = Pick<WrittenImage, "digest"> & { readonly mediaType: string | undefined };

/** The digest alone where that is enough: what stands there already costs no pull. */
export async function writes(
  scope: RunScope,
  { image, wanted }: PinnedRow,
  signal: AbortSignal,
): Promise<WrittenImage | KnownImage | undefined> {
  const known = knownWrite(scope.context.journal, image, wanted);
  if (known === "none") return undefined;
  if (known !== undefined)
    return { digest: known, mediaType: known === image.digest ? image.mediaType : undefined };
  return writtenImage(scope.source, scope.context.journal, { pinned: image, wanted }, signal);
}

export async function rootOf(
  scope: RunScope,
  { image, wanted }: PinnedRow,
  written: WrittenImage | KnownImage,
  signal: AbortSignal,
): Promise<TreeRoot> {
  const { repository } = image;
  const { foreignLayers } = scope.request.options;
  if ("root" in written || written.mediaType !== undefined) return { repository, foreignLayers, ...written };
  const read = await writtenImage(scope.source, scope.context.journal, { pinned: image, wanted }, signal);
  return { repository, foreignLayers, ...(read ?? written) };
}

/** An image that is named by its digest lands under the digest that is written. */
export function referenceOf(
  image: RunImage,
  pinned: PinnedRow,
  written: Pick<WrittenImage, "digest">,
): string {
  return pinned.reference === image.sourceReference && isDigest(pinned.reference)
    ? written.digest
    : pinned.reference;
}
