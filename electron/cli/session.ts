// One command's connection to the app: the contract's client, what was asked globally, how to stop, where to print.
import type { ContractClient } from "../../shared/client.ts";
import { jsonText, plainLines, plainText } from "../../shared/plain-text.ts";
import type { Config } from "../app/config.ts";
import type { App } from "../app/create-app.ts";
import { jsonPieces } from "../app/json-pieces.ts";
import { readSyncFile, type SyncFile } from "../app/sync-file.ts";
import type { CliIo } from "./cli-io.ts";
import { numberOf } from "./option-values.ts";
import { usageError } from "./usage-error.ts";

export interface GlobalOptions {
  readonly home: string | undefined;
  /** A sync file: its registries are known by name, its profile says what options leave open. */
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly logLevel: string | undefined;
  /** Milliseconds that runs wait for a host that nothing reaches any more, where it was said. */
  readonly retryFor: number | undefined;
  /** A file with the passphrase of the vault. */
  readonly vaultPassphraseFile: string | undefined;
  readonly json: boolean;
  readonly events: boolean;
  readonly quiet: boolean;
}

export interface Session {
  readonly io: CliIo;
  readonly config: Config;
  readonly globals: GlobalOptions;
  readonly client: ContractClient;
  /** What --config named. */
  readonly file: SyncFile | undefined;
  /** Aborts when the process is asked to stop. */
  readonly stop: AbortSignal;
}

/** Milliseconds that an orderly end may take after the process was asked to stop. */
const closeLimitMs = 1_000;

export function readGlobals(values: Readonly<Record<string, unknown>>): GlobalOptions {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    home: text("home"),
    config: text("config"),
    profile: text("profile"),
    logLevel: text("logLevel"),
    retryFor: numberOf(values, "retryFor"),
    vaultPassphraseFile: text("vaultPassphraseFile"),
    json: values.json === true,
    events: values.events === true,
    quiet: values.quiet === true,
  };
}

/** Opens the app, runs the work with a client, and closes it in order. A run also comes to rest where nobody reads stdout. */
export async function withSession<T>(
  io: CliIo,
  globals: GlobalOptions,
  work: (session: Session) => Promise<T>,
  withoutReader: "rest" | "end" = "end",
): Promise<T> {
  const file = await readGlobalFile(globals);
  const { home, retryFor, vaultPassphraseFile } = globals;
  const logLevel = globals.logLevel ?? file?.logLevel;
  const config = io.readConfig({ home, retryFor, vaultPassphraseFile, logLevel });
  const stop = new AbortController();
  const unlisten = [io.onSignal(() => stop.abort())];
  if (withoutReader === "rest") unlisten.push(io.onReaderGone(() => stop.abort()));
  let app: App | undefined;
  try {
    app = await io.createApp(config);
    const client = app.connectDirect();
    try {
      return await work({ io, config, globals, client, file, stop: stop.signal });
    } finally {
      client.close();
    }
  } finally {
    await closeApp(app, stop.signal);
    for (const stopListening of unlisten) stopListening();
  }
}

/** @throws FreightlinerError `configuration` with every problem of the file; `usage` for a profile without a file. */
export async function readGlobalFile({ config, profile }: GlobalOptions): Promise<SyncFile | undefined> {
  if (config !== undefined) return readSyncFile(config, profile);
  if (profile === undefined) return undefined;
  throw usageError(`--profile ${profile} stands in a sync file; expected --config FILE beside it.`);
}

/** After an interrupt nobody waits for a server that does not answer; the journal holds what is needed to go on. */
async function closeApp(app: App | undefined, stop: AbortSignal): Promise<void> {
  if (app === undefined) return;
  if (!stop.aborted) return app.close();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeLimitMs);
  });
  await Promise.race([app.close(), limit]);
  clearTimeout(timer);
}

/** A line of the result on stdout, safe for a terminal. */
export function printLine(io: CliIo, line: string): void {
  io.stdout.write(`${plainText(line)}\n`);
}
export function printLines(io: CliIo, lines: readonly string[]): void {
  if (lines.length > 0) io.stdout.write(`${lines.map(plainText).join("\n")}\n`);
}
/** The one JSON document of `--json`. */
export function printJson(io: CliIo, value: unknown): void {
  io.stdout.write(`${jsonText(value, 2)}\n`);
}
/** A document of which a part is read while it is written; `indent` 0 puts it on one line. */
export async function printDocument(io: CliIo, document: object, indent = 2): Promise<void> {
  for await (const piece of jsonPieces(document, indent)) {
    io.stdout.write(piece);
    await io.stdout.drained?.();
  }
  io.stdout.write("\n");
}
/** A remark for people, on stderr. */
export function printNote(io: CliIo, text: string): void {
  io.stderr.write(`${plainLines(text)}\n`);
}
