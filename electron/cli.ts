// The entry of the command line: looks at Node, hands the real process to the commands, sets the exit code.

import { nodeVersionProblem } from "./app/node-version.ts";
import { keepHeapYoung } from "./app/young-heap.ts";
import type { CliIo, Output } from "./cli/cli-io.ts";

keepHeapYoung();
const problem = nodeVersionProblem(process.version);
if (problem === undefined) void main();
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  // Behind the look at Node: what follows loads SQLite, which ends an old Node without a word.
  const { runCli } = await import("./cli/run-cli.ts");
  const { readConfig } = await import("./app/config.ts");
  const { createApp, version } = await import("./app/create-app.ts");
  const { createLog } = await import("./app/log.ts");

  const io: CliIo = {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    stdin: process.stdin,
    version,
    readConfig,
    createApp: (config) =>
      createApp({ face: "cli", config, log: createLog({ level: config.logLevel, destination: 2 }) }),
    serve: async ({ open, ...options }) => {
      const { runWebHost } = await import("./web/run-web-host.ts");
      await runWebHost({ ...options, open: open ? "window" : "none", leaveWithWindow: false });
    },
    onSignal,
    now: Date.now,
    // Kilobytes on every platform that libuv knows.
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
  };
  endQuietlyWithoutReader();
  process.exitCode = await runCli(process.argv.slice(2), io);
  process.stdin.destroy();
  // Nothing is left to do; a server that keeps a connection open must not keep the process.
  setTimeout(() => process.exit(), 500).unref();
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || 80;
    },
  };
}

/** The first signal asks for an orderly end; whoever asks twice does not want to wait, the journal holds what is needed. */
function onSignal(listener: () => void): () => void {
  let asked = false;
  const handle = (): void => {
    if (asked) process.exit(130);
    asked = true;
    listener();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

/** `freightliner ls … | head` is no error. */
function endQuietlyWithoutReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 1);
  });
}
