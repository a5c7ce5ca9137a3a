// An image's attachments on both sides: what the source has, and which of it the destination lacks.
import type { Digest } from "../../shared/digest.ts";
import type { RunOptions } from "../../shared/run.ts";
import { type Attachment, findAttachments } from "./attachment-search.ts";
import { type AttachmentState, DestinationAttachments } from "./attachment-state.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { EndpointSide } from "./endpoint-side.ts";
import type { ImageDestination, Journal } from "./ports.ts";
import { ReferrersApi } from "./referrers-api.ts";
import type { RepositoryListing } from "./selected.ts";

export interface SurveyedAttachment extends Attachment {
  readonly state: AttachmentState;
}

/** What an attachment is called where it is counted. */
export function attachmentName(repository: string, { subject, tag, digest }: Attachment): string {
  return `${repository} ${subject} ${tag ?? digest}`;
}

export interface AttachmentSurvey {
  /** Each after what it belongs to. */
  readonly found: readonly SurveyedAttachment[];
  /** Sentences on what the source would not say. */
  readonly unasked: readonly string[];
  /** Sentences on what the destination holds otherwise, which is left as it is. */
  readonly conflicts: readonly string[];
}

export const noAttachments: AttachmentSurvey = { found: [], unasked: [], conflicts: [] };

export interface SurveyRequest {
  readonly sourceRepository: string;
  readonly destinationRepository: string;
  /** What the destination's reference is to point at. */
  readonly root: Digest;
  /** It and everything below it. */
  readonly manifests: readonly Digest[];
  /** False where only some platforms are written: nothing can refer to an index that is made here. */
  readonly isSource: boolean;
  /** True where the destination is known to have them. */
  readonly standing: boolean;
  readonly listing: RepositoryListing | undefined;
}

export interface AttachmentsOptions {
  readonly source: EndpointSide;
  readonly destination: EndpointSide<ImageDestination>;
  readonly journal: Pick<Journal, "manifestFacts" | "rememberManifest" | "capability" | "rememberCapability">;
  readonly overwrite: RunOptions["overwrite"];
}

/** One for a plan or an attempt at a run. */
export class Attachments {
  readonly destinationApi: ReferrersApi;
  readonly #sourceApi: ReferrersApi;
  readonly #options: AttachmentsOptions;
  readonly #brought = new BoundedMap<string, true>(100_000);

  constructor(options: AttachmentsOptions) {
    this.#options = options;
    this.#sourceApi = new ReferrersApi(options.source, options.journal);
    this.destinationApi = new ReferrersApi(options.destination, options.journal);
  }

  /** True once for each name: images that share an attachment may both bring it, which does no harm, but it is one. */
  isFirst(name: string): boolean {
    if (this.#brought.get(name) !== undefined) return false;
    this.#brought.set(name, true);
    return true;
  }

  /** @throws what the sides throw. */
  async survey(request: SurveyRequest, signal: AbortSignal): Promise<AttachmentSurvey> {
    const { source, destination, journal, overwrite } = this.#options;
    const { sourceRepository, destinationRepository, listing } = request;
    const there = new DestinationAttachments({
      ...{ source, sourceRepository, destination, overwrite, signal },
      api: this.destinationApi,
      facts: journal,
      repository: destinationRepository,
    });
    const { found, unasked } = await findAttachments(
      {
        ...{ source, listing, signal },
        api: this.#sourceApi,
        facts: journal,
        repository: sourceRepository,
        twin: there,
      },
      subjectsOf(request),
    );
    const surveyed = await stateOfAll(found, request, there);
    return { found: surveyed, unasked, conflicts: [...there.conflicts] };
  }
}

/** One after the other, as what an attachment belongs to decides what is asked for it. */
async function stateOfAll(
  found: readonly Attachment[],
  { root, standing }: SurveyRequest,
  there: DestinationAttachments,
): Promise<readonly SurveyedAttachment[]> {
  if (found.length === 0) return [];
  // The same image may be there under another tag.
  const imageIsThere = standing || (await there.head(root)) !== undefined;
  const states = new Map<Digest, AttachmentState>();
  const surveyed: SurveyedAttachment[] = [];
  for (const one of found) {
    const ofSubject = states.get(one.subject) ?? (imageIsThere ? "present" : "missing");
    const state = ofSubject === "left" ? "left" : await there.stateOf(one, ofSubject === "present");
    states.set(one.digest, state);
    surveyed.push({ ...one, state });
  }
  return surveyed;
}

function subjectsOf({ root, manifests, isSource }: SurveyRequest): readonly Digest[] {
  const isMade = !isSource && manifests.length > 1;
  return isMade ? manifests.filter((digest) => digest !== root) : manifests;
}
