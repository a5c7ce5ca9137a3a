// `serve`: the web host; the entry brings the host, because the command line knows no other face.
import type { Command } from "commander";
import { exitCodes } from "../exit-code.ts";
import { wholeNumber } from "../run-options.ts";
import { printLine, readGlobals } from "../session.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addServe(program: Command, context: CommandContext): void {
  const command = program
    .command("serve")
    .description("run the window in a browser, on this machine only")
    .option("--port <number>", "port on 127.0.0.1 (any free one by default)", wholeNumber(0, 65_535), 0)
    .option("--open", "open it in an installed Chromium-family browser");
  command.addHelpText("after", examples("serve --open"));
  command.action(async () => {
    const values = command.optsWithGlobals();
    const globals = readGlobals(values);
    const { io } = context;
    const stop = new AbortController();
    const unlisten = io.onSignal(() => stop.abort());
    // Who wanted the address has read it; the host stays.
    const ignoreReader = io.onReaderGone(() => {});
    try {
      await io.serve({
        config: io.readConfig({ home: globals.home, logLevel: globals.logLevel }),
        port: Number(values.port),
        open: values.open === true,
        print: (line) => printLine(io, line),
        stop: stop.signal,
      });
    } finally {
      unlisten();
      ignoreReader();
    }
    context.finish(exitCodes.done);
  });
}
