// What the ticked rows of a plan add up to, and which rows are shown.
import type { ImageAction, PlanTotals, RunImage } from "../../../shared/run.ts";

/** What a row is for the person: the plan's action, or that it could not be read. */
export type RowKind = ImageAction | "unreadable";
export const rowKinds: readonly RowKind[] = ["copy", "overwrite", "skip", "conflict", "delete", "unreadable"];

export function rowKind(image: RunImage): RowKind {
  // Two images that would land under one name carry an error and are a conflict.
  return image.error === null || image.action === "conflict" ? image.action : "unreadable";
}

/** Only what would be written or deleted can be ticked: the rest has nothing to leave out. */
export function isTickable(image: RunImage): boolean {
  const kind = rowKind(image);
  return kind === "copy" || kind === "overwrite" || kind === "delete";
}

export interface PlanSums {
  /** Rows that would be written or deleted. */
  readonly tickable: number;
  /** Of these, the ones that are ticked. */
  readonly ticked: number;
  /** Of the tickable ones, those that would be deleted; `byKind.delete` are the ticked of them. */
  readonly deletable: number;
  readonly byKind: Readonly<Record<RowKind, number>>;
  readonly bytesToTransfer: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
  /** False where ticked and unticked rows share layers, so that the bytes are only an upper bound. */
  readonly exact: boolean;
}

/**
 * Adds up the rows. A layer that several images share is counted in the first of them, so with rows taken out the sum can
 * be too small: what the other rows leave to an earlier one may have to be moved after all. `bytesToTransfer` is therefore
 * the upper bound, never more than the whole plan, and exact where nothing shared was taken out.
 */
export function sumPlan(
  plan: PlanTotals,
  images: readonly RunImage[],
  unticked: ReadonlySet<number>,
): PlanSums {
  const byKind: Record<RowKind, number> = {
    copy: 0,
    overwrite: 0,
    skip: 0,
    conflict: 0,
    delete: 0,
    unreadable: 0,
  };
  const chosen = { transfer: 0, present: 0, mountable: 0, leftToOthers: 0 };
  let out = 0;
  let tickable = 0;
  let ticked = 0;
  let deletable = 0;
  for (const image of images) {
    if (isTickable(image)) tickable++;
    if (rowKind(image) === "delete") deletable++;
    if (isTickable(image) && unticked.has(image.id)) {
      out += image.bytesToTransfer;
      continue;
    }
    byKind[rowKind(image)]++;
    if (isTickable(image)) ticked++;
    chosen.transfer += image.bytesToTransfer;
    chosen.present += image.bytesPresent;
    chosen.mountable += image.bytesMountable;
    chosen.leftToOthers += countedElsewhere(image) + image.bytesMountable;
  }
  const more = Math.min(out, chosen.leftToOthers);
  return {
    tickable,
    ticked,
    deletable,
    byKind,
    bytesToTransfer: Math.min(plan.bytesToTransfer, chosen.transfer + more),
    bytesPresent: chosen.present,
    bytesMountable: chosen.mountable,
    exact: more === 0,
  };
}

/** Bytes of an image that an earlier row of the plan accounts for. */
function countedElsewhere(image: RunImage): number {
  if (!isTickable(image)) return 0;
  return Math.max(0, image.bytesTotal - image.bytesToTransfer - image.bytesPresent - image.bytesMountable);
}

/** The rows of the chosen kinds; an empty choice shows all. */
export function filterRows(
  images: readonly RunImage[],
  kinds: ReadonlySet<RowKind>,
  text: string,
): readonly RunImage[] {
  const needle = text.trim().toLowerCase();
  if (kinds.size === 0 && needle === "") return images;
  return images.filter(
    (image) =>
      (kinds.size === 0 || kinds.has(rowKind(image))) &&
      (needle === "" ||
        sourceText(image).toLowerCase().includes(needle) ||
        destinationText(image).toLowerCase().includes(needle)),
  );
}

function joined(repository: string, reference: string | null): string {
  if (reference === null) return repository;
  return reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
}
/** `team/app:v1`, or the repository alone where the whole of it could not be read. */
export function sourceText(image: RunImage): string {
  return joined(image.sourceRepository, image.sourceReference);
}
export function destinationText(image: RunImage): string {
  return joined(image.destinationRepository, image.destinationReference);
}

/** Both ends where they differ; what is deleted has only the one. */
export function endsText(image: RunImage): string {
  const [source, destination] = [sourceText(image), destinationText(image)];
  return image.action === "delete" || source === destination ? destination : `${source} → ${destination}`;
}
