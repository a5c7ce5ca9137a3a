// The words of the transfers panel: states, buttons, speeds, time left and announcements.
import type { ImageState, Run, RunBlob, RunImage, RunState } from "../../shared/run.ts";
import { formatBytes, formatDuration, formatSpeed, formatTimeLeft } from "../../shared/units.ts";

export const transfersText = {
  title: "Transfers",
  tabs: { active: "Active", failed: "Failed", done: "Done" },
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  retryFailed: "Retry failed",
  runAgain: "Start again",
  remove: "Remove",
  discard: "Discard",
  review: "Review…",
  copyCommand: "Copy as command",
  commandCopied: "The command was copied",
  more: "More actions",
  tree: "Transfers, images and blobs",
  loading: "Loading…",
  showOlder: "Show older transfers",
  columns: {
    what: "Transfer",
    state: "State",
    progress: "Progress",
    bytes: "Done / total",
    speed: "Speed",
    left: "Time left",
    attempts: "Tries",
  },
  empty: {
    active: {
      title: "Nothing is moving",
      text: "Drag tags from one side to the other. The plan shows what will happen before anything is copied.",
    },
    failed: {
      title: "No failures",
      text: "Transfers that could not finish are listed here with what to do.",
    },
    done: {
      title: "Nothing finished yet",
      text: "Finished and cancelled transfers stay here until you remove them.",
    },
  },
  pausedFor: {
    user: "Paused",
    shutdown: "Paused at exit",
    "sign-in-needed": "Needs sign-in",
    "lease-lost": "Taken over",
  },
  pausedForTitle: {
    user: "Paused",
    shutdown: "Paused when Freightliner was closed; Resume goes on where it stopped",
    "sign-in-needed": "Needs sign-in",
    "lease-lost": "Taken over by another process",
  },
  verified: "Verified: read back and compared",
  chart: {
    title: "Throughput",
    all: "All transfers",
    now: "now",
    average: "average",
    peak: "peak",
    idle: "No bytes moved in the last minute.",
    window: "last 60 s",
  },
  tryingAgain: "Trying again",
  signInNeeded: "The transfer waits until somebody signs in.",
  details: "Details…",
  failureTitle: "What went wrong",
  close: "Close",
  reload: "Reload",
  removeTitle: "Remove this transfer from the list?",
  removeBody: (name: string): string => `${name} is taken off the list. What was copied stays where it is.`,
  keep: "Keep",
} as const;

export const runStateWords: Readonly<Record<RunState, string>> = {
  planning: "Planning",
  planned: "Planned",
  queued: "Queued",
  running: "Running",
  paused: "Paused",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const imageStateWords: Readonly<Record<ImageState, string>> = {
  planned: "Waiting",
  running: "Running",
  succeeded: "Done",
  skipped: "Skipped",
  failed: "Failed",
  cancelled: "Cancelled",
};

const blobStateWords: Readonly<Record<RunBlob["state"], string>> = {
  waiting: "Waiting",
  transferring: "Moving",
  done: "Done",
  failed: "Failed",
};
const outcomeWords = { transferred: "Moved", present: "Already there", mounted: "Linked" } as const;

export function blobStateText(blob: RunBlob): string {
  if (blob.state === "done" && blob.outcome !== null) return outcomeWords[blob.outcome];
  return blobStateWords[blob.state];
}

/** The state of a run as the person should read it: the reason, where there is one. */
export function runStateText(run: Run): string {
  if (run.state === "paused" && run.stateReason !== null) return transfersText.pausedFor[run.stateReason];
  if (run.state === "failed" && run.tallies.imagesSucceeded > 0) return "Partly done";
  return runStateWords[run.state];
}

/** The same in full, where the column has room for a word only. */
export function runStateTitle(run: Run): string {
  if (run.state === "paused" && run.stateReason !== null)
    return transfersText.pausedForTitle[run.stateReason];
  return runStateText(run);
}

export function imageStateText(image: RunImage): string {
  if (!image.selected) return "Left out";
  if (image.action === "delete" && image.state === "succeeded") return "Deleted";
  return imageStateWords[image.state];
}

/** `12.0 / 30.5 MiB`; the unit is said once where both have the same. */
export function bytesOfText(done: number, total: number): string {
  if (total <= 0) return done > 0 ? formatBytes(done) : "–";
  const whole = formatBytes(total);
  const part = formatBytes(Math.min(done, total));
  const unit = whole.slice(whole.lastIndexOf(" "));
  return part.endsWith(unit) ? `${part.slice(0, -unit.length)} / ${whole}` : `${part} / ${whole}`;
}

/** Empty while nothing moves. */
export function speedText(bytesPerSecond: number | undefined): string {
  return bytesPerSecond === undefined ? "" : formatSpeed(Math.round(bytesPerSecond));
}

/** `estimating` until it is known, empty where nothing runs. */
export function leftText(secondsLeft: number | null | undefined, running: boolean): string {
  if (!running) return "";
  return formatTimeLeft(secondsLeft ?? undefined);
}

/** `37 %`, never 100 % before all is there. */
export function percentText(fraction: number | undefined): string {
  if (fraction === undefined) return "";
  return `${fraction >= 1 ? 100 : Math.min(99, Math.floor(fraction * 100))} %`;
}

/** Rows of a run that ended well, and all of them; deleted tags are rows, too. */
function counts(run: Run): { readonly ended: number; readonly all: number } {
  const { imagesSucceeded, imagesSkipped, imagesDeleted, imagesFailed, imagesRemaining } = run.tallies;
  const ended = imagesSucceeded + imagesSkipped + imagesDeleted;
  return { ended, all: ended + imagesFailed + imagesRemaining };
}

/** `3 of 12 images`, with what failed and what was skipped. */
export function imagesText(run: Run): string {
  const { imagesSkipped, imagesFailed } = run.tallies;
  const { ended, all } = counts(run);
  const total = all > 0 ? all : run.plan.images;
  const parts = [`${ended} of ${total} ${total === 1 ? "image" : "images"}`];
  if (imagesSkipped > 0) parts.push(`${imagesSkipped} skipped`);
  if (imagesFailed > 0) parts.push(`${imagesFailed} failed`);
  return parts.join(", ");
}

/** `3 of 12`, with what failed: as much as fits beside the run's name. */
export function countText(run: Run): string {
  const { imagesFailed } = run.tallies;
  const { ended, all } = counts(run);
  // A run that has failed says so where its progress was.
  const failed = imagesFailed > 0 && run.state !== "failed" ? `, ${imagesFailed} failed` : "";
  return `${ended} of ${all > 0 ? all : run.plan.images}${failed}`;
}

/** What a blob is, in a word: its media type is too long for a row. */
export function blobKindText(mediaType: string): string {
  if (/config|container\.image/.test(mediaType)) return "config";
  if (/layer|rootfs/.test(mediaType)) return "layer";
  return mediaType.slice(mediaType.lastIndexOf("/") + 1);
}

/** What a finished run did: `12.3 MiB moved in 4 s, 3.1 MiB already there`. */
export function resultText(run: Run): string {
  const { bytesTransferred, bytesPresent, bytesMounted, activeMs, imagesDeleted } = run.tallies;
  const parts = [`${formatBytes(bytesTransferred)} moved in ${formatDuration(activeMs)}`];
  if (bytesPresent > 0) parts.push(`${formatBytes(bytesPresent)} already there`);
  if (bytesMounted > 0) parts.push(`${formatBytes(bytesMounted)} linked`);
  if (imagesDeleted > 0) parts.push(`${imagesDeleted} ${imagesDeleted === 1 ? "tag" : "tags"} deleted`);
  return parts.join(", ");
}

/** What a run that failed in part or whole did: `2 of 12 images failed, 12.3 MiB moved in 4 s`. */
export function failedText(run: Run): string {
  const { imagesFailed } = run.tallies;
  const { all } = counts(run);
  return `${imagesFailed} of ${all} ${all === 1 ? "image" : "images"} failed, ${resultText(run)}`;
}

/** What a run is called in lists and announcements. */
export function runName(run: Run): string {
  return `${run.source.name} → ${run.destination.name}`;
}

export const announcements = {
  started: (name: string): string => `Started: ${name}`,
  quarter: (name: string, percent: number): string => `${name}: ${percent} %`,
  paused: (name: string): string => `Paused: ${name}`,
  done: (name: string, images: number): string =>
    `Done: ${name}, ${images} ${images === 1 ? "image" : "images"}`,
  failed: (name: string, failed: number): string =>
    `Failed: ${name}, ${failed} ${failed === 1 ? "image" : "images"} could not be copied`,
  cancelled: (name: string): string => `Cancelled: ${name}`,
} as const;

export function titleText(percent: string): string {
  return percent === "" ? "Freightliner" : `${percent} – Freightliner`;
}

export function statusText(active: number, paused: number, bytesPerSecond: number): string {
  if (active === 0) return paused === 0 ? "No transfers" : `${paused} paused`;
  return `${active} ${active === 1 ? "transfer" : "transfers"} · ${formatSpeed(Math.round(bytesPerSecond))}`;
}
