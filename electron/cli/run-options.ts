// The options that every command with a run understands: what is written where, and how the run behaves.
import { type Command, InvalidArgumentError, Option } from "commander";
import { defaultRunOptions, type RunOptions } from "../../shared/run.ts";
import { usageError } from "./usage-error.ts";

/** Files that a run leaves behind. */
export interface RunFiles {
  readonly metrics: string | undefined;
  readonly report: string | undefined;
  readonly checkpoint: string | undefined;
}

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}.`);
  };
}

/** For options that may be given several times. */
export function repeated(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

export function addFileOptions(command: Command): Command {
  return command
    .option("--metrics-file <file>", "write counts, bytes and peak memory as JSON, also when it fails")
    .option("--report <file>", "write what happened to every image as JSON");
}

export function addRunOptions(command: Command): Command {
  return addFileOptions(command)
    .addOption(
      new Option("--overwrite <when>", "what to do with a tag that is there (default: if-different)").choices(
        ["if-different", "never", "always"],
      ),
    )
    .option("--force", "the same as --overwrite always")
    .option("--verify", "read every blob at the destination again and compare it with its digest")
    .option("--dry-run", "show the plan and change nothing")
    .option("--checkpoint-file <file>", "write the run's name to a file for resume --checkpoint-file");
}

export function readFiles(values: Readonly<Record<string, unknown>>): RunFiles {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return { metrics: text("metricsFile"), report: text("report"), checkpoint: text("checkpointFile") };
}

/** @throws FreightlinerError `usage` where --force and --overwrite contradict each other. */
export function readRunOptions(values: Readonly<Record<string, unknown>>): RunOptions {
  const overwrite = values.overwrite;
  const force = values.force === true;
  if (force && overwrite !== undefined && overwrite !== "always") {
    throw usageError(`--force means --overwrite always, but --overwrite ${String(overwrite)} was given too.`);
  }
  const workers = values.parallelWorkers ?? values.workers;
  return {
    ...defaultRunOptions,
    overwrite: force
      ? "always"
      : overwrite === "never" || overwrite === "always"
        ? overwrite
        : "if-different",
    verifyBlobs: values.verify === true,
    parallelImages: typeof workers === "number" ? workers : 4,
  };
}
