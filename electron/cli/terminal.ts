// Asks a person at a terminal for a line; what is secret is not shown while it is typed.
import { FreightlinerError } from "../../shared/errors.ts";
import { usageError } from "./usage-error.ts";

/** The parts of the standard input that this needs. */
export interface TerminalInput {
  setRawMode(raw: boolean): unknown;
  on(event: "data", listener: (chunk: Buffer | string) => void): unknown;
  off(event: "data" | "end", listener: (chunk: Buffer | string) => void): unknown;
  once(event: "end", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface Question {
  readonly text: string;
  /** Nothing of the answer is shown. */
  readonly secret: boolean;
  readonly signal: AbortSignal;
}

/** Characters. */
const longestAnswer = 65_536;

function cancelled(): FreightlinerError {
  return new FreightlinerError({
    code: "cancelled",
    operation: "ask",
    message: "The question was not answered.",
  });
}

/**
 * One line, without its end. The terminal itself echoes nothing meanwhile: what may be seen is written here.
 * @throws FreightlinerError `cancelled` for Ctrl-C, Ctrl-D or the end of the input, `usage` for an endless line; the signal's reason.
 */
export function askAtTerminal(
  input: TerminalInput,
  write: (text: string) => void,
  { text, secret, signal }: Question,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = "";
  const take = (character: string): void => {
    switch (character) {
      case "\r":
      case "\n":
        resolve(typed);
        return;
      case "\u0003":
      case "\u0004":
        reject(cancelled());
        return;
      case "\b":
      case "\u007f":
        if (typed !== "" && !secret) write("\b \b");
        typed = [...typed].slice(0, -1).join("");
        return;
      default:
        // Arrow keys and the like come as an escape with letters behind it: no part of a line.
        if (character < " ") return;
        typed += character;
        if (!secret) write(character);
        if (typed.length > longestAnswer) reject(usageError("The answer is too long."));
    }
  };
  const onData = (chunk: Buffer | string): void => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences of keys are left out
    for (const character of chunk.toString().replace(/\u001b\[[0-9;]*[A-Za-z~]/g, "")) take(character);
  };
  const onEnd = (): void => reject(cancelled());
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  input.on("data", onData);
  input.once("end", onEnd);
  input.setRawMode(true);
  input.resume();
  write(text);
  return promise.finally(() => {
    signal.removeEventListener("abort", onAbort);
    input.off("data", onData);
    input.off("end", onEnd);
    input.setRawMode(false);
    input.pause();
    write("\n");
  });
}
