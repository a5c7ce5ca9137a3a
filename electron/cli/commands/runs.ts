// `runs [list|show|report|delete]` and `checkpoint list`: the history.
import { type Command, Option } from "commander";
import { reportFormatSchema } from "../../../shared/report.ts";
import type { Run } from "../../../shared/run.ts";
import { formatBytes } from "../../../shared/units.ts";
import { reportPieces } from "../../app/report.ts";
import { reportDocument } from "../../app/report-document.ts";
import { runDocument, statusOf } from "../../app/run-document.ts";
import { writeFileAtomic } from "../atomic-file.ts";
import { exitCodes } from "../exit-code.ts";
import { wholeNumber } from "../option-values.ts";
import { readFiles, readReportFile } from "../run-options.ts";
import { printFailures } from "../run-output.ts";
import { type RunResult, runResult } from "../run-result.ts";
import { resultBlocks } from "../run-text.ts";
import {
  printDocument,
  printJson,
  printLine,
  printLines,
  printNote,
  readGlobals,
  type Session,
  withSession,
} from "../session.ts";
import { factLines, tableLines } from "../table.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";
import { readRunId } from "./resume.ts";

export function addRuns(program: Command, context: CommandContext): void {
  const runs = program.command("runs").description("the history of runs");
  runs.addHelpText("after", examples("runs", "runs show 01JABCDEFGHJKMNPQRSTVWXYZ0"));
  addList(runs, context);
  addShow(runs, context);
  addReport(runs, context);
  addDelete(runs, context);
}

/** The name under which other tools look for interrupted work. */
export function addCheckpoint(program: Command, context: CommandContext): void {
  const checkpoint = program.command("checkpoint").description("another name for the history of runs");
  checkpoint.addHelpText("after", examples("checkpoint list"));
  addList(checkpoint, context);
}

function addList(parent: Command, context: CommandContext): void {
  const command = parent
    .command("list", { isDefault: true })
    .description("list runs, newest first")
    .option("--limit <number>", "at most so many", wholeNumber(1, 1000), 50)
    .addHelpText("after", examples(`${parent.name()} list --limit 10`));
  command.action(async () => {
    const values = command.optsWithGlobals();
    await withSession(context.io, readGlobals(values), (session) => listRuns(session, Number(values.limit)));
    context.finish(exitCodes.done);
  });
}

async function listRuns({ client, io, globals, stop }: Session, limit: number): Promise<void> {
  const { runs, total } = await client.call("runs.list", { limit }, stop);
  if (globals.json) {
    printJson(io, { runs: runs.map(runRow), total });
    return;
  }
  const rows = runs.map((run) => [
    run.id,
    run.state,
    time(run.createdAt),
    `${run.source.name} → ${run.destination.name}`,
    `${done(run)}/${run.plan.images + run.plan.delete}`,
    formatBytes(run.tallies.bytesTransferred),
  ]);
  const columns = [
    { title: "RUN" },
    { title: "STATE" },
    { title: "CREATED" },
    { title: "FROM → TO" },
    { title: "IMAGES", align: "right" },
    { title: "SENT", align: "right" },
  ] as const;
  if (rows.length > 0) printLines(io, tableLines(columns, rows));
  else printNote(io, "There are no runs yet.");
  if (total > runs.length) printNote(io, `${total - runs.length} older runs are not shown; see --limit.`);
}

function done({ tallies }: Run): number {
  return tallies.imagesSucceeded + tallies.imagesSkipped + tallies.imagesDeleted;
}

function runRow(run: Run) {
  return {
    run: run.id,
    state: run.state,
    status: statusOf(run),
    source: run.source.address,
    destination: run.destination.address,
    created_at: new Date(run.createdAt).toISOString(),
    images: {
      total: run.plan.images + run.plan.delete,
      copied: run.tallies.imagesSucceeded,
      skipped: run.tallies.imagesSkipped,
      failed: run.tallies.imagesFailed,
      deleted: run.tallies.imagesDeleted,
    },
    bytes: { to_transfer: run.plan.bytesToTransfer, transferred: run.tallies.bytesTransferred },
  };
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}

async function readResult(
  session: Session,
  text: string,
): Promise<{ run: Run; result: RunResult; command: string }> {
  const runId = readRunId(text);
  const run = await session.client.call("runs.get", { runId }, session.stop);
  const { command } = await session.client.call("runs.command", { runId }, session.stop);
  return { run, result: await runResult({ client: session.client, run, durations: new Map() }), command };
}

function addShow(parent: Command, context: CommandContext): void {
  const command = parent
    .command("show")
    .description("show one run with its images")
    .argument("<run>", "the run's name")
    .addHelpText("after", examples("runs show 01JABCDEFGHJKMNPQRSTVWXYZ0"));
  command.action(async (text: string) => {
    await withSession(context.io, readGlobals(command.optsWithGlobals()), (session) =>
      showRun(session, text),
    );
    context.finish(exitCodes.done);
  });
}

async function showRun(session: Session, text: string): Promise<void> {
  const { io, globals } = session;
  const { run, result, command } = await readResult(session, text);
  if (globals.json) {
    await printDocument(io, runDocument(result));
    return;
  }
  const facts = [
    ["Run", run.id],
    ["State", run.state],
    ["From", run.source.address],
    ["To", run.destination.address],
    ["Created", time(run.createdAt)],
    ["Command", command.replaceAll("\\\n", "")],
  ] as const;
  printLines(io, [...factLines(facts), ""]);
  for await (const lines of resultBlocks(result)) printLines(io, lines);
  await printFailures(io, result);
}

function addReport(parent: Command, context: CommandContext): void {
  const command = parent
    .command("report")
    .description("print a run's report: every image with both sides' digests")
    .argument("<run>", "the run's name")
    .addOption(
      new Option(
        "--format <form>",
        "json, csv or html (default: json, or what the file's name says)",
      ).choices(["json", "csv", "html"]),
    )
    .option("--report <file>", "write it to a file instead", readReportFile)
    .addHelpText(
      "after",
      examples(
        "runs report 01JABCDEFGHJKMNPQRSTVWXYZ0 --report run.html",
        "runs report 01JABCDEFGHJKMNPQRSTVWXYZ0 --format csv",
      ),
    );
  command.action(async (text: string) => {
    const values = command.optsWithGlobals();
    const file = readFiles(values).report;
    const asked = reportFormatSchema.optional().parse(values.format);
    if (file !== undefined && asked !== undefined && asked !== file.format)
      throw usageError(`--format ${asked} contradicts --report ${file.file}; expected one of them.`);
    const format = asked ?? file?.format ?? "json";
    await withSession(context.io, readGlobals(values), async (session) => {
      const { io } = session;
      const { run, result, command } = await readResult(session, text);
      const { images } = result;
      const report = reportDocument({ run, images, command, version: io.version, now: io.now() });
      const pieces = reportPieces(report, format);
      if (file !== undefined) await writeFileAtomic(file.file, pieces, "report");
      // Written as it is: tabs and line ends belong to its form, and what could harm a terminal is escaped or left out.
      else for await (const piece of pieces) io.stdout.write(piece);
    });
    context.finish(exitCodes.done);
  });
}

function addDelete(parent: Command, context: CommandContext): void {
  const command = parent
    .command("delete")
    .description("remove a finished run from the history; images stay where they are")
    .argument("<run>", "the run's name")
    .addHelpText("after", examples("runs delete 01JABCDEFGHJKMNPQRSTVWXYZ0"));
  command.action(async (text: string) => {
    await withSession(context.io, readGlobals(command.optsWithGlobals()), async (session) => {
      const runId = readRunId(text);
      await session.client.call("runs.delete", { runId }, session.stop);
      if (session.globals.json) printJson(session.io, { run: runId, deleted: true });
      else printLine(session.io, `Removed run ${runId} from the history.`);
    });
    context.finish(exitCodes.done);
  });
}
