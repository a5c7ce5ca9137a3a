// The options of each side: user name, password from the standard input, what runs there, and how it is reached.
import { type Command, InvalidArgumentError, Option } from "commander";
import { registrySettingsSchema } from "../../shared/endpoint.ts";
import { type ProviderId, providerIdSchema } from "../../shared/provider.ts";
import { usageError } from "./usage-error.ts";

/** How a registry is connected to, and as what. */
export interface ConnectionOptions {
  readonly plainHttp: boolean;
  readonly ca: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  readonly insecureSkipVerify: boolean;
  /** A URL without a user name, or "none". */
  readonly proxy: string | undefined;
  readonly kind: ProviderId | undefined;
}

export interface SideOptions extends ConnectionOptions {
  readonly username: string | undefined;
  readonly passwordStdin: boolean;
}

/** Nothing is asked for beside what is saved, or stands in a sync file. */
export const noConnectionOptions: ConnectionOptions = {
  plainHttp: false,
  ca: undefined,
  clientCert: undefined,
  clientKey: undefined,
  insecureSkipVerify: false,
  proxy: undefined,
  kind: undefined,
};

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
    .addOption(
      new Option(`--${prefix}client-cert <file>`, `PEM file with the certificate that ${word} is shown`),
    )
    .addOption(new Option(`--${prefix}client-key <file>`, "PEM file with the key of that certificate"))
    .addOption(new Option(`--${prefix}insecure-skip-verify`, `do not check the certificate of ${word}`))
    .addOption(
      new Option(
        `--${prefix}proxy <url>`,
        `http(s)://host:port on the way to ${word}, or none (default: the environment's)`,
      ).argParser(proxyText),
    )
    .addOption(
      new Option(
        `--${prefix}kind <product>`,
        `what ${word} is, where its host's name does not say it`,
      ).choices(providerIdSchema.options),
    );
}

/** A password in it would stand on the command line. */
function proxyText(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.username ?? "") !== "" || (url?.password ?? "") !== "")
    throw new InvalidArgumentError(
      "a user name or password for a proxy never stands on a command line; enter it for the saved registry, or set HTTPS_PROXY.",
    );
  if (registrySettingsSchema.shape.proxy.safeParse(text).success) return text;
  throw new InvalidArgumentError("expected none or a URL, like http://proxy.example:3128.");
}

/** Camel case, as commander names what it read. */
function keyOf(side: SideName, name: string): string {
  return `${prefixOf[side]}${name}`.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function readerOf(values: Readonly<Record<string, unknown>>, side: SideName) {
  const text = (name: string): string | undefined => {
    const value = values[keyOf(side, name)];
    return typeof value === "string" ? value : undefined;
  };
  return { text, flag: (name: string): boolean => values[keyOf(side, name)] === true };
}

/** @throws FreightlinerError `usage` where a client's certificate or its key stands alone. */
export function readConnectionOptions(
  values: Readonly<Record<string, unknown>>,
  side: SideName,
): ConnectionOptions {
  const { text, flag } = readerOf(values, side);
  const [clientCert, clientKey] = [text("client-cert"), text("client-key")];
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    const prefix = prefixOf[side];
    throw usageError(`--${prefix}client-cert and --${prefix}client-key belong together.`);
  }
  return {
    plainHttp: flag("plain-http"),
    ca: text("ca"),
    clientCert,
    clientKey,
    insecureSkipVerify: flag("insecure-skip-verify"),
    proxy: text("proxy"),
    kind: providerIdSchema.safeParse(text("kind")).data,
  };
}

/** @throws FreightlinerError `usage` where a user name or a password, a certificate or its key stands alone. */
export function readSideOptions(values: Readonly<Record<string, unknown>>, side: SideName): SideOptions {
  const { text, flag } = readerOf(values, side);
  const username = text("username");
  const passwordStdin = flag("password-stdin");
  if ((username === undefined) === passwordStdin) {
    const prefix = prefixOf[side];
    throw usageError(
      `--${prefix}username and --${prefix}password-stdin belong together; a password never stands on a command line.`,
    );
  }
  return { username, passwordStdin, ...readConnectionOptions(values, side) };
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
