// The options of each side: user name, password from the standard input, plain HTTP, authorities, skipped checks.
import { type Command, Option } from "commander";
import { usageError } from "./usage-error.ts";

export interface SideOptions {
  readonly username: string | undefined;
  readonly passwordStdin: boolean;
  readonly plainHttp: boolean;
  readonly ca: string | undefined;
  readonly insecureSkipVerify: boolean;
}

export type SideName = "source" | "destination" | "only";

const prefixOf: Readonly<Record<SideName, string>> = {
  source: "source-",
  destination: "destination-",
  only: "",
};
const wordOf: Readonly<Record<SideName, string>> = {
  source: "the source",
  destination: "the destination",
  only: "the registry",
};

/**
 * Adds `--source-username` and its siblings; for a command with one registry the names have no prefix.
 * @param short `-u` for the user name, where the command has it.
 */
export function addSideOptions(command: Command, side: SideName, short?: "-u"): Command {
  const prefix = prefixOf[side];
  const word = wordOf[side];
  const letter = short === undefined ? "" : `${short}, `;
  return command
    .addOption(new Option(`${letter}--${prefix}username <user>`, `user name for ${word}`))
    .addOption(
      new Option(`--${prefix}password-stdin`, `read the password for ${word} from the standard input`),
    )
    .addOption(new Option(`--${prefix}plain-http`, `speak plain HTTP with ${word}`))
    .addOption(new Option(`--${prefix}ca <file>`, `PEM file with further authorities for ${word}`))
    .addOption(new Option(`--${prefix}insecure-skip-verify`, `do not check the certificate of ${word}`));
}

/** Camel case, as commander names what it read. */
function keyOf(side: SideName, name: string): string {
  return `${prefixOf[side]}${name}`.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** @throws FreightlinerError `usage` where a user name or a password stands alone. */
export function readSideOptions(values: Readonly<Record<string, unknown>>, side: SideName): SideOptions {
  const text = (name: string): string | undefined => {
    const value = values[keyOf(side, name)];
    return typeof value === "string" ? value : undefined;
  };
  const flag = (name: string): boolean => values[keyOf(side, name)] === true;
  const username = text("username");
  const passwordStdin = flag("password-stdin");
  if ((username === undefined) === passwordStdin) {
    const prefix = prefixOf[side];
    throw usageError(
      `--${prefix}username and --${prefix}password-stdin belong together; a password never stands on a command line.`,
    );
  }
  return {
    username,
    passwordStdin,
    plainHttp: flag("plain-http"),
    ca: text("ca"),
    insecureSkipVerify: flag("insecure-skip-verify"),
  };
}

/** The options of a side as words of a command, without a secret. */
export function sideWords(options: SideOptions, side: SideName): string[] {
  const prefix = prefixOf[side];
  if (options.username === undefined) return [];
  return [`--${prefix}username`, options.username, `--${prefix}password-stdin`];
}

const longestPassword = 65_536;

/**
 * One password a line, in the order of the sides that ask for one.
 * @throws FreightlinerError `usage` where the input ends too early or a line is empty.
 */
export async function readPasswords(
  stdin: AsyncIterable<Uint8Array | string>,
  asked: readonly SideName[],
): Promise<ReadonlyMap<SideName, string>> {
  const passwords = new Map<SideName, string>();
  if (asked.length === 0) return passwords;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdin) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > longestPassword * asked.length)
      throw usageError("The password on the standard input is longer than 65536 characters.");
    if (text.split("\n").length > asked.length) break;
  }
  const lines = text.split("\n");
  for (const [index, side] of asked.entries()) {
    const password = lines[index]?.replace(/\r$/, "") ?? "";
    if (password === "") {
      throw usageError(
        `The standard input held no password for ${wordOf[side]}; expected one line for each side that asks for one, source first.`,
      );
    }
    passwords.set(side, password);
  }
  return passwords;
}
