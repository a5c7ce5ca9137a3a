// What the command line needs of the process around it, so that tests can run it in their own.
import type { Config, ConfigOverrides } from "../app/config.ts";
import type { App } from "../app/create-app.ts";
import type { Question } from "./terminal.ts";

export interface Output {
  write(text: string): void;
  /** Resolves when what was written has room, however slow the reader is; without it there always is. */
  readonly drained?: () => Promise<void>;
  readonly isTTY: boolean;
  /** Columns of the terminal; 80 where it is none. */
  readonly columns: number;
}

export interface ServeOptions {
  readonly config: Config;
  readonly port: number;
  readonly open: boolean;
  readonly print: (line: string) => void;
  readonly stop: AbortSignal;
}

export interface CliIo {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Chunks of the standard input; read only where a password is asked from it. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Asks a person at the terminal for a line; undefined where there is none. @throws as `askAtTerminal`. */
  readonly ask?: ((question: Question) => Promise<string>) | undefined;
  readonly version: string;
  readConfig(overrides: ConfigOverrides): Config;
  createApp(config: Config): Promise<App>;
  serve(options: ServeOptions): Promise<void>;
  /** Calls the listener when the process is asked to stop (SIGINT, SIGTERM, SIGHUP); returns how to stop listening. */
  onSignal(listener: () => void): () => void;
  /** Calls the listener when nobody reads stdout any more; without a listener the process ends then. */
  onReaderGone(listener: () => void): () => void;
  /** Milliseconds since 1970. */
  now(): number;
  /** The most memory that the process ever held, in bytes. */
  peakMemoryBytes(): number;
}
