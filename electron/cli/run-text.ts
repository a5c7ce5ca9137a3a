// A run's result for people: a table of images, the errors under it, one summary sentence.
import { shortDigest } from "../../shared/digest.ts";
import type { PlanWarning, Run, RunImage } from "../../shared/run.ts";
import { formatBytes, formatDuration, formatSpeed } from "../../shared/units.ts";
import type { ImagePages } from "../app/image-pages.ts";
import { attachmentsDocument } from "../app/run-document.ts";
import { destinationName, sourceName } from "../app/run-names.ts";
import type { RunResult } from "./run-result.ts";
import { type Column, PagedTable } from "./table.ts";

const columns = [
  { title: "RESULT" },
  { title: "SOURCE" },
  { title: "DESTINATION" },
  { title: "DIGEST" },
  { title: "SENT", align: "right" },
] as const;

const planColumns = [
  { title: "ACTION" },
  { title: "SOURCE" },
  { title: "DESTINATION" },
  { title: "TO SEND", align: "right" },
  { title: "WHY" },
] as const;

function doneWord({ action }: RunImage): string {
  return action === "overwrite" ? "overwrote" : action === "delete" ? "deleted" : "copied";
}

function resultWord(image: RunImage): string {
  switch (image.state) {
    case "succeeded":
      return doneWord(image);
    case "skipped":
      return "skipped";
    case "failed":
      return "FAILED";
    case "cancelled":
      return "cancelled";
    default:
      return image.selected ? "not done" : "left out";
  }
}

/** Ends without a full stop of its own, so that sentences can be joined. */
function count(number: number, what: string): string {
  return `${number} ${what}`;
}

/** Lines in blocks: those of the images page by page, then what they come to. */
type Blocks = AsyncGenerator<readonly string[]>;

async function* tableBlocks(
  columns: readonly Column[],
  images: ImagePages,
  row: (image: RunImage) => string[],
): Blocks {
  const table = new PagedTable(columns);
  for await (const page of images()) yield table.lines(page.map(row));
  if (table.begun) yield [""];
}

export async function* planBlocks(run: Run, images: ImagePages): Blocks {
  yield* tableBlocks(planColumns, images, (image) => [
    image.state === "failed" ? "cannot" : image.action,
    sourceName(run, image),
    destinationName(run, image),
    formatBytes(image.bytesToTransfer),
    image.error?.message ?? image.reason,
  ]);
  yield planSummary(run);
}

function planSummary(run: Run): string[] {
  const { plan } = run;
  const parts = [
    count(plan.copy, "to copy"),
    ...(plan.overwrite > 0 ? [count(plan.overwrite, "to overwrite")] : []),
    ...(plan.skip > 0 ? [count(plan.skip, "to skip")] : []),
    ...(plan.delete > 0 ? [count(plan.delete, "to DELETE")] : []),
    ...(plan.conflict > 0 ? [count(plan.conflict, "in conflict")] : []),
    ...(plan.unreadable > 0 ? [count(plan.unreadable, "unreadable")] : []),
  ];
  const bytes = [
    `${formatBytes(plan.bytesToTransfer)} to send`,
    ...(plan.bytesResumable > 0 ? [`${formatBytes(plan.bytesResumable)} of it there from before`] : []),
    `${formatBytes(plan.bytesPresent)} already there`,
    ...(plan.bytesMountable > 0 ? [`${formatBytes(plan.bytesMountable)} to mount`] : []),
  ];
  return [
    `Plan: ${plural(plan.images, "image")}: ${parts.join(", ")}; ${bytes.join(", ")}.`,
    attachmentsLine(run),
    ...warningLines(run, inRows),
    ...(plan.guard === null ? [] : [`Cannot be started: ${plan.guard}`]),
  ];
}

/** Left out of a plan: its rows say why, each for itself. */
const inRows: ReadonlySet<PlanWarning["code"]> = new Set(["conflict", "unreadable", "platform-missing"]);

/** Left out of a result: its rows and errors say the same of what really came of it. */
const ofPlansOnly: ReadonlySet<PlanWarning["code"]> = new Set([
  "conflict",
  "unreadable",
  "deletes",
  "overwrites-tag",
  "too-little-room",
]);

function warningLines({ plan }: Run, without: ReadonlySet<PlanWarning["code"]>): string[] {
  return plan.warnings.filter(({ code }) => !without.has(code)).map(({ text }) => `Warning: ${text}`);
}

/** How complete the images are with what belongs to them: signatures, SBOMs and other referrers. */
export function attachmentsLine(run: Run): string {
  if (!run.spec.options.attachments) return "Attachments: left out.";
  const { found, at_destination, to_copy, copied } = attachmentsDocument(run);
  if (found === 0) return "Attachments: none found.";
  const now = run.startedAt === null ? `${to_copy} to copy` : `${copied} copied now`;
  return `Attachments: ${found} found, ${at_destination} at the destination (${now}).`;
}

function plural(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function summaryLine(result: RunResult): string {
  const { run, bytesUnfinished = 0 } = result;
  if (run === null) return "Nothing was done.";
  const { tallies } = run;
  const seconds = tallies.activeMs / 1000;
  const unfinished = tallies.imagesRemaining > 0;
  const speed =
    seconds > 0 && tallies.bytesTransferred > 0 && !unfinished
      ? ` (${formatSpeed(tallies.bytesTransferred / seconds)})`
      : "";
  const images = [
    `${plural(tallies.imagesSucceeded, "image")} copied`,
    `${tallies.imagesSkipped} skipped`,
    ...(tallies.imagesDeleted > 0 ? [`${tallies.imagesDeleted} deleted`] : []),
    ...(tallies.imagesFailed > 0 ? [`${tallies.imagesFailed} failed`] : []),
    ...(tallies.imagesRemaining > 0 ? [`${tallies.imagesRemaining} not done`] : []),
  ];
  const bytes = [
    `${formatBytes(tallies.bytesTransferred)} sent${unfinished ? " in whole blobs" : ""} in ${formatDuration(tallies.activeMs)}${speed}`,
    // They are counted as resumed when the run goes on.
    ...(bytesUnfinished > 0 ? [`${formatBytes(bytesUnfinished)} of unfinished blobs there`] : []),
    `${formatBytes(tallies.bytesPresent)} already there`,
    ...(tallies.bytesMounted > 0 ? [`${formatBytes(tallies.bytesMounted)} mounted`] : []),
    ...(tallies.bytesResumed > 0 ? [`${formatBytes(tallies.bytesResumed)} resumed`] : []),
  ];
  return `${images.join(", ")}: ${bytes.join(", ")}. Run ${run.id}.`;
}

export async function* resultBlocks(result: RunResult): Blocks {
  const { run, images } = result;
  if (run === null) return;
  yield* tableBlocks(columns, images, (image) => [
    resultWord(image),
    sourceName(run, image),
    destinationName(run, image),
    writtenDigest(image),
    formatBytes(image.bytesTransferred),
  ]);
  yield [summaryLine(result), attachmentsLine(run), ...warningLines(run, ofPlansOnly)];
}

/** What the destination's tag points at: of some platforms only, that is not the source's digest. */
function writtenDigest({ digest, writesDigest }: RunImage): string {
  const written = writesDigest ?? digest;
  return written === null ? "" : shortDigest(written);
}

/** For stderr: every image that failed, with its whole sentence and the causes. */
export async function* failureBlocks(result: RunResult): Blocks {
  const { run, error, failed } = result;
  if (error !== null) yield errorLines(error.message, error.causes);
  if (run === null) return;
  for await (const images of failed()) yield images.flatMap((image) => imageFailure(run, image));
}

function imageFailure(run: Run, image: RunImage): string[] {
  const { error } = image;
  if (error === null) return [];
  const name = image.action === "delete" ? destinationName(run, image) : sourceName(run, image);
  return errorLines(`${name}: ${sideWord(error.side)}${error.message}`, error.causes);
}

function sideWord(side: "source" | "destination" | "local"): string {
  return side === "local" ? "" : `${side}: `;
}

export function errorLines(message: string, causes: readonly string[]): string[] {
  return [
    `error: ${message}`,
    ...causes.filter((cause) => !message.includes(cause)).map((cause) => `  because: ${cause}`),
  ];
}
