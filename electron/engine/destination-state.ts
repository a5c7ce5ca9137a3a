// What the destination already holds: asked in a way that a registry which hides what is missing cannot turn into a failure.
import type { Descriptor } from "../../shared/descriptor.ts";
import { type Digest, digestAlgorithm } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { RunOptions } from "../../shared/run.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { CallOptions, ImageDestination, Reference } from "./ports.ts";
import { mayKeep } from "./replace-rule.ts";
import { digestOf } from "./verify.ts";

export interface StandingQuestion {
  readonly repository: string;
  readonly reference: Reference;
  /** What is to be written there. */
  readonly pinned: Digest;
  readonly overwrite: RunOptions["overwrite"];
}

/**
 * The digest that the reference points at, or undefined where nothing is there, as far as one may see: token registries
 * answer 401 and 403 for repositories and tags that do not exist yet (protocol.md 2.6, 5.1), so the push has to tell. Only
 * where a tag may have to be kept such an answer stays an error, as a tag that cannot be seen could be lost.
 */
export async function standingDigest(
  destination: EndpointSide<ImageDestination>,
  { repository, reference, pinned, overwrite }: StandingQuestion,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  try {
    return await destination.ask("head-manifest", signal, async (endpoint, options) => {
      const head = await endpoint.headManifest(repository, reference, options);
      if (head === undefined || digestAlgorithm(head.digest) === digestAlgorithm(pinned)) return head?.digest;
      // The same bytes have another digest in each algorithm; only the bytes can be compared.
      const { bytes } = await endpoint.getManifest(repository, reference, options);
      return digestOf(bytes, digestAlgorithm(pinned)) === pinned ? pinned : head.digest;
    });
  } catch (error) {
    if (!mayKeep(overwrite) && isHidden(error)) return undefined;
    throw error;
  }
}

/** True where the blob is there and may be seen. */
export async function holdsBlob(
  destination: EndpointSide<ImageDestination>,
  { repository, blob }: { readonly repository: string; readonly blob: Descriptor },
  signal: AbortSignal,
): Promise<boolean> {
  return destination.ask("head-blob", signal, hasVisibleBlob(repository, blob));
}

/** The same in a single try, for those who try again themselves: tries in tries would keep a run waiting for minutes. */
export async function holdsBlobNow(
  destination: EndpointSide<ImageDestination>,
  { repository, blob }: { readonly repository: string; readonly blob: Descriptor },
  signal: AbortSignal,
): Promise<boolean> {
  return destination.askOnce(signal, hasVisibleBlob(repository, blob));
}

/** So many answers of 500 about one blob are about the blob: a registry that restarts answers nothing, or 502 to 504. */
const brokenAnswers = 2;

/**
 * A registry that was killed while it linked a blob holds a link without content, and answers every question about it with
 * 500 (distribution 2.8). Sending the blob writes the link anew; where it does not, the upload says what is wrong.
 */
function hasVisibleBlob(repository: string, blob: Descriptor) {
  let broken = 0;
  return async (endpoint: ImageDestination, options: CallOptions): Promise<boolean> => {
    try {
      return await endpoint.hasBlob(repository, blob, options);
    } catch (error) {
      if (isHidden(error)) return false;
      if (isBroken(error) && ++broken >= brokenAnswers) return false;
      throw error;
    }
  };
}

function isBroken(error: unknown): boolean {
  return error instanceof FreightlinerError && error.code === "registry-failure" && error.status === 500;
}

function isHidden(error: unknown): boolean {
  return error instanceof FreightlinerError && error.code === "forbidden";
}
