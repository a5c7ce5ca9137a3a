// Whether what belongs to an image at the source belongs to it at the destination, too.
import type { Digest } from "../../shared/digest.ts";
import { shortDigest } from "../../shared/digest.ts";
import { type Attachment, findAttachments } from "./attachment-search.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { Journal } from "./ports.ts";
import { ReferrersApi } from "./referrers-api.ts";

export type AttachmentKnowledge = Pick<
  Journal,
  "manifestFacts" | "rememberManifest" | "capability" | "rememberCapability"
>;

export interface AttachmentEnds {
  readonly source: EndpointSide;
  readonly sourceRepository: string;
  readonly destination: EndpointSide;
  readonly destinationRepository: string;
  readonly knowledge: AttachmentKnowledge;
}

export interface ComparedAttachments {
  /** Of the source, each once, each after what it belongs to. */
  readonly found: readonly Attachment[];
  /** Those that the destination does not show for the same manifest, in words. */
  readonly missing: readonly { readonly digest: Digest; readonly text: string }[];
}

/**
 * What a side will not say of its attachments (some registries refuse the question) cannot be compared and counts for nothing.
 * @param manifests the image's own, on both sides.
 */
export async function compareAttachments(
  ends: AttachmentEnds,
  manifests: readonly Digest[],
  signal: AbortSignal,
): Promise<ComparedAttachments> {
  const { source, sourceRepository, destination, destinationRepository, knowledge } = ends;
  const [ours, theirs] = await Promise.all([
    attachmentsAt(source, sourceRepository, { knowledge, manifests }, signal),
    attachmentsAt(destination, destinationRepository, { knowledge, manifests }, signal),
  ]);
  const there = new Set(theirs.map(keyOf));
  const missing = ours
    .filter((one) => !there.has(keyOf(one)))
    .map(({ digest, subject, tag }) => ({
      digest,
      text: `The destination lacks the attachment ${digest} of ${shortDigest(subject)}${tag === undefined ? "" : ` (${tag})`}.`,
    }));
  const found = [...new Map(ours.map((one) => [one.digest, one])).values()];
  return { found, missing };
}

/** All that belongs to manifests of one side, as that side says. @throws what reading throws. */
export async function attachmentsAt(
  side: EndpointSide,
  repository: string,
  {
    knowledge,
    manifests,
  }: { readonly knowledge: AttachmentKnowledge; readonly manifests: readonly Digest[] },
  signal: AbortSignal,
): Promise<readonly Attachment[]> {
  const { found } = await findAttachments(
    {
      source: side,
      api: new ReferrersApi(side, knowledge),
      facts: knowledge,
      repository,
      listing: undefined,
      // There is no cheaper place to read the same lists from.
      twin: { side, repository, head: async () => undefined },
      signal,
    },
    manifests,
  );
  return found;
}

function keyOf({ digest, subject, tag }: Attachment): string {
  return `${subject} ${digest} ${tag ?? ""}`;
}
