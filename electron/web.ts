// The entry of the web host: reads the command line, runs the host until it is told to stop.
import { parseArgs } from "node:util";
import { readConfig } from "./app/config.ts";
import { nodeVersionProblem } from "./app/node-version.ts";
import { runWebHost } from "./web/run-web-host.ts";

const usage = `freightliner web host

  --port N             listen on 127.0.0.1:N (any free port by default)
  --open               open a window in an installed Chromium, Chrome, Edge or Brave
  --quit-with-window   stop when that window is closed and nothing runs
  --home DIR           data folder
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}

function readPort(text: string | undefined): number {
  const port = Number(text ?? "0");
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  return fail(`--port must be a number from 0 to 65535, but is "${text}".`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: "string" },
        open: { type: "boolean", default: false },
        "quit-with-window": { type: "boolean", default: false },
        home: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const problem = nodeVersionProblem(process.version);
  if (problem !== undefined) fail(problem);
  const values = readArguments();
  if (values.help) return say(usage);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait; the journal holds what is needed to go on.
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  await runWebHost({
    config: readConfig({ home: values.home }),
    port: readPort(values.port),
    open: values.open ? "window" : "none",
    leaveWithWindow: values["quit-with-window"],
    print: say,
    stop: stop.signal,
  });
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
