// The command line in this process: real app, real data folder, captured output, signals by hand.
import { join } from "node:path";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { CliIo, ServeOptions } from "../../electron/cli/cli-io.ts";
import { runCli } from "../../electron/cli/run-cli.ts";

export interface CliEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Questions that were asked, those for a secret in brackets. */
  readonly asked?: readonly string[];
}

export interface HarnessOptions {
  readonly home: string;
  readonly input?: readonly (string | Uint8Array)[];
  readonly tty?: boolean;
  readonly colour?: boolean;
  readonly columns?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a person types, one answer for each question; a terminal is there only where they are given. */
  readonly answers?: readonly string[];
  readonly createApp?: CliIo["createApp"];
  readonly serve?: (options: ServeOptions) => Promise<void>;
  readonly now?: () => number;
  /** Called with every text for stderr, e.g. to send a signal at a certain moment. */
  readonly onStderr?: (text: string, interrupt: () => void) => void;
  /** The reader of stdout goes away when it has seen this. */
  readonly readerLeavesAt?: RegExp;
  readonly onStdout?: (text: string, interrupt: () => void) => void;
}

/** Runs one command line to its end. */
export async function cli(options: HarnessOptions, ...argv: readonly string[]): Promise<CliEnd> {
  let stdout = "";
  let stderr = "";
  const asked: string[] = [];
  const listeners = new Set<() => void>();
  const readerListeners = new Set<() => void>();
  const interrupt = (): void => {
    for (const listener of listeners) listener();
  };
  const shape = { isTTY: options.tty === true, columns: options.columns ?? 100 };
  const io: CliIo = {
    stdout: {
      ...shape,
      write: (text) => {
        stdout += text;
        options.onStdout?.(text, interrupt);
        if (options.readerLeavesAt?.test(text) === true) for (const listener of readerListeners) listener();
      },
    },
    stderr: {
      ...shape,
      write: (text) => {
        stderr += text;
        options.onStderr?.(text, interrupt);
      },
    },
    stdin: (async function* () {
      yield* options.input ?? [];
    })(),
    ask:
      options.answers === undefined
        ? undefined
        : async ({ text, secret }) => {
            asked.push(secret ? `[${text.trim()}]` : text.trim());
            const answer = options.answers?.[asked.length - 1];
            if (answer === undefined) throw new Error(`nobody answers "${text}"`);
            return answer;
          },
    version: "9.9.9",
    readConfig: (overrides) => {
      const environment = {
        FREIGHTLINER_HOME: options.home,
        DOCKER_CONFIG: join(options.home, "no-docker"),
        ...(options.colour === true ? {} : { NO_COLOR: "1" }),
        ...options.env,
      };
      return readConfig(overrides, environment);
    },
    createApp: options.createApp ?? ((config) => createApp({ face: "cli", config, log: silentLog })),
    serve: options.serve ?? (() => Promise.resolve()),
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReaderGone: (listener) => {
      readerListeners.add(listener);
      return () => readerListeners.delete(listener);
    },
    now: options.now ?? Date.now,
    peakMemoryBytes: () => 123_456_789,
  };
  const code = await runCli(argv, io);
  return { code, stdout, stderr, ...(options.answers === undefined ? {} : { asked }) };
}
