// The words of the History screen and of a run's report.
import type { Run, RunImage } from "../../shared/run.ts";
import { formatDuration } from "../../shared/units.ts";
import { formatCount, plural } from "./common.ts";
import { imageStateText, isPartly, partlyDone, runStateWords } from "./transfers.ts";

export const historyText = {
  title: "History",
  group: "History",
  list: "Transfers that ended",
  loading: "Reading the history",
  search: "Repository, tag or registry",
  filterState: "State",
  filterEndpoint: "Registry",
  filterJob: "Job",
  filterTime: "When",
  states: { all: "Any state", succeeded: "Done", failed: "Failed or partly done", cancelled: "Cancelled" },
  allEndpoints: "Any registry",
  allJobs: "Any job",
  times: {
    all: "Any time",
    day: "Last 24 hours",
    week: "Last 7 days",
    month: "Last 30 days",
    year: "Last year",
  },
  count: (count: number): string => plural(count, "transfer", "transfers"),
  clear: "Clear…",
  resetFilter: "Show all transfers",
  noMatch: "No transfer matches the filter",
  empty: {
    title: "No transfer has ended yet",
    text: "Every transfer that ended is kept here with its report: what was copied, both digests, and what failed.",
    go: "Go to Transfer",
  },
  columns: {
    state: "State",
    ends: "From → to",
    what: "What",
    when: "Ended",
    took: "Took",
    images: "Images",
    moved: "Moved",
    saved: "Saved",
    actions: "Actions",
  },
  beingRemoved: "Removed",
  imagesTitle: (tallies: Run["tallies"]): string =>
    [
      `${formatCount(tallies.imagesSucceeded)} copied`,
      `${formatCount(tallies.imagesSkipped)} skipped`,
      `${formatCount(tallies.imagesFailed)} failed`,
      `${formatCount(tallies.imagesDeleted)} deleted`,
    ].join(", "),
  counts: { copied: "copied", skipped: "skipped", failed: "failed", deleted: "deleted" },
  report: "Report",
  openReport: "Open the report",
  runAgain: "Run again…",
  whatChanged: "What changed since…",
  copyCommand: "Copy as command",
  commandCopied: "The command was copied",
  log: "Show its log",
  remove: "Remove from history",
  removeMany: (count: number): string => `Remove ${plural(count, "transfer", "transfers")} from history`,
  removed: (name: string): string => `Removed: ${name}`,
  more: "More",
  export: { json: "Export as JSON", csv: "Export as CSV", html: "Export as HTML" },
  exportMenu: "Export",
  clearTitle: "Clear the history",
  clearBody: "Transfers and their reports are removed for good. Images and saved jobs stay as they are.",
  clearWhich: "Which transfers",
  clearKinds: {
    all: "All that ended",
    done: "Done and cancelled ones",
    month: "Older than 30 days",
    quarter: "Older than 90 days",
    year: "Older than a year",
  },
  clearButton: (count: number): string => `Remove ${plural(count, "transfer", "transfers")} for good`,
  clearNothing: "Nothing to remove",
  cleared: (count: number): string => `Removed ${plural(count, "transfer", "transfers")} from the history`,
  jobRun: (name: string): string => `Job ${name}`,
} as const;

export const reportText = {
  title: "Report",
  loading: "Reading the report",
  list: "Images of the transfer",
  search: "Repository or tag",
  outcomes: {
    all: "All",
    copied: "Copied",
    skipped: "Skipped",
    failed: "Failed",
    deleted: "Deleted",
    other: "Not done",
  },
  filter: "Which images",
  noMatch: "No image matches the filter",
  none: "The plan of this transfer had no images",
  columns: {
    state: "Outcome",
    image: "Image",
    source: "Source digest",
    destination: "Destination digest",
    verified: "Verified",
    bytes: "Moved",
  },
  proofs: { verified: "Verified", compared: "Same digest", kept: "Left as it was", none: "Not verified" },
  proofTitles: {
    verified: "The destination was read back and its digest compared",
    compared: "Nothing was written: the destination already answered with this digest",
    kept: "Nothing was written, so nothing was read back",
    none: "It did not come so far that it could be read back",
  },
  noDigest: "–",
  image: "Image",
  source: "Source",
  destination: "Destination",
  reason: "Why",
  failure: "What went wrong",
  replaced: "Replaced",
  same: "Both digests are equal",
  different: "The digests differ: only some platforms were copied",
  inspect: "Inspect at the destination",
  compare: "Compare both sides",
  copySummary: "Copy summary",
  summaryCopied: "The summary was copied",
  facts: {
    state: "State",
    started: "Started",
    took: "Took",
    images: "Images",
    moved: "Moved",
    saved: "Already there or linked",
    verified: "Verified",
  },
  log: "Log",
  runAgain: "Run again…",
} as const;

/** `Partly done` where some images failed and others did not; the reason of a pause is not needed here. */
export function runStateWord(run: Run): string {
  return isPartly(run) ? partlyDone : runStateWords[run.state];
}

export function tookText(run: Run): string {
  if (run.tallies.activeMs > 0) return formatDuration(run.tallies.activeMs);
  if (run.startedAt === null || run.finishedAt === null) return "–";
  return formatDuration(run.finishedAt - run.startedAt);
}

/** Bytes that did not have to be moved. */
export function savedBytes({ tallies }: Run): number {
  return tallies.bytesPresent + tallies.bytesMounted + tallies.bytesResumed;
}

export function outcomeText(image: RunImage): string {
  if (image.state === "succeeded" && image.action !== "delete") return reportText.outcomes.copied;
  return imageStateText(image);
}

/** What the summary button puts on the clipboard. */
export function summaryText(
  run: Run,
  options: { readonly bytes: (bytes: number) => string; readonly what: string },
): string {
  const { tallies } = run;
  const ended = run.finishedAt === null ? "" : ` ${new Date(run.finishedAt).toISOString()}`;
  return [
    `${run.source.name} (${run.source.address}) → ${run.destination.name} (${run.destination.address})`,
    options.what,
    `${runStateWord(run)}${ended}, took ${tookText(run)}`,
    historyText.imagesTitle(tallies),
    `${options.bytes(tallies.bytesTransferred)} moved, ${options.bytes(savedBytes(run))} not moved because it was there already`,
    ...(run.error === null ? [] : [run.error.message]),
  ].join("\n");
}

export const changesText = {
  title: "What changed since",
  description: (when: string): string => `Both sides now, against what was copied ${when}.`,
  reading: "Asking both sides",
  none: "Nothing changed: the destination still has what the source has.",
  repository: "Repository",
  missing: "New at the source",
  different: "Changed",
  extra: "Only at the destination",
  same: "Same",
  plan: "Plan the difference…",
  more: (shown: number): string => `The first ${formatCount(shown)} repositories of the transfer are shown.`,
  noRepositories: "This transfer copied no image",
  failed: "Could not be read",
} as const;

function joined(repository: string, reference: string | null): string {
  if (reference === null) return repository;
  return reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
}

/** Both ends where they differ; what was deleted has only the one. */
export function imageEndsText(image: RunImage): string {
  const source = joined(image.sourceRepository, image.sourceReference);
  const destination = joined(image.destinationRepository, image.destinationReference);
  return image.action === "delete" || source === destination ? destination : `${source} → ${destination}`;
}
