// What every command's action is given: the process around it, what was typed, and where its exit code goes.
import type { CliIo } from "../cli-io.ts";
import { typedCommand } from "../command-words.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Values } from "../option-values.ts";
import { readFiles } from "../run-options.ts";
import type { RunOutput } from "../run-output.ts";
import { readGlobals } from "../session.ts";

export interface CommandContext {
  readonly io: CliIo;
  readonly argv: readonly string[];
  finish(code: ExitCode): void;
}

/** Where a command that starts or follows a run shows what came of it. */
export function readOutput({ io, argv }: CommandContext, values: Values): RunOutput {
  return { io, globals: readGlobals(values), files: readFiles(values), command: typedCommand(argv) };
}

/** The examples under a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\n${lines.length > 1 ? "Examples" : "Example"}:\n${lines.map((line) => `  $ npx freightliner ${line}`).join("\n")}\n`;
}
