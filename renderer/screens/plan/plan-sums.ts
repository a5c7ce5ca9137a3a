// What a plan adds up to with the rows that were taken out.
import type { PlanTotals, RunImage } from "../../../shared/run.ts";
import {
  destinationText,
  isTickable,
  isTickableKind,
  type RowKind,
  rowKind,
  sourceText,
  type TickableKind,
} from "./plan-image.ts";

/** What is known of a row that was taken out: enough to subtract it, and to find it in the next plan. */
export interface TakenOut {
  readonly kind: TickableKind;
  readonly source: string;
  readonly destination: string;
  readonly bytesToTransfer: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
  /** Bytes that it leaves to earlier rows. */
  readonly bytesShared: number;
}

/** Undefined for a row that writes nothing. */
export function takenOut(image: RunImage): TakenOut | undefined {
  const kind = rowKind(image);
  if (!isTickableKind(kind)) return undefined;
  return {
    kind,
    source: sourceText(image),
    destination: destinationText(image),
    bytesToTransfer: image.bytesToTransfer,
    bytesPresent: image.bytesPresent,
    bytesMountable: image.bytesMountable,
    bytesShared: sharedBytes(image),
  };
}

/** Bytes of an image that an earlier row of the plan brings, or that are linked from where one brings them. */
export function sharedBytes(image: RunImage): number {
  if (!isTickable(image)) return 0;
  const elsewhere = image.bytesTotal - image.bytesToTransfer - image.bytesPresent - image.bytesMountable;
  return Math.max(0, elsewhere) + image.bytesMountable;
}

export interface PlanSums {
  /** Rows of each kind, without those that were taken out. */
  readonly byKind: Readonly<Record<RowKind, number>>;
  /** Rows that would be written or deleted, all of them and those that are ticked. */
  readonly tickable: number;
  readonly ticked: number;
  /** Bytes to move: at least, and at most. Equal where no layer is shared with a row that was taken out. */
  readonly leastBytes: number;
  readonly mostBytes: number;
  readonly bytesPresent: number;
  readonly bytesMountable: number;
}

/**
 * Subtracts what was taken out. A layer that several images share is counted in the first of them: what the others leave
 * to a row that is out may have to be moved after all.
 * @param shared the `sharedBytes` of all rows; undefined while nobody has counted them.
 */
export function sumPlan(
  plan: PlanTotals,
  out: ReadonlyMap<number, TakenOut>,
  shared: number | undefined,
): PlanSums {
  const byKind: Record<RowKind, number> = {
    copy: plan.copy,
    overwrite: plan.overwrite,
    skip: plan.skip,
    conflict: plan.conflict,
    delete: plan.delete,
    unreadable: plan.unreadable,
  };
  const tickable = plan.copy + plan.overwrite + plan.delete;
  const sums = { transfer: 0, present: 0, mountable: 0, shared: 0 };
  for (const row of out.values()) {
    byKind[row.kind]--;
    sums.transfer += row.bytesToTransfer;
    sums.present += row.bytesPresent;
    sums.mountable += row.bytesMountable;
    sums.shared += row.bytesShared;
  }
  const leastBytes = Math.max(0, plan.bytesToTransfer - sums.transfer);
  const leftToOthers = shared === undefined ? sums.transfer : Math.max(0, shared - sums.shared);
  return {
    byKind,
    tickable,
    ticked: tickable - out.size,
    leastBytes,
    mostBytes: Math.min(plan.bytesToTransfer, leastBytes + Math.min(sums.transfer, leftToOthers)),
    bytesPresent: Math.max(0, plan.bytesPresent - sums.present),
    bytesMountable: Math.max(0, plan.bytesMountable - sums.mountable),
  };
}
