// What is known of an image before its blobs are counted against the rest of the plan.
import type { Digest } from "../../shared/digest.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import { joinReference } from "../../shared/reference.ts";
import type { ImageAction, PlanWarning } from "../../shared/run.ts";
import type { FoundBlob } from "./locate-blobs.ts";
import type { ManifestHead } from "./ports.ts";
import type { SelectedImage } from "./selected.ts";

/** Only of what is to be copied. */
export interface PlannedParts {
  /** Of all its blobs, wherever they are. */
  readonly bytes: number;
  readonly blobs: readonly FoundBlob[];
  readonly platforms: readonly string[];
  /** How many foreign layers are left where they are. */
  readonly leftOut: number;
}

export interface ImageFindings extends PlannedParts {
  readonly selected: SelectedImage;
  readonly head: ManifestHead | undefined;
  /** What the destination's reference is to point at; undefined where nothing is written. */
  readonly writes: Digest | undefined;
  readonly action: ImageAction;
  readonly reason: string;
  readonly replacesDigest: string | undefined;
  /** How many the source has. */
  readonly attachments: number;
  /** Names of those that the destination lacks: two images may share one. */
  readonly missing: ReadonlySet<string>;
  readonly warnings: readonly PlanWarning[];
  readonly error: FreightlinerError | undefined;
}

const nothing = {
  writes: undefined,
  replacesDigest: undefined,
  bytes: 0,
  blobs: [],
  platforms: [],
  leftOut: 0,
  attachments: 0,
  missing: new Set<string>(),
  warnings: [],
} as const;

export function failed(
  selected: SelectedImage,
  head: ManifestHead | undefined,
  error: FreightlinerError,
): ImageFindings {
  const reason = "It could not be read, so it was not planned.";
  return { ...nothing, selected, head, action: "copy", reason, error };
}

export function collision(selected: SelectedImage, other: string): ImageFindings {
  const own = joinReference(selected.sourceRepository, selected.sourceReference);
  const target = joinReference(
    selected.destinationRepository,
    selected.destinationTag ?? selected.sourceReference,
  );
  const reason = `${own} and ${other} would both land on ${target}.`;
  const error = new FreightlinerError({
    code: "mapping-collision",
    operation: "map-repository",
    message: reason,
  });
  return { ...nothing, selected, head: undefined, action: "conflict", reason, error };
}
