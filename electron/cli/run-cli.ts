// The command line's one door: words in, exit code out. Everything it touches comes in through CliIo.
import { Command, CommanderError } from "commander";
import { toFreightlinerError, toWire } from "../../shared/errors.ts";
import { plainLines } from "../../shared/plain-text.ts";
import { errorDocument } from "../app/run-document.ts";
import type { CliIo } from "./cli-io.ts";
import { addAuth } from "./commands/auth.ts";
import { type CommandContext, examples } from "./commands/command-context.ts";
import { addCompare } from "./commands/compare.ts";
import { addCopy } from "./commands/copy.ts";
import { addDelete } from "./commands/delete.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addInspect } from "./commands/inspect.ts";
import { addJobs } from "./commands/jobs.ts";
import { addLogin } from "./commands/login.ts";
import { addLogout } from "./commands/logout.ts";
import { addListTags, addLs } from "./commands/ls.ts";
import { addPlan, addReplicate } from "./commands/replicate.ts";
import { addResume } from "./commands/resume.ts";
import { addCheckpoint, addRuns } from "./commands/runs.ts";
import { addServe } from "./commands/serve.ts";
import { addSync } from "./commands/sync.ts";
import { addValidateConfig } from "./commands/validate-config.ts";
import { addVerify } from "./commands/verify.ts";
import { exitCodeOf, exitCodes } from "./exit-code.ts";
import { errorLines } from "./run-text.ts";
import { printJson, printNote } from "./session.ts";
import { usageError } from "./usage-error.ts";

/** Runs one command and resolves with its exit code; never rejects and never ends the process. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = exitCodes.done;
  const context: CommandContext = {
    io,
    argv,
    finish: (decided) => {
      code = decided;
    },
  };
  try {
    const program = createProgram(context);
    if (argv.length === 0) {
      io.stderr.write(program.helpInformation());
      return exitCodes.usage;
    }
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return tellError(io, argv, thrown);
    // Help and version were printed; anything else has its sentence on stderr already.
    if (thrown.exitCode === 0) return exitCodes.done;
    if (argv.includes("--json"))
      printJson(io, { error: errorDocument(toWire(usageError(usageText(thrown)))) });
    return exitCodes.usage;
  }
}

/** For an error that reached nobody: a defect of ours, told with its stack. */
export function tellUncaught(io: CliIo, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  printNote(io, `Freightliner met an error of its own and stops: ${text}`);
}

function usageText(error: CommanderError): string {
  return error.message.replace(/^error: /, "");
}

function tellError(io: CliIo, argv: readonly string[], thrown: unknown): number {
  const error = toFreightlinerError(thrown, "command");
  const wire = toWire(error);
  if (argv.includes("--json")) printJson(io, { error: errorDocument(wire) });
  printNote(io, errorLines(wire.message, wire.causes).join("\n"));
  return exitCodeOf(error.code);
}

function createProgram(context: CommandContext): Command {
  const { io } = context;
  const program = new Command("freightliner");
  program
    .description(
      "Copy container images between registries, watch every byte, and prove that what arrived is what left.",
    )
    .version(io.version, "--version", "print the version")
    .helpOption("--help", "show help")
    .helpCommand(false)
    .option("--home <dir>", "data folder (also FREIGHTLINER_HOME)")
    .option(
      "--config <file>",
      "a sync file: its registries by name, its profile's settings, its jobs for sync",
    )
    .option("--profile <name>", "a profile of that file")
    .option("--log-level <level>", "debug, info, warn or error")
    .option(
      "--vault-passphrase-file <file>",
      "a file with the passphrase of the vault in its first line (also FREIGHTLINER_VAULT_PASSPHRASE_FILE)",
    )
    .option("--json", "print one JSON document on stdout")
    .option("--events", "print one JSON object a line while a run runs")
    .option("--quiet", "no progress on stderr")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(plainLines(text)),
      getOutHelpWidth: () => Math.max(60, io.stdout.columns),
      getErrHelpWidth: () => Math.max(60, io.stderr.columns),
    })
    .exitOverride()
    .addHelpText(
      "after",
      examples("copy localhost:5000/team/app:v1 localhost:5001/team/app:v1", "replicate --help"),
    );
  const adders = [
    ...[addCopy, addReplicate, addPlan, addResume, addRuns, addCheckpoint],
    ...[addSync, addJobs, addValidateConfig, addCompare, addVerify],
    ...[addLs, addListTags, addInspect, addDelete, addServe, addDoctor],
    ...[addLogin, addLogout, addAuth],
  ];
  for (const add of adders) add(program, context);
  return program;
}
