// What was typed, as one line for reports and checkpoints. Passwords are never on a command line to begin with.
import { shellWord } from "../../shared/command-words.ts";

export function typedCommand(argv: readonly string[]): string {
  return ["freightliner", ...argv].map(shellWord).join(" ");
}
