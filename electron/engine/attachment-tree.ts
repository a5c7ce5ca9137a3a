// An attachment from its own manifest down.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Attachment } from "./attachment-search.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import { type ImageTree, readTree, type TreeRoot } from "./manifest-tree.ts";

/** Undefined where the source lists it and does not have it: lists outlive what they name. @throws what the source throws. */
export async function readAttachment(
  source: EndpointSide,
  attachment: Pick<Attachment, "digest" | "mediaType"> & Pick<TreeRoot, "repository" | "foreignLayers">,
  signal: AbortSignal,
): Promise<ImageTree | undefined> {
  try {
    return await readTree(source, attachment, signal);
  } catch (error) {
    if (error instanceof FreightlinerError && error.code === "manifest-unknown") return undefined;
    throw error;
  }
}
