// What a selection comes to: single images, what could not be read, and per destination repository what was seen.
import type { FreightlinerError } from "../../shared/errors.ts";
import type { TagRule } from "../../shared/selection.ts";

/** What the list of a source repository's tags showed; its images share it, and it is whole before the first of them comes. */
export interface RepositoryListing {
  /** False where the list was not read to its end: then a tag that is not in it may be there all the same. */
  readonly complete: boolean;
  /** Referrers tags and cosign tags (`sha256-…`) in it. */
  readonly attachmentTags: ReadonlySet<string>;
}

export interface SelectedImage {
  readonly kind: "image";
  readonly sourceRepository: string;
  /** Tag or digest. */
  readonly sourceReference: string;
  readonly destinationRepository: string;
  /** Undefined where no tag is written. */
  readonly destinationTag: string | undefined;
  /** Another source that lands on the same reference: neither is copied. */
  readonly collidesWith?: string;
  /** Undefined where no list of tags was read, as only names were asked for. */
  readonly listing?: RepositoryListing;
}

/** A repository or an image of which it cannot be said what is to be copied, or where to. */
export interface UnreadableRepository {
  readonly kind: "unreadable";
  readonly sourceRepository: string;
  /** The tag or digest where it is about a single image. */
  readonly sourceReference?: string;
  /** The source's name where the mapping gives none. */
  readonly destinationRepository: string;
  readonly error: FreightlinerError;
}
export type Selected = SelectedImage | UnreadableRepository;

/** A source repository that lands in a destination repository. */
export interface GatheredSource {
  readonly sourceRepository: string;
  /** Rules of the selection that apply to it; none where its images were named one by one. */
  readonly rules: readonly TagRule[];
  /** Every tag of the list, attachments too; undefined where none was read. A tag that is not here may still be named. */
  readonly tags: readonly string[] | undefined;
  readonly listing: RepositoryListing | undefined;
}

/** All that lands in one destination repository: what a mirror needs to say which of its tags have no source (any more). */
export interface GatheredDestination {
  readonly destinationRepository: string;
  readonly sources: readonly GatheredSource[];
  /** True where the tags of every source were listed to the end. */
  readonly complete: boolean;
}
