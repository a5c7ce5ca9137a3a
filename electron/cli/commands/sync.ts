// `sync --config FILE`: the jobs of a sync file, one after the other.
import type { Command } from "commander";
import { toFreightlinerError } from "../../../shared/errors.ts";
import { runDocument } from "../../app/run-document.ts";
import type { SyncFile } from "../../app/sync-file.ts";
import type { JobEntry } from "../../app/sync-file-schema.ts";
import { typedCommand } from "../command-words.ts";
import { savedEndpoints } from "../endpoints.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { chooseJobs, openJob } from "../file-jobs.ts";
import { each, type Values } from "../option-values.ts";
import { planAndRun } from "../plan-and-run.ts";
import { EventLines } from "../run-events.ts";
import { withFlow } from "../run-flow.ts";
import { addRetryOption } from "../run-options.ts";
import { printFailures, printResult, type RunOutput } from "../run-output.ts";
import { failedResult, type RunResult } from "../run-result.ts";
import { printDocument, printLine, printNote, readGlobals, type Session, withSession } from "../session.ts";
import { usageError } from "../usage-error.ts";
import { type CommandContext, examples } from "./command-context.ts";

export function addSync(program: Command, context: CommandContext): void {
  const command = program
    .command("sync")
    .description("run the jobs of a sync file (--config FILE), one after the other")
    .option(
      "--job <name>",
      "only this job (repeatable)",
      each((name: string) => name),
    )
    .option("--dry-run", "show the plans and change nothing");
  addRetryOption(command);
  command.addHelpText(
    "after",
    examples(
      "sync --config sync.yaml --dry-run",
      "sync --config sync.yaml --profile production --job nightly",
    ),
  );
  command.action(async () => {
    const values: Values = command.optsWithGlobals();
    const names = Array.isArray(values.job) ? values.job.map(String) : [];
    const output: RunOutput = {
      io: context.io,
      globals: readGlobals(values),
      files: { metrics: undefined, report: undefined, checkpoint: undefined },
      command: typedCommand(context.argv),
    };
    const { globals } = output;
    if (globals.json && globals.events)
      throw usageError("--json and --events both write to stdout; give one of them.");
    if (globals.config === undefined) throw usageError("Say which file: sync --config FILE.");
    const dryRun = values.dryRun === true;
    context.finish(
      await withSession(context.io, globals, (session) => sync(session, { output, names, dryRun }), "rest"),
    );
  });
}

interface SyncRequest {
  readonly output: RunOutput;
  readonly names: readonly string[];
  readonly dryRun: boolean;
}

/** What ends a job's run says more than what comes before it in this list. */
const worstFirst: readonly ExitCode[] = [
  exitCodes.interrupted,
  exitCodes.verification,
  exitCodes.usage,
  exitCodes.authentication,
  exitCodes.unreachable,
  exitCodes.someFailed,
];

async function sync(session: Session, request: SyncRequest): Promise<ExitCode> {
  const { file, io, globals } = session;
  if (file === undefined) throw usageError("Say which file: sync --config FILE.");
  const jobs = chooseJobs(file, request.names);
  if (jobs.length === 0) printNote(io, `Every job of ${file.path} is switched off; name one with --job.`);
  const results: { readonly name: string; readonly result: RunResult }[] = [];
  for (const job of jobs) {
    const result = await runJob(session, file, job, request);
    results.push({ name: job.name, result });
    await present(session, job, result, jobs.length > 1);
    // Whoever stopped one job did not mean to see the next one start.
    if (session.stop.aborted) break;
  }
  try {
    if (globals.json) await printDocument(io, jobsDocument(results, jobs.length));
  } finally {
    for (const { result } of results) await result.release();
  }
  const codes = new Set(results.map(({ result }) => result.exitCode));
  return worstFirst.find((code) => codes.has(code)) ?? exitCodes.done;
}

async function runJob(
  session: Session,
  file: SyncFile,
  job: JobEntry,
  { output, dryRun }: SyncRequest,
): Promise<RunResult> {
  try {
    return await withFlow(session, output, [], async (flow) => {
      const spec = await openJob(session, file, job, await savedEndpoints(session));
      return planAndRun(flow, spec, dryRun);
    });
  } catch (thrown) {
    // One job that cannot even begin does not keep the others from theirs.
    return failedResult(toFreightlinerError(thrown, "sync"));
  }
}

async function present(
  { io, globals }: Session,
  job: JobEntry,
  result: RunResult,
  several: boolean,
): Promise<void> {
  if (globals.events) await new EventLines(io).result({ job: job.name, ...runDocument(result) });
  else if (!globals.json) {
    if (several) printLine(io, `Job ${job.name}: ${job.from} → ${job.to}`);
    await printResult(io, result);
  }
  await printFailures(io, result);
}

/** One job alone is told as any run is; its name comes beside. */
function jobsDocument(
  results: readonly { readonly name: string; readonly result: RunResult }[],
  asked: number,
): object {
  const [only] = results;
  if (asked === 1 && only !== undefined) return { ...runDocument(only.result), job: only.name };
  return { jobs: results.map(({ name, result }) => ({ name, ...runDocument(result) })) };
}
