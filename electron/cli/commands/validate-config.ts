// `validate-config FILE`: every problem of a sync file with line, column and what was expected.
import type { Command } from "commander";
import { checkSyncFile, problemLines } from "../../app/sync-file.ts";
import { exitCodes } from "../exit-code.ts";
import { textOf } from "../option-values.ts";
import { printJson, printLine, printLines, readGlobals } from "../session.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addValidateConfig(program: Command, context: CommandContext): void {
  const command = program
    .command("validate-config")
    .description("check a sync file and tell every problem with its line, column and what was expected")
    .argument("[file]", "the sync file (or --config FILE)");
  command.addHelpText("after", examples("validate-config sync.yaml", "validate-config sync.yaml --json"));
  command.action(async (typed: string | undefined) => {
    const values = command.optsWithGlobals();
    const { io } = context;
    const globals = readGlobals(values);
    const file = typed ?? textOf(values, "config");
    if (file === undefined) throw usageError("Say which file: validate-config FILE.");
    const checked = await checkSyncFile(file, globals.profile);
    const { problems } = checked;
    if (globals.json) printJson(io, { file, valid: problems.length === 0, problems });
    else if (checked.file === undefined) printLines(io, problemLines(file, problems));
    else {
      const jobs = checked.file.jobs.map((job) => job.name).join(", ");
      printLine(io, `${file} is valid: ${jobs === "" ? "no jobs" : `jobs ${jobs}`}.`);
    }
    context.finish(problems.length === 0 ? exitCodes.done : exitCodes.usage);
  });
}
