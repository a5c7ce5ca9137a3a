// `serve`: the web host; the entry brings the host, because the command line knows no other face.
import type { Command } from "commander";
import type { CliIo } from "../cli-io.ts";
import { exitCodes } from "../exit-code.ts";
import { saveFileJobs } from "../file-jobs.ts";
import { retryTime, wholeNumber } from "../option-values.ts";
import {
  type GlobalOptions,
  printLine,
  printNote,
  readGlobalFile,
  readGlobals,
  withSession,
} from "../session.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addServe(program: Command, context: CommandContext): void {
  const command = program
    .command("serve")
    .description(
      "run the window in a browser, on this machine only; with --config, the file's jobs by their schedules",
    )
    .option("--port <number>", "port on 127.0.0.1 (any free one by default)", wholeNumber(0, 65_535), 0)
    .option("--open", "open it in an installed Chromium-family browser")
    .option("--retry-for <time>", "as of replicate, for every run here (default: 15m)", retryTime);
  command.addHelpText("after", examples("serve --open", "serve --config sync.yaml --profile production"));
  command.action(async () => {
    const values = command.optsWithGlobals();
    const globals = readGlobals(values);
    const { io } = context;
    const file = await readGlobalFile(globals);
    if (file !== undefined) await saveJobs(io, globals);
    const stop = new AbortController();
    const unlisten = io.onSignal(() => stop.abort());
    // Who wanted the address has read it; the host stays.
    const ignoreReader = io.onReaderGone(() => {});
    try {
      await io.serve({
        config: io.readConfig({
          home: globals.home,
          retryFor: globals.retryFor,
          logLevel: globals.logLevel ?? file?.logLevel,
        }),
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

/** They are in the database before the host opens it and looks for what is due. */
async function saveJobs(io: CliIo, globals: GlobalOptions): Promise<void> {
  const saved = await withSession(io, globals, saveFileJobs);
  if (!globals.quiet && saved.length > 0)
    printNote(io, `Saved ${saved.length === 1 ? "the job" : "the jobs"} ${saved.join(", ")}.`);
}
