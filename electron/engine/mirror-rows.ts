// A mirror's deletes as rows of a plan, and the guard against too many of them.
import type { MirrorOptions } from "../../shared/run.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { PlannedImage } from "./ports.ts";
import { isOfOneImage } from "./side-errors.ts";

export interface TagToDelete {
  readonly destinationRepository: string;
  readonly sourceRepository: string;
  readonly tag: string;
  /** One plain sentence why it goes. */
  readonly reason: string;
}

/**
 * The row with the digest that goes; undefined where the tag is not there any more. What cannot be read is a row with its
 * error.
 * @throws what ends the planning.
 */
export async function deleteRow(
  destination: EndpointSide,
  { destinationRepository, sourceRepository, tag, reason }: TagToDelete,
  signal: AbortSignal,
): Promise<PlannedImage | undefined> {
  const row = { ...emptyRow, sourceRepository, destinationRepository, destinationReference: tag, reason };
  try {
    const head = await destination.ask("head-manifest", signal, (endpoint, options) =>
      endpoint.headManifest(destinationRepository, tag, options),
    );
    return head && { ...row, replacesDigest: head.digest, mediaType: head.mediaType };
  } catch (error) {
    signal.throwIfAborted();
    if (!isOfOneImage(error, [destination])) throw error;
    return { ...row, state: "failed", error };
  }
}

/**
 * False where the source has the tag although no list of it shows it, or where it does not say.
 * @throws what ends the planning.
 */
export async function isMissing(
  source: EndpointSide,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const head = await source.ask("head-manifest", signal, (endpoint, options) =>
      endpoint.headManifest(repository, tag, options),
    );
    return head === undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!isOfOneImage(error, [source])) throw error;
    return error.code === "repository-unknown" || error.code === "manifest-unknown";
  }
}

const emptyRow = {
  sourceReference: null,
  digest: null,
  mediaType: null,
  writesDigest: null,
  replacesDigest: null,
  attachments: 0,
  attachmentsToCopy: 0,
  action: "delete",
  state: "planned",
  platforms: [],
  bytesTotal: 0,
  bytesToTransfer: 0,
  bytesPresent: 0,
  bytesMountable: 0,
  blobs: [],
  error: null,
} as const;

/** Why a plan with so many deletes, of so many tags seen, cannot be started; null where it can. */
export function guardAgainst(
  { count, seen }: { readonly count: number; readonly seen: number },
  { maxDelete, maxShare }: MirrorOptions,
): string | null {
  if (count > maxDelete)
    return `${count} tags would be deleted, and no more than ${maxDelete} are allowed. Select less, or allow more (--max-delete).`;
  if (count === 0 || count <= maxShare * seen) return null;
  return `${count} of ${seen} tags (${percent(count / seen)}) would be deleted, and no more than ${percent(maxShare)} are allowed. Select less, or allow a larger share (--max-delete-share).`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
