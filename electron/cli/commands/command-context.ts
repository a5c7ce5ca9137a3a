// What every command's action is given: the process around it, what was typed, and where its exit code goes.
import type { CliIo } from "../cli-io.ts";
import type { ExitCode } from "../exit-code.ts";

export interface CommandContext {
  readonly io: CliIo;
  readonly argv: readonly string[];
  finish(code: ExitCode): void;
}

/** The examples under a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\n${lines.length > 1 ? "Examples" : "Example"}:\n${lines.map((line) => `  $ npx freightliner ${line}`).join("\n")}\n`;
}
