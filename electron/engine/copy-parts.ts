// Everything of an image below its own manifest: blobs, then manifests from the leaves up.
import type { RunImage } from "../../shared/run.ts";
import { copyBlob } from "./copy-blob.ts";
import { writeManifest } from "./copy-manifest.ts";
import { forEachAtMost } from "./in-order.ts";
import type { ImageTree } from "./manifest-tree.ts";
import type { RunScope } from "./run-scope.ts";

/** Blobs of one image that are asked for or wait for slots side by side. */
const parallelBlobs = 32;
const parallelManifests = 8;

export interface PartsJob {
  readonly image: RunImage;
  readonly tree: ImageTree;
  /** Asks for every blob again: the registry may have collected what it had a moment ago. */
  readonly recheck: boolean;
}

/** @throws what kept a part from arriving. */
export async function writeParts(
  scope: RunScope,
  { image, tree, recheck }: PartsJob,
  signal: AbortSignal,
): Promise<void> {
  const { sourceRepository, destinationRepository: repository } = image;
  await forEachAtMost(tree.blobs, parallelBlobs, (blob) =>
    copyBlob(scope, { imageId: image.id, sourceRepository, repository, blob, recheck }, signal),
  );
  for (const group of tree.groups)
    await forEachAtMost(group, parallelManifests, async (manifest) => {
      await writeManifest(scope, { repository, reference: manifest.digest }, manifest, signal);
    });
}
