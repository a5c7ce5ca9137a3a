// The words of the plan dialog.
import type { PlanTotals, RunOptions } from "../../shared/run.ts";
import type { Mapping } from "../../shared/selection.ts";
import { formatBytes } from "../../shared/units.ts";
import type { PlanSums, RowKind } from "../screens/plan/plan-sums.ts";

export const planText = {
  title: "Plan",
  planning: "Reading the source and the destination…",
  planningHint: "Nothing is copied before you press Start.",
  found: (images: number): string =>
    images === 0
      ? "No image found yet"
      : images === 1
        ? "1 image found so far"
        : `${images.toLocaleString("en")} images found so far`,
  cancel: "Cancel",
  close: "Close",
  start: "Start",
  retry: "Plan again",
  numbers: "What will be moved",
  figures: {
    move: "To move",
    present: "Already there",
    mountable: "Linked at the destination",
    mountableHint:
      "Another repository of the destination has these bytes: they are mounted from there, not sent.",
    images: "Images to write",
    deletes: "Tags to delete",
  },
  filterByAction: "Show only",
  sameName: "same name",
  mapping: "Names at the destination",
  mappingValue: { keep: "", prefix: "Path, such as mirror/team", into: "Repository, such as team/app" },
  mappingInvalid: "Lower-case letters, digits and . _ - between slashes.",
  nothingPossible: "Nothing can be copied with these options.",
  copyCommand: "Copy as command",
  commandCopied: "Command copied",
  filter: "Filter images",
  selectAll: "All images",
  selectShown: "All shown",
  rowHint: "Choose a row to read all of it here; Space ticks or unticks it.",
  rows: "Images in this plan",
  columns: {
    tick: "Copy",
    source: "From",
    destination: "To",
    action: "Action",
    size: "To move",
    platforms: "Platforms",
  },
  noRows: "The selection matches no image at the source.",
  noMatch: "No image matches the filter.",
  nothingToDo: "Everything is already there. There is nothing to copy.",
  overwrite: "If a tag exists with other content",
  verifyBlobs: "Verify every blob again",
  verifyBlobsHint: "Reads each blob back from the destination after the copy. Takes longer.",
  parallelImages: "Images at once",
  options: "Options",
  warnings: "Warnings",
  loadingRows: (loaded: number, total: number): string =>
    `Loading rows: ${loaded.toLocaleString("en")} of ${total.toLocaleString("en")}`,
  rowCheckbox: (source: string): string => `Copy ${source}`,
  deleteCheckbox: (destination: string): string => `Delete ${destination}`,
} as const;

export const kindWords: Readonly<Record<RowKind, string>> = {
  copy: "Copy",
  overwrite: "Overwrite",
  skip: "Skip",
  conflict: "Conflict",
  delete: "Delete",
  unreadable: "Unreadable",
};

export const overwriteWords: Readonly<Record<RunOptions["overwrite"], string>> = {
  "if-different": "Overwrite it",
  never: "Leave it and report a conflict",
  always: "Write all tags again, equal ones too",
  "if-newer": "Overwrite it where the source is newer",
  "keep-both": "Keep both: write to another tag",
};

export const mappingWords: Readonly<Record<Mapping["kind"], string>> = {
  keep: "Keep the names",
  prefix: "Put them under a path",
  into: "All into one repository",
  strip: "Leave out leading path parts",
  flatten: "All on one level",
  template: "By a pattern",
};

/** `12.3 MiB`, or `up to 12.3 MiB` where shared layers make the sum inexact. */
export function transferText(sums: Pick<PlanSums, "bytesToTransfer" | "exact">): string {
  const bytes = formatBytes(sums.bytesToTransfer);
  return sums.exact ? bytes : `up to ${bytes}`;
}

export function startLabel(sums: Pick<PlanSums, "bytesToTransfer" | "exact" | "ticked" | "byKind">): string {
  if (sums.ticked === 0) return "Start";
  const deletes = sums.byKind.delete === 0 ? "" : `delete ${tagsText(sums.byKind.delete)}`;
  if (sums.ticked === sums.byKind.delete) return `Start: ${deletes}`;
  return `Start: move ${transferText(sums)}${deletes === "" ? "" : `, ${deletes}`}`;
}

function tagsText(count: number): string {
  return count === 1 ? "1 tag" : `${count.toLocaleString("en")} tags`;
}

/** The numbers in one sentence, for screen readers. */
export function planSummary(plan: PlanTotals, sums: PlanSums): string {
  const parts = [
    `${sums.byKind.copy} to copy`,
    `${sums.byKind.overwrite} to overwrite`,
    `${sums.byKind.skip} to skip`,
    ...(sums.byKind.conflict > 0 ? [`${sums.byKind.conflict} in conflict`] : []),
    ...(sums.byKind.delete > 0 ? [`${tagsText(sums.byKind.delete)} to delete`] : []),
    ...(sums.byKind.unreadable > 0 ? [`${sums.byKind.unreadable} unreadable`] : []),
    `${transferText(sums)} to move`,
    `${formatBytes(sums.bytesPresent)} already there`,
  ];
  return `${plan.images} images: ${parts.join(", ")}.`;
}
