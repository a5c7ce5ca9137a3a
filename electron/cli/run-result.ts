// What a run came to, gathered once and then shown as a table, as JSON, as a report and as metrics.
import type { ContractClient } from "../../shared/client.ts";
import { type ErrorCode, type FreightlinerError, toWire } from "../../shared/errors.ts";
import type { ImageState, Run, RunImage } from "../../shared/run.ts";
import { type ImagePages, imagePages, noImages } from "../app/image-pages.ts";
import { type DocumentInput, statusOf } from "../app/run-document.ts";
import { type ExitCode, exitCodeOf, exitCodeOfRun, exitCodes } from "./exit-code.ts";

export interface RunResult extends DocumentInput {
  readonly exitCode: ExitCode;
  /** Those of its images that failed. */
  readonly failed: ImagePages;
  /** Milliseconds per image, as far as this process saw it run. */
  readonly durations: ReadonlyMap<number, number>;
  /** Throws a plan away that was only to be shown; called when everything that reads its images is done. */
  readonly release: () => Promise<void>;
}

export interface RunResultInput {
  readonly client: ContractClient;
  readonly run: Run;
  readonly durations: ReadonlyMap<number, number>;
  readonly release?: (() => Promise<void>) | undefined;
}

/** Its images are read page by page, each time they are asked for, as long as the client is open. */
export async function runResult({ client, run, durations, release }: RunResultInput): Promise<RunResult> {
  const pagesOf = (states?: ImageState[]) => (): AsyncIterable<readonly RunImage[]> =>
    imagePages((query) => client.call("runs.images", { runId: run.id, states, ...query }));
  const failed = pagesOf(["failed"]);
  const exitCode = exitCodeOfRun({
    state: run.state,
    stateReason: run.stateReason,
    error: run.error,
    ...(await countFailed(failed)),
    arrived: await countArrived(client, run),
  });
  return {
    ...{ run, status: statusOf(run), error: run.error, exitCode, durations, failed },
    images: pagesOf(),
    bytesUnfinished: await unfinishedBytes(client, run),
    release: release ?? nothingToRelease,
  };
}

/** What blobs brought there that were left in the middle; each once, however many images share it. */
async function unfinishedBytes(client: ContractClient, { id: runId, tallies }: Run): Promise<number> {
  const uploads = new Map<string, number>();
  if (tallies.imagesRemaining === 0) return 0;
  const states: ImageState[] = ["planned", "running"];
  for await (const images of imagePages((query) => client.call("runs.images", { runId, states, ...query }))) {
    const begun = images.filter(({ attempts }) => attempts > 0);
    // Images are begun in order: behind those that were, none was.
    if (begun.length === 0) break;
    for (const { id: imageId } of begun) {
      const { blobs } = await client.call("runs.blobs", { runId, imageId });
      for (const { repository, digest, bytesUploaded = 0 } of blobs)
        uploads.set(`${repository}@${digest}`, bytesUploaded);
    }
  }
  return uploads.values().reduce((sum, bytes) => sum + bytes, 0);
}

async function countArrived(client: ContractClient, { id: runId }: Run): Promise<number> {
  const states: ImageState[] = ["succeeded", "skipped"];
  const { total } = await client.call("runs.images", { runId, states, offset: 0, limit: 1 });
  return total;
}

async function countFailed(pages: ImagePages): Promise<{ failed: number; failedCodes: ErrorCode[] }> {
  const codes = new Set<ErrorCode>();
  let failed = 0;
  for await (const images of pages()) {
    failed += images.length;
    for (const image of images) codes.add(image.error?.code ?? "internal");
  }
  return { failed, failedCodes: [...codes] };
}

const nothingToRelease = async (): Promise<void> => {};
const noRun = {
  run: null,
  images: noImages,
  failed: noImages,
  durations: new Map(),
  release: nothingToRelease,
};

/** For a command that failed before there was a run. */
export function failedResult(error: FreightlinerError): RunResult {
  return {
    ...noRun,
    status: error.code === "cancelled" ? "interrupted" : "failed",
    error: toWire(error),
    exitCode: exitCodeOf(error.code),
  };
}

/** For a command that found nothing to do. */
export const nothingDone: RunResult = {
  ...noRun,
  status: "succeeded",
  error: null,
  exitCode: exitCodes.done,
};
