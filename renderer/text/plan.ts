// The words of the plan: what will happen, its rows and what can be done with it. Its options are in plan-options.ts.
import type { PlanTotals, PlanWarning } from "../../shared/run.ts";
import { formatTimeLeft } from "../../shared/units.ts";
import type { RowKind } from "../screens/plan/plan-image.ts";
import type { PlanSums } from "../screens/plan/plan-sums.ts";
import { formatCount, plural } from "./common.ts";

/** Bytes in the person's own units. */
export type Bytes = (bytes: number) => string;

export const planText = {
  group: "Plan",
  title: "Plan",
  jobTitle: (name: string): string => `Job: ${name}`,
  to: "to",
  planning: "Reading the source and the destination…",
  planningAgain: "Planning again with what you changed. Until then, this is the plan before.",
  planningHint: "Nothing is copied before you press Start.",
  found: (images: number): string =>
    images === 0 ? "No image found yet" : `${plural(images, "image", "images")} found so far`,
  foundAt: (name: string): string => `now at ${name}`,
  cancel: "Cancel",
  retry: "Plan again",
  back: "Back to the plan shown",
  signIn: "Sign in…",
  numbers: "What will be moved",
  figures: {
    move: "To move",
    time: "Time",
    present: "Already there",
    mountable: "Linked there",
    mountableHint:
      "Another repository of the destination has these bytes: they are mounted from there, not sent.",
    resumable: "Resumed",
    resumableHint: "Brought there by an upload that was interrupted; they are not sent again.",
    attachments: "Attachments",
    attachmentsHint: "Signatures, SBOMs, attestations and whatever else refers to an image.",
    pulls: "Pulls",
  },
  attachments: {
    off: "left behind",
    none: "none found",
    complete: (found: number): string => `${formatCount(found)}, all there`,
    copy: (found: number, missing: number): string =>
      `${formatCount(missing)} of ${formatCount(found)} to copy`,
  },
  pulls: (count: number, remaining: number): string =>
    `about ${formatCount(count)} of ${formatCount(remaining)}`,
  pullsHint: (host: string, limit: number, remaining: number): string =>
    `${host} counts pulls: ${formatCount(remaining)} of ${formatCount(limit)} are left.`,
  tooManyPulls: (host: string, count: number, remaining: number): string =>
    `${host} has ${plural(remaining, "pull", "pulls")} left and this needs about ${formatCount(count)}. The rest waits until there are more; nothing fails.`,
  doubt: (name: string, when: string, said: string): string =>
    `${name} was asked ${when}: ${said} So it may refuse this.`,
  blobs: (count: number): string => `In ${plural(count, "blob", "blobs")}, where all images are ticked.`,
  time: (seconds: number | undefined): string => formatTimeLeft(seconds),
  timeHint: "Reckoned from what was moved between these two lately.",
  timeUnknown: "Nothing was moved lately: known as soon as it runs.",
  rows: "Images in this plan",
  kinds: "Show only",
  all: "All",
  sameName: "same name",
  filter: "Find images",
  tickAll: "Tick or untick all",
  tickAllOf: (shown: string): string => `All: ${shown}`,
  ticked: (ticked: number, tickable: number): string =>
    ticked === tickable
      ? `${plural(tickable, "image", "images")} ticked`
      : `${formatCount(ticked)} of ${formatCount(tickable)} ticked`,
  tooManyTakenOut:
    "At most 100,000 images can be unticked in one plan. Narrow what is selected instead: close the plan and filter the tags or repositories.",
  columns: {
    tick: "Copy",
    source: "From",
    destination: "To",
    action: "What happens",
    size: "To move",
    platforms: "Platforms",
  },
  loading: "Reading the rows…",
  noMatch: "No image matches.",
  nothing: {
    done: "Everything is already there",
    doneText:
      "All images of the selection are at the destination with the same digests. There is nothing to copy.",
    left: "Nothing is left to copy",
    leftText: "What is not there yet is left out by the options; the rows say why.",
    impossible: "Nothing can be copied with these options",
    impossibleText: "The rows say why. Other rules for existing tags or other names may help.",
    unreadable: "Nothing could be read to be copied",
    unreadableText: "The rows say why: a tag may be gone, or its registry may not answer.",
    empty: "Nothing was found to copy",
    emptyText: "The selection matches no image at the source.",
    compare: "Compare both sides",
    verify: "Inspect and verify",
  },
  warnings: "Warnings",
  warningCount: (count: number): string => plural(count, "warning", "warnings"),
  details: "The chosen row",
  rowHint: "Choose a row to see its digests. Space ticks, Enter inspects, letters find.",
  detail: {
    digest: "Digest",
    replaces: "Replaces",
    writes: "Written as",
    platforms: "Platforms",
    bytes: "Bytes",
    attachments: "Attachments",
    none: "–",
    same: "the same digest",
  },
  /** Empty where there is nothing of which to say it; parts of which there is nothing are left out. */
  bytesOf: (bytes: Bytes, move: number, present: number, linked: number, total: number): string =>
    total === 0
      ? ""
      : [
          `${bytes(move)} to move`,
          ...(present === 0 ? [] : [`${bytes(present)} there`]),
          ...(linked === 0 ? [] : [`${bytes(linked)} linked`]),
          `of ${bytes(total)}`,
        ].join(", "),
  attachmentsOf: (found: number, missing: number): string =>
    found === 0 ? "none" : `${formatCount(found)} found, ${formatCount(missing)} to copy`,
  inspect: "Inspect",
  compare: "Compare with what is there",
  tick: "Tick",
  untick: "Leave it out",
  tickOnly: "Only this one",
  space: "Space",
  copyDigest: "Copy digest",
  digestCopied: "The digest was copied",
  rowCheckbox: (source: string): string => `Copy ${source}`,
  deleteCheckbox: (destination: string): string => `Delete ${destination}`,
  copyCommand: "Copy as command",
  commandCopied: "Command copied",
  commandIsWhole: "It copies the whole selection, also what is unticked here.",
  more: "More",
  syncFile: "Save as sync file…",
  copySyncFile: "Copy as sync file",
  syncFileCopied: "Sync file copied",
  keep: "Close and keep the plan",
  keepHint: "It stays under Transfers, to be started later.",
  start: "Start",
  unreadable: "A name under Options cannot be read yet.",
  saveJob: "Save as job…",
  saveChanges: "Save the job…",
  save: "Save the job",
  confirm: {
    title: "Delete tags at the destination?",
    text: (tags: string, name: string): string =>
      `${tags} will be deleted at ${name}. What is deleted cannot be brought back from here.`,
    label: (name: string): string => `Type “${name}” to go on`,
    button: (tags: string): string => `Start and delete ${tags}`,
  },
  job: {
    title: "Save as a job",
    changeTitle: "Save the job",
    text: "A job keeps the selection and the options, and plans anew each time that it runs.",
    name: "Name",
    enabled: "Enabled",
    enabledHint: "A job that is switched off keeps its schedule and does not run by itself.",
    unticked: "Unticked images are not part of a job: it copies its whole selection.",
    mirror: "It runs without asking, also where it deletes tags; its limits for deletes hold.",
    saved: (name: string): string => `“${name}” is saved`,
    show: "Show jobs",
  },
} as const;

export const kindWords: Readonly<Record<RowKind, string>> = {
  copy: "Copy",
  overwrite: "Overwrite",
  skip: "Skip",
  conflict: "Conflict",
  delete: "Delete",
  unreadable: "Unreadable",
};

/** The heading over the warnings of one kind. */
export const warningWords: Readonly<Record<PlanWarning["code"], string>> = {
  conflict: "Conflicts: these images are left out",
  unreadable: "Could not be read: these images are left out",
  "attachments-left": "Attachments that stay behind",
  "foreign-layer": "Foreign layers that stay where they are",
  "overwrites-tag": "Tags that get other content",
  "incomplete-listing": "The list may not be complete",
  "digest-changes": "Digests change",
  "platform-missing": "Platforms that an image does not have",
  "attachment-conflict": "Attachments that are there with other content",
  "no-creation-date": "No creation date: the age is not known",
  deletes: "Tags that will be deleted",
  "too-little-room": "Not enough room on the disk",
};

export function tagsText(count: number): string {
  return plural(count, "tag", "tags");
}

/** `12.3 MiB`; a range where layers are shared with rows that were taken out. */
export function transferText(sums: Pick<PlanSums, "leastBytes" | "mostBytes">, bytes: Bytes): string {
  if (sums.leastBytes === sums.mostBytes) return bytes(sums.mostBytes);
  if (bytes(sums.leastBytes) === bytes(sums.mostBytes)) return `about ${bytes(sums.mostBytes)}`;
  return `${bytes(sums.leastBytes)} to ${bytes(sums.mostBytes)}`;
}

export function startLabel(
  sums: Pick<PlanSums, "leastBytes" | "mostBytes" | "ticked" | "byKind">,
  bytes: Bytes,
): string {
  if (sums.ticked === 0) return planText.start;
  const deletes = sums.byKind.delete === 0 ? "" : `delete ${tagsText(sums.byKind.delete)}`;
  if (sums.ticked === sums.byKind.delete) return `Start: ${deletes}`;
  return `Start: move ${transferText(sums, bytes)}${deletes === "" ? "" : `, ${deletes}`}`;
}

/** The numbers in one sentence, for screen readers. */
export function planSummary(plan: PlanTotals, sums: PlanSums, bytes: Bytes): string {
  const { byKind } = sums;
  const parts = [
    `${byKind.copy} to copy`,
    `${byKind.overwrite} to overwrite`,
    `${byKind.skip} to skip`,
    ...(byKind.conflict > 0 ? [`${byKind.conflict} in conflict`] : []),
    ...(byKind.delete > 0 ? [`${tagsText(byKind.delete)} to delete`] : []),
    ...(byKind.unreadable > 0 ? [`${byKind.unreadable} unreadable`] : []),
    `${transferText(sums, bytes)} to move`,
    `${bytes(sums.bytesPresent)} already there`,
    ...(plan.warnings.length > 0 ? [planText.warningCount(plan.warnings.length)] : []),
  ];
  return `${plural(plan.images, "image", "images")}: ${parts.join(", ")}.`;
}

/** How a kind's rows are counted: `2 / 3` where some are taken out. */
export function countText(count: number, whole: number): string {
  return count === whole ? formatCount(whole) : `${formatCount(count)} / ${formatCount(whole)}`;
}
