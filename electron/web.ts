// The entry of the web host: reads the command line, runs the host until it is told to stop.

import { toFreightlinerError } from "../shared/errors.ts";
import { keepCompiledCode } from "./app/compiled-code.ts";
import { readConfig } from "./app/config.ts";
import { nodeVersionProblem } from "./app/node-version.ts";
import { keepHeapYoung } from "./app/young-heap.ts";
import { type CommandLine, readCommandLine, usage } from "./web/command-line.ts";
import { stopBySignal } from "./web/stop-by-signal.ts";

function fail(text: string, code = 2): never {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

function failWith(error: unknown): never {
  const { code, message } = toFreightlinerError(error, "serve");
  return fail(message, code === "internal" ? 1 : 2);
}

async function serve(asked: Extract<CommandLine, { readonly kind: "run" }>): Promise<void> {
  // Behind the look at Node, and where the program's code can be kept: an import at the top would come before both.
  keepCompiledCode(import.meta.dirname);
  const { runWebHost } = await import("./web/run-web-host.ts");
  await runWebHost({
    config: readConfig({ home: asked.home }),
    port: asked.port,
    open: asked.open,
    leaveWithWindow: asked.leaveWithWindow,
    print: say,
    stop: stopBySignal(process),
  });
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// Who read the address may hang up; transfers go on.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);
keepHeapYoung();
const problem = nodeVersionProblem(process.version);
if (problem !== undefined) fail(problem);
const asked = readCommandLine(process.argv.slice(2));
if (asked.kind === "problem") fail(asked.text);
if (asked.kind === "help") say(usage);
else void serve(asked).catch(failWith);
