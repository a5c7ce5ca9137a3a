// Where a run's result goes: the files that were asked for, stdout for the result, stderr for what went wrong.
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { writeFileAtomic } from "./atomic-file.ts";
import type { CliIo } from "./cli-io.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { jsonText } from "./plain-text.ts";
import { metricsDocument, reportDocument, runDocument } from "./run-document.ts";
import { EventLines } from "./run-events.ts";
import type { RunFiles } from "./run-options.ts";
import type { RunResult } from "./run-result.ts";
import { errorLines, failureLines, planLines, resultLines } from "./run-text.ts";
import { type GlobalOptions, printJson, printLines, printNote } from "./session.ts";

export interface RunOutput {
  readonly io: CliIo;
  readonly globals: GlobalOptions;
  readonly files: RunFiles;
  /** What was typed, without secrets. */
  readonly command: string;
}

/** Shows the result and writes its files; a file that cannot be written turns success into failure. */
export async function presentResult(output: RunOutput, result: RunResult): Promise<ExitCode> {
  const { io, globals } = output;
  const written = await writeFiles(output, result);
  if (globals.json) printJson(io, runDocument(result));
  else if (globals.events) new EventLines(io).line("result", runDocument(result));
  else if (result.run !== null) {
    printLines(io, result.status === "planned" ? planLines(result.run, result.images) : resultLines(result));
  }
  const failures = failureLines(result);
  if (failures.length > 0) printNote(io, failures.join("\n"));
  return written || result.exitCode !== exitCodes.done ? result.exitCode : exitCodes.someFailed;
}

async function writeFiles(output: RunOutput, result: RunResult): Promise<boolean> {
  const { files, io } = output;
  const wanted: readonly (readonly [string | undefined, string, unknown])[] = [
    [files.metrics, "metrics file", metricsDocument(result, io.peakMemoryBytes())],
    [files.report, "report", reportDocument(result, output.command)],
  ];
  let written = true;
  for (const [file, what, document] of wanted) {
    if (file === undefined) continue;
    try {
      await writeFileAtomic(file, `${jsonText(document, 2)}\n`, what);
    } catch (thrown) {
      // The work is done and its result is still shown; the exit code says that something is missing.
      const error = toWire(toFreightlinerError(thrown, "write-file"));
      printNote(io, errorLines(error.message, error.causes).join("\n"));
      written = false;
    }
  }
  return written;
}
