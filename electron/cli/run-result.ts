// What a run came to, gathered once and then shown as a table, as JSON, as a report and as metrics.
import type { ContractClient } from "../../shared/client.ts";
import { type ErrorCode, type FreightlinerError, toWire, type WireError } from "../../shared/errors.ts";
import { isHost, joinReference } from "../../shared/reference.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import { type ExitCode, exitCodeOf, exitCodeOfRun } from "./exit-code.ts";

const pageSize = 1_000;

export type RunStatus = "succeeded" | "failed" | "interrupted" | "planned";

export interface RunResult {
  /** Null where the command ended before there was a run. */
  readonly run: Run | null;
  readonly status: RunStatus;
  readonly images: readonly RunImage[];
  readonly error: WireError | null;
  readonly exitCode: ExitCode;
  /** Milliseconds per image, as far as this process saw it run. */
  readonly durations: ReadonlyMap<number, number>;
}

export function statusOf(run: Run): RunStatus {
  switch (run.state) {
    case "planned":
      return "planned";
    // An image that could not even be planned counts, although what was planned is all done.
    case "succeeded":
      return run.tallies.imagesFailed > 0 ? "failed" : "succeeded";
    case "failed":
      return "failed";
    default:
      return "interrupted";
  }
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

/** `host/repository:tag`, or `oci:DIR:repository:tag` for a folder. */
export function imageName(address: string, repository: string, reference: string | null): string {
  const name = reference === null ? repository : joinReference(repository, reference);
  return isHost(address) ? `${address}/${name}` : `oci:${address}:${name}`;
}
export function sourceName(run: Run, image: RunImage): string {
  return imageName(run.source.address, image.sourceRepository, image.sourceReference);
}
export function destinationName(run: Run, image: RunImage): string {
  return imageName(run.destination.address, image.destinationRepository, image.destinationReference);
}
