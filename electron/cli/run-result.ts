// What a run came to, gathered once and then shown as a table, as JSON, as a report and as metrics.
import type { ContractClient } from "../../shared/client.ts";
import { type ErrorCode, type FreightlinerError, toWire } from "../../shared/errors.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import { type DocumentInput, statusOf } from "../app/run-document.ts";
import { type ExitCode, exitCodeOf, exitCodeOfRun, exitCodes } from "./exit-code.ts";

const pageSize = 1_000;

export interface RunResult extends DocumentInput {
  readonly exitCode: ExitCode;
  /** Milliseconds per image, as far as this process saw it run. */
  readonly durations: ReadonlyMap<number, number>;
}

export async function readImages(client: ContractClient, runId: string): Promise<RunImage[]> {
  const images: RunImage[] = [];
  for (;;) {
    const page = await client.call("runs.images", { runId, offset: images.length, limit: pageSize });
    images.push(...page.images);
    if (page.images.length === 0 || images.length >= page.total) return images;
  }
}

export interface RunResultInput {
  readonly run: Run;
  readonly images: readonly RunImage[];
  readonly durations: ReadonlyMap<number, number>;
}

export function runResult({ run, images, durations }: RunResultInput): RunResult {
  const failed = images.filter((image) => image.state === "failed");
  const codes = new Set<ErrorCode>(failed.map((image) => image.error?.code ?? "internal"));
  const exitCode = exitCodeOfRun({
    state: run.state,
    stateReason: run.stateReason,
    error: run.error,
    arrived: images.filter((image) => image.state === "succeeded" || image.state === "skipped").length,
    failed: failed.length,
    failedCodes: [...codes],
  });
  return { run, status: statusOf(run), images, error: run.error, exitCode, durations };
}

/** For a command that failed before there was a run. */
export function failedResult(error: FreightlinerError): RunResult {
  return {
    run: null,
    status: error.code === "cancelled" ? "interrupted" : "failed",
    images: [],
    error: toWire(error),
    exitCode: exitCodeOf(error.code),
    durations: new Map(),
  };
}

/** For a command that found nothing to do. */
export const nothingDone: RunResult = {
  run: null,
  status: "succeeded",
  images: [],
  error: null,
  exitCode: exitCodes.done,
  durations: new Map(),
};
