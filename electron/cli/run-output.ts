// Where a run's result goes: the files that were asked for, stdout for the result, stderr for what went wrong.
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { jsonText } from "../../shared/plain-text.ts";
import { reportPieces } from "../app/report.ts";
import { reportDocument } from "../app/report-document.ts";
import { runDocument } from "../app/run-document.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import type { CliIo } from "./cli-io.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { metricsDocument } from "./metrics-document.ts";
import { EventLines } from "./run-events.ts";
import type { RunFiles } from "./run-options.ts";
import type { RunResult } from "./run-result.ts";
import { errorLines, failureBlocks, planBlocks, resultBlocks } from "./run-text.ts";
import { type GlobalOptions, printDocument, printLines, printNote } from "./session.ts";

export interface RunOutput {
  readonly io: CliIo;
  readonly globals: GlobalOptions;
  readonly files: RunFiles;
  /** What was typed, without secrets. */
  readonly command: string;
}

/** Shows the result page by page and writes its files; a file that cannot be written turns success into failure. */
export async function presentResult(output: RunOutput, result: RunResult): Promise<ExitCode> {
  const { io, globals } = output;
  const written = await writeFiles(output, result);
  if (globals.json) await printDocument(io, runDocument(result));
  else if (globals.events) await new EventLines(io).result(runDocument(result));
  else await printResult(io, result);
  await printFailures(io, result);
  return written || result.exitCode !== exitCodes.done ? result.exitCode : exitCodes.someFailed;
}

export async function printResult(io: CliIo, result: RunResult): Promise<void> {
  if (result.run === null) return;
  const planned = result.run.state === "planned";
  const blocks = planned ? planBlocks(result.run, result.images) : resultBlocks(result);
  for await (const lines of blocks) printLines(io, lines);
}

export async function printFailures(io: CliIo, result: RunResult): Promise<void> {
  for await (const lines of failureBlocks(result)) printNote(io, lines.join("\n"));
}

interface ResultFile {
  readonly file: string;
  readonly what: string;
  readonly text: string | AsyncIterable<string>;
}

function metricsFile({ files, io }: RunOutput, result: RunResult): ResultFile[] {
  if (files.metrics === undefined) return [];
  const text = `${jsonText(metricsDocument(result, io.peakMemoryBytes()), 2)}\n`;
  return [{ file: files.metrics, what: "metrics file", text }];
}

function reportFile({ files, io, command }: RunOutput, result: RunResult): ResultFile[] {
  const { report } = files;
  if (report === undefined) return [];
  const { run, images, durations } = result;
  if (run === null) {
    printNote(io, `There was no run, so the report ${report.file} was not written.`);
    return [];
  }
  const document = reportDocument({ run, images, durations, version: io.version, command, now: io.now() });
  return [{ file: report.file, what: "report", text: reportPieces(document, report.format) }];
}

async function writeFiles(output: RunOutput, result: RunResult): Promise<boolean> {
  let written = true;
  for (const { file, what, text } of [...metricsFile(output, result), ...reportFile(output, result)]) {
    try {
      await writeFileAtomic(file, text, what);
    } catch (thrown) {
      // The work is done and its result is still shown; the exit code says that something is missing.
      const error = toWire(toFreightlinerError(thrown, "write-file"));
      printNote(output.io, errorLines(error.message, error.causes).join("\n"));
      written = false;
    }
  }
  return written;
}
