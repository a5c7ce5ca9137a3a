// The entry of the command line: looks at Node, hands the real process to the commands, sets the exit code.

import { keepCompiledCode } from "./app/compiled-code.ts";
import { nodeVersionProblem } from "./app/node-version.ts";
import { keepHeapYoung } from "./app/young-heap.ts";
import type { CliIo, Output } from "./cli/cli-io.ts";
import { ProcessEnd } from "./cli/process-end.ts";

keepHeapYoung();
const problem = nodeVersionProblem(process.version);
if (problem === undefined) void main();
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  // Behind the look at Node: an old one would stumble over what follows.
  keepCompiledCode(import.meta.dirname);
  const { runCli, tellUncaught } = await import("./cli/run-cli.ts");
  const { readConfig } = await import("./app/config.ts");
  const { version } = await import("./app/version.ts");
  const { askAtTerminal } = await import("./cli/terminal.ts");

  const end = new ProcessEnd(process);
  const io: CliIo = {
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    stdin: process.stdin,
    // Questions go where results do not.
    ask:
      process.stdin.isTTY && process.stderr.isTTY
        ? (question) => askAtTerminal(process.stdin, (text) => void process.stderr.write(text), question)
        : undefined,
    version,
    readConfig,
    // Loaded where it is needed: --version, --help and a wrong word would wait for it in vain.
    createApp: async (config) => {
      const { createApp } = await import("./app/create-app.ts");
      const { createLog } = await import("./app/log.ts");
      return createApp({ face: "cli", config, log: createLog({ level: config.logLevel, destination: 2 }) });
    },
    serve: async ({ open, ...options }) => {
      const { runWebHost } = await import("./web/run-web-host.ts");
      await runWebHost({ ...options, open: open ? "window" : "none", leaveWithWindow: false });
    },
    onSignal: (listener) => end.onSignal(listener),
    onReaderGone: (listener) => end.onReaderGone(listener),
    now: Date.now,
    // Kilobytes on every platform that libuv knows.
    peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
  };
  end.catchUncaught((error) => tellUncaught(io, error));
  process.exitCode = end.codeOf(await runCli(process.argv.slice(2), io));
  process.stdin.destroy();
  await end.flush();
  // Nothing is left to do; a server that keeps a connection open must not keep the process.
  setTimeout(() => process.exit(), 500).unref();
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    drained: () => drained(stream),
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns || 80;
    },
  };
}

/** A reader that is gone needs no room. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    for (const end of ["drain", "error", "close"] as const) stream.once(end, () => resolve());
  });
}
