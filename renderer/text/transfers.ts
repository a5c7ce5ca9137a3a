// The words of the transfers: states, buttons, speeds, time left, hosts, limits and announcements.
import type { ImageState, Run, RunBlob, RunImage, RunState } from "../../shared/run.ts";
import { formatDuration, formatTimeLeft, type UnitSystem } from "../../shared/units.ts";
import { formatCount, plural } from "./common.ts";
import { formatBytes, formatSpeed } from "./sizes.ts";

export const transfersText = {
  title: "Transfers",
  tabs: { active: "Active", failed: "Failed", done: "Done" },
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  retryFailed: "Retry failed",
  retryImage: "Retry this image",
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
    saved: "Saved",
    attempts: "Tries",
  },
  allTab: "All",
  search: "Find a registry, repository or tag",
  noneFound: {
    title: "Nothing found",
    text: "No transfer here has that in the name of a registry, repository or tag.",
  },
  imageFilter: {
    label: "Images shown",
    all: "All images",
    failed: "Failed images",
    running: "Running images",
    waiting: "Waiting images",
    done: "Finished images",
  },
  noImages: "No image of this kind.",
  moveUp: "Move up",
  moveDown: "Move down",
  moveToTop: "Move to the top",
  moveToBottom: "Move to the bottom",
  queueBy: { smallest: "Sort the queue: smallest first", furthest: "Sort the queue: furthest first" },
  queueSorted: "The queue is sorted",
  raise: "Raise priority",
  lower: "Lower priority",
  openReport: "Open the report",
  showLog: "Show log",
  inspect: "Inspect at the source",
  inspectCopy: "Inspect at the destination",
  copyDigest: "Copy digest",
  digestCopied: "The digest was copied",
  selectAll: "Select all",
  pauseAll: "Pause all",
  resumeAll: "Resume all",
  clearFailed: "Clear failed",
  clearDone: "Clear finished",
  group: "Transfers",
  everything: "All repositories",
  toggle: "Pause or resume",
  drop: "Cancel or remove",
  aside: "Chosen transfer, speed and hosts",
  searchHint: "Find",
  focusList: "Go to the list of transfers",
  needs: {
    row: "Choose a transfer in the list first that can be treated so.",
    done: "No transfer has finished.",
    failed: "No transfer has failed.",
  },
  searchCommand: "Find a transfer",
  // What a pause does is not what one may expect: it is said where the button is.
  pauseHint: "Pause lets the parts under way end, so that nothing is sent twice. Cancel stops at once.",
  chosen: {
    none: "Choose a transfer to steer it.",
    title: "Chosen transfer",
    images: "Images at once",
    bandwidth: "Bandwidth",
    priority: "Priority",
    facts: {
      images: "Images",
      moved: "Moved",
      present: "Already there",
      mounted: "Linked, not sent",
      resumed: "Resumed",
      attachments: "Attachments",
      retries: "Tried again",
      time: "Time",
      average: "Average",
    },
  },
  limits: {
    title: "Limits of all transfers",
    short: "Limits",
    bandwidth: "Bandwidth",
    runs: "Transfers at once",
    toggle: "Limit bandwidth",
    timetable: "A timetable is set in Settings; while one of its rules holds, it counts instead.",
  },
  afterQueue: {
    label: "When all are done",
    nothing: "Do nothing",
    notify: "Notify me",
    quit: "Quit",
    refused: "The browser does not allow notifications from this page.",
  },
  hosts: {
    title: "Hosts",
    none: "Hosts appear here as soon as a transfer talks to them.",
    adjust: "Change this host's limits",
    adaptive: "Adapt to what the host can take",
    connections: "Most at once",
    bandwidth: "Bandwidth",
    bulk: "large",
    small: "small",
    waiting: "waiting",
    latency: "Latency",
    speed: "Speed",
    quota: "Pulls left",
    steering: "Limits",
  },
  offline: {
    title: "This computer is offline.",
    text: "Transfers wait and go on by themselves when the network is back.",
    allDown: "No registry of the running transfers answers.",
    allDownText: "Transfers wait, try again by themselves and go on where they stopped.",
  },
  waitingForHost: "Waiting",
  copyDetails: "Copy details",
  detailsCopied: "The details were copied",
  detailNames: {
    code: "Code",
    side: "Side",
    operation: "Operation",
    status: "HTTP status",
    cause: "Cause",
    run: "Transfer id",
    image: "Image",
  },
  sideNames: { source: "source", destination: "destination", local: "this computer" },
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
    "secrets-locked": "Vault locked",
    "lease-lost": "Taken over",
  },
  pausedForTitle: {
    user: "Paused",
    shutdown: "Paused when Freightliner was closed; Resume goes on where it stopped",
    "sign-in-needed": "Needs sign-in",
    "secrets-locked": "The saved passwords cannot be read for now; goes on by itself once they can",
    "lease-lost": "Taken over by another process",
  },
  verified: "Verified: read back and compared",
  chart: {
    title: "Throughput",
    all: "All transfers",
    now: "Now",
    average: "Average",
    peak: "Peak",
    idle: "No bytes moved in this time.",
    window: "Time shown",
    windows: { 60: "60 s", 300: "5 min", 3600: "1 h" },
    last: { 60: "last 60 s", 300: "last 5 min", 3600: "last hour" },
  },
  tryingAgain: "Trying again",
  signInNeeded: "The transfer waits until somebody signs in.",
  secretsLocked: "The transfer waits until the vault with the saved passwords is unlocked.",
  details: "Details…",
  failureTitle: "What went wrong",
  close: "Close",
  reload: "Reload",
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

/** How it is said of what is under way that it stands still. */
export type Still = "paused" | "waiting";
const stillWords: Readonly<Record<Still, string>> = { paused: "Paused", waiting: "Waiting" };

export function blobStateText(blob: RunBlob, still?: Still): string {
  if (still !== undefined && blob.state === "transferring") return stillWords[still];
  if (blob.state === "done" && blob.outcome !== null) return outcomeWords[blob.outcome];
  return blobStateWords[blob.state];
}

export const partlyDone = "Partly done";

/** Some images failed, and others came to their end. */
export function isPartly({ state, tallies }: Run): boolean {
  return state === "failed" && tallies.imagesSucceeded + tallies.imagesSkipped + tallies.imagesDeleted > 0;
}

/** The state of a run as the person should read it: the reason, where there is one. */
export function runStateText(run: Run): string {
  if (run.state === "paused" && run.stateReason !== null) return transfersText.pausedFor[run.stateReason];
  if (isPartly(run)) return partlyDone;
  return runStateWords[run.state];
}

/** The same in full, where the column has room for a word only. */
export function runStateTitle(run: Run): string {
  if (run.state === "paused" && run.stateReason !== null)
    return transfersText.pausedForTitle[run.stateReason];
  return runStateText(run);
}

export function imageStateText(image: RunImage, still?: Still): string {
  if (!image.selected) return "Left out";
  if (still !== undefined && image.state === "running") return stillWords[still];
  if (image.action === "delete" && image.state === "succeeded") return "Deleted";
  return imageStateWords[image.state];
}

/** `12.0 / 30.5 MiB`; the unit is said once where both have the same. */
export function bytesOfText(done: number, total: number, units: UnitSystem): string {
  if (total <= 0) return done > 0 ? formatBytes(done, units) : "–";
  const whole = formatBytes(total, units);
  const part = formatBytes(Math.min(done, total), units);
  const unit = whole.slice(whole.lastIndexOf(" "));
  return part.endsWith(unit) ? `${part.slice(0, -unit.length)} / ${whole}` : `${part} / ${whole}`;
}

/** Empty while nothing moves. */
export function speedText(bytesPerSecond: number | undefined, units: UnitSystem): string {
  return bytesPerSecond === undefined ? "" : formatSpeed(Math.round(bytesPerSecond), units);
}

/** `estimating` until it is known, empty where nothing runs. */
export function leftText(secondsLeft: number | null | undefined, running: boolean): string {
  if (!running) return "";
  return formatTimeLeft(secondsLeft ?? undefined);
}

export function triesText(tries: number): string {
  return `${formatCount(tries)} tries`;
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
export function resultText(run: Run, units: UnitSystem): string {
  const { bytesTransferred, bytesPresent, bytesMounted, activeMs, imagesDeleted } = run.tallies;
  const parts = [`${formatBytes(bytesTransferred, units)} moved in ${formatDuration(activeMs)}`];
  if (bytesPresent > 0) parts.push(`${formatBytes(bytesPresent, units)} already there`);
  if (bytesMounted > 0) parts.push(`${formatBytes(bytesMounted, units)} linked`);
  if (imagesDeleted > 0) parts.push(`${imagesDeleted} ${imagesDeleted === 1 ? "tag" : "tags"} deleted`);
  return parts.join(", ");
}

/** What a run that failed in part or whole did: `2 of 12 images failed, 12.3 MiB moved in 4 s`. */
export function failedText(run: Run, units: UnitSystem): string {
  const { imagesFailed } = run.tallies;
  const { all } = counts(run);
  return `${imagesFailed} of ${all} ${all === 1 ? "image" : "images"} failed, ${resultText(run, units)}`;
}

/** What a run copies, as short as it can be said: `team/app:v1`, `shop/**`, `team/app and 3 more`. */
export function runSubject({ spec }: Run): string {
  const names = spec.selection.flatMap((item) =>
    item.kind === "image"
      ? [imageName(item.repository, item.reference)]
      : item.names.length === 0 && item.include.every((glob) => glob === "**")
        ? [transfersText.everything]
        : [...item.names, ...item.include],
  );
  const [first = ""] = names;
  const more = names.length - 1 + (spec.namesLeft ?? 0);
  return more <= 0 ? first : `${first} and ${formatCount(more)} more`;
}
function imageName(repository: string, reference: string): string {
  return reference.includes(":") ? `${repository}@${reference}` : `${repository}:${reference}`;
}

/** What a run is called in lists and announcements. */
export function runName(run: Run): string {
  return `${run.source.name} → ${run.destination.name}`;
}

export const announcements = {
  started: (name: string): string => `Started: ${name}`,
  quarter: (name: string, percent: number): string => `${name}: ${percent} %`,
  paused: (name: string): string => `Paused: ${name}`,
  resumed: (name: string): string => `Resumed: ${name}`,
  done: (name: string, images: number): string =>
    `Done: ${name}, ${images} ${images === 1 ? "image" : "images"}`,
  failed: (name: string, failed: number): string =>
    `Failed: ${name}, ${failed} ${failed === 1 ? "image" : "images"} could not be copied`,
  cancelled: (name: string): string => `Cancelled: ${name}`,
} as const;

export function titleText(percent: string): string {
  return percent === "" ? "Freightliner" : `${percent} – Freightliner`;
}

export function statusText(
  active: number,
  paused: number,
  bytesPerSecond: number,
  units: UnitSystem,
): string {
  if (active === 0) return paused === 0 ? "No transfers" : `${paused} paused`;
  return `${active} ${active === 1 ? "transfer" : "transfers"} · ${formatSpeed(Math.round(bytesPerSecond), units)}`;
}

/** `3 transfers removed from the list`. */
export function removedText(count: number): string {
  return `${plural(count, "transfer", "transfers")} removed from the list`;
}
export const removedHint = "What was copied stays where it is.";

/** What was not sent because it was there, was linked there, or had been brought before: `1.2 GiB`. */
export function savedText(bytes: number, units: UnitSystem): string {
  return bytes > 0 ? formatBytes(bytes, units) : "";
}
export function savedTitle(present: number, mounted: number, resumed: number, units: UnitSystem): string {
  return [
    present > 0 ? `${formatBytes(present, units)} already there` : "",
    mounted > 0 ? `${formatBytes(mounted, units)} linked` : "",
    resumed > 0 ? `${formatBytes(resumed, units)} resumed` : "",
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** `Waiting for localhost:5000: connection refused; next try in 12 s`. */
export function waitingText(host: string, failure: string, secondsLeft: number | undefined): string {
  return `Waiting for ${host}: ${failure}; ${nextTryText(secondsLeft)}`;
}
function nextTryText(secondsLeft: number | undefined): string {
  return secondsLeft === undefined || secondsLeft <= 0
    ? "trying now"
    : `next try in ${formatDuration(secondsLeft * 1000)}`;
}

export function waitingForBlobText(runName: string): string {
  return `Waiting for the same blob, which ${runName} is copying`;
}

/** The state of a host as a person should read it. */
export function hostStateText(
  state: "ok" | "waiting" | "open" | "probing",
  failure: string | undefined,
  secondsLeft: number | undefined,
  busy: boolean,
): string {
  switch (state) {
    case "ok":
      return busy ? "Working" : "Idle";
    case "waiting":
      return secondsLeft === undefined ? "Waits" : `Waits ${formatDuration(secondsLeft * 1000)}`;
    case "open":
      return `Does not answer${failure === undefined ? "" : ` (${failure})`}; ${nextTryText(secondsLeft)}`;
    case "probing":
      return `Asking whether it is back${failure === undefined ? "" : ` (${failure})`}`;
  }
}

/** What the lanes show: `5 of 8 in use (3 large, 2 small), 4 waiting; at most 16`. */
export function lanesText(lanes: {
  readonly bulk: number;
  readonly small: number;
  readonly limit: number;
  readonly most: number;
  readonly waiting: number;
}): string {
  const { bulk, small, limit, most, waiting } = lanes;
  return `${bulk + small} of ${limit} in use (${bulk} large, ${small} small), ${waiting} waiting; at most ${most}`;
}

/** `42 of 100 in 6 h`. */
export function quotaText(remaining: number, limit: number, windowSeconds: number | null): string {
  const window = windowSeconds === null ? "" : ` in ${formatDuration(windowSeconds * 1000)}`;
  return `${remaining} of ${limit}${window}`;
}

export function latencyText(latencyMs: number | null): string {
  return latencyMs === null ? "–" : formatDuration(latencyMs);
}

export function limitText(bytesPerSecond: number | null, units: UnitSystem): string {
  return bytesPerSecond === null ? "No limit" : formatSpeed(bytesPerSecond, units);
}

export function priorityText(priority: number): string {
  if (priority === 0) return "Ordinary";
  return priority > 0 ? `+${priority}, earlier` : `−${-priority}, later`;
}

export function selectedText(count: number): string {
  return `${plural(count, "transfer", "transfers")} selected`;
}

/** Said after a move: `Production: place 2 of 5 in the queue`. */
export function placeText(name: string, place: number, of: number): string {
  return `${name}: place ${place} of ${of} in the queue`;
}
