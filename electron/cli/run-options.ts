// Options that say how a run behaves, and which files it leaves behind.
import { type Command, InvalidArgumentError, Option } from "commander";
import { platformSchema } from "../../shared/platform.ts";
import { type ReportFormat, reportFormatSchema } from "../../shared/report.ts";
import { defaultRunOptions, mirrorSchema, type RunOptions, runOptionsSchema } from "../../shared/run.ts";
import {
  checked,
  each,
  listOf,
  numberOf,
  retryTime,
  share,
  speed,
  textOf,
  type Values,
  wholeNumber,
} from "./option-values.ts";
import { usageError } from "./usage-error.ts";

export interface ReportFile {
  readonly file: string;
  readonly format: ReportFormat;
}

/** Files that a run leaves behind. */
export interface RunFiles {
  readonly metrics: string | undefined;
  readonly report: ReportFile | undefined;
  readonly checkpoint: string | undefined;
}

/** The form of a report goes by the end of its file's name. */
export function readReportFile(file: string): ReportFile {
  const ending = /\.([A-Za-z]+)$/.exec(file)?.[1]?.toLowerCase();
  const format = reportFormatSchema.safeParse(ending);
  if (format.success) return { file, format: format.data };
  throw new InvalidArgumentError("expected a file name that ends in .json, .csv or .html.");
}

export function addFileOptions(command: Command): Command {
  return command
    .option("--metrics-file <file>", "write counts, bytes and peak memory as JSON, also when it fails")
    .option(
      "--report <file>",
      "write what happened to every image; the form goes by the name's end: .json, .csv, .html",
      readReportFile,
    );
}

/** For every command that works on runs. */
export function addRetryOption(command: Command): Command {
  return command.option(
    "--retry-for <time>",
    "wait so long for a registry that cannot be reached any more before its images fail (default: 15m)",
    retryTime,
  );
}

/** What every command that starts a run understands. */
export function addRunOptions(command: Command): Command {
  return addRetryOption(addFileOptions(command))
    .addOption(
      new Option("--overwrite <when>", "what to do with a tag that is there (default: if-different)").choices(
        runOptionsSchema.shape.overwrite.unwrap().options,
      ),
    )
    .option(
      "--keep-both-suffix <text>",
      "what --overwrite keep-both puts behind the tag (default: -copy)",
      checked(runOptionsSchema.shape.keepBothSuffix.unwrap()),
    )
    .option("--force", "the same as --overwrite always")
    .option(
      "--platform <platform>",
      "only this os/arch[/variant] (repeatable)",
      each(checked(platformSchema)),
    )
    .option("--no-attachments", "leave signatures, SBOMs and other referrers behind")
    .option("--no-foreign-layers", "leave layers behind that are not meant to be distributed")
    .option("--bandwidth <speed>", "at most so many bytes a second, like 20MB/s", speed)
    .option("--verify", "read every blob at the destination again and compare it with its digest")
    .option("--dry-run", "show the plan and change nothing")
    .option("--checkpoint-file <file>", "write the run's name to a file for resume --checkpoint-file");
}

/** What only runs over many images understand. */
export function addManyOptions(command: Command): Command {
  const workers = wholeNumber(1, 64);
  return command
    .option("--parallel-workers <number>", "images copied at once (default: 4)", workers)
    .addOption(
      new Option("--workers <number>", "the same as --parallel-workers")
        .argParser(workers)
        .conflicts("parallelWorkers"),
    )
    .option("--mirror", "delete tags at the destination that the source does not have; needs --yes")
    .option(
      "--max-delete <number>",
      "with --mirror: more deletes than that and nothing is done (default: 100)",
      wholeNumber(0, 1_000_000),
    )
    .option(
      "--max-delete-share <percent>",
      "the same as a share of the destination's tags (default: 50%)",
      share,
    )
    .option("--yes", "really delete");
}

export function readFiles(values: Values): RunFiles {
  const { report } = values;
  return {
    metrics: textOf(values, "metricsFile"),
    report: isReportFile(report) ? report : undefined,
    checkpoint: textOf(values, "checkpointFile"),
  };
}

function isReportFile(value: unknown): value is ReportFile {
  return typeof value === "object" && value !== null && "file" in value && "format" in value;
}

/** What was asked for; what was not is left out, so that a profile can say it. */
export type AskedOptions = Partial<RunOptions>;

/** @throws FreightlinerError `usage` where options contradict each other or --mirror lacks its --yes. */
export function readRunOptions(values: Values): AskedOptions {
  const overwrite = overwriteOf(values);
  const suffix = textOf(values, "keepBothSuffix");
  const workers = numberOf(values, "parallelWorkers") ?? numberOf(values, "workers");
  const bandwidth = numberOf(values, "bandwidth");
  const platforms = listOf(values, "platform", platformSchema);
  return {
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(suffix === undefined ? {} : { keepBothSuffix: suffix }),
    ...(workers === undefined ? {} : { parallelImages: workers }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(platforms.length === 0 ? {} : { platforms }),
    ...(values.verify === true ? { verifyBlobs: true } : {}),
    ...(values.attachments === false ? { attachments: false } : {}),
    ...(values.foreignLayers === false ? { foreignLayers: "never" } : {}),
    ...mirrorOf(values),
  };
}

/** With what the profile says, and what holds everywhere. */
export function completeOptions(asked: AskedOptions, profile: Partial<RunOptions>): RunOptions {
  return { ...defaultRunOptions, ...profile, ...asked };
}

function overwriteOf(values: Values): RunOptions["overwrite"] | undefined {
  const said = runOptionsSchema.shape.overwrite.unwrap().safeParse(values.overwrite).data;
  if (values.force !== true) return said;
  if (said === undefined || said === "always") return "always";
  throw usageError(`--force means --overwrite always, but --overwrite ${said} was given too.`);
}

function mirrorOf(values: Values): Pick<AskedOptions, "mirror"> {
  const maxDelete = numberOf(values, "maxDelete");
  const maxShare = numberOf(values, "maxDeleteShare");
  if (values.mirror !== true) {
    const alone =
      maxDelete === undefined ? (maxShare === undefined ? undefined : "--max-delete-share") : "--max-delete";
    if (alone !== undefined)
      throw usageError(`${alone} limits what --mirror deletes; expected --mirror beside it.`);
    return {};
  }
  if (values.yes !== true && values.dryRun !== true) {
    throw usageError(
      "--mirror deletes tags at the destination; say --yes to do it, or --dry-run to see which.",
    );
  }
  return {
    mirror: mirrorSchema.parse({
      ...(maxDelete === undefined ? {} : { maxDelete }),
      ...(maxShare === undefined ? {} : { maxShare }),
    }),
  };
}
