// `resume [RUN]`: goes on with an interrupted run, also one that a killed process left; or again for what failed.
import type { Command } from "commander";
import { FreightlinerError as Failure, type FreightlinerError } from "../../../shared/errors.ts";
import { type Run, type RunState, runIdSchema } from "../../../shared/run.ts";
import { readCheckpoint } from "../checkpoint-file.ts";
import { typedCommand } from "../command-words.ts";
import { type FlowContext, follow, withFlow, withRunOutput } from "../run-flow.ts";
import { addFileOptions, addRetryOption, readFiles } from "../run-options.ts";
import { nothingDone, type RunResult, runResult } from "../run-result.ts";
import { type GlobalOptions, printNote, readGlobals } from "../session.ts";
import { addSideOptions, readPasswords } from "../sides.ts";
import { askedSides, readTwoSides, resumeWords, type TwoSides } from "../two-sides.ts";
import { usageError } from "../usage-error.ts";
import { unlockFor } from "../vault.ts";
import { type CommandContext, examples } from "./command-context.ts";

/** Milliseconds that the lease of a process which is gone may still hold a run. */
const leaseWaitMs = 90_000;

const interrupted: readonly RunState[] = ["running", "queued", "paused"];
const retryable: readonly RunState[] = ["failed", "cancelled"];

export function addResume(program: Command, context: CommandContext): void {
  const command = program
    .command("resume")
    .description("go on with an interrupted run")
    .argument("[run]", "the run's name (default: the latest that can be resumed)")
    .option("--retry-failed", "run a finished run again for the images that failed")
    .option("--checkpoint-file <file>", "the run that --checkpoint-file of replicate or copy named");
  addRetryOption(addFileOptions(command));
  addSideOptions(command, "source");
  addSideOptions(command, "destination");
  command.addHelpText(
    "after",
    examples("resume", "resume --retry-failed", "resume --checkpoint-file nightly.json"),
  );
  command.action(async (typedRun: string | undefined) => {
    const values = command.optsWithGlobals();
    const sides = readTwoSides(values);
    const { run: named, globals } = await namedRun(typedRun, values.checkpointFile, readGlobals(values));
    const output = { io: context.io, globals, files: readFiles(values), command: typedCommand(context.argv) };
    const retryFailed = values.retryFailed === true;
    const code = await withRunOutput(output, (session) =>
      withFlow(session, output, resumeWords(sides), (flow) => resume(flow, { named, sides, retryFailed })),
    );
    context.finish(code);
  });
}

async function namedRun(
  typed: string | undefined,
  checkpointFile: unknown,
  globals: GlobalOptions,
): Promise<{ readonly run: string | undefined; readonly globals: GlobalOptions }> {
  if (typeof checkpointFile !== "string")
    return { run: typed === undefined ? undefined : readRunId(typed), globals };
  const checkpoint = await readCheckpoint(checkpointFile);
  if (typed !== undefined && readRunId(typed) !== checkpoint.run) {
    throw usageError(`The checkpoint file ${checkpointFile} names the run ${checkpoint.run}, not ${typed}.`);
  }
  return { run: checkpoint.run, globals: { ...globals, home: globals.home ?? checkpoint.home } };
}

/** @throws FreightlinerError `usage` that names what was typed. */
export function readRunId(text: string): string {
  const id = text.toUpperCase();
  if (runIdSchema.safeParse(id).success) return id;
  throw usageError(
    `"${text}" is not a run; expected the 26 letters and digits that \`freightliner runs\` shows.`,
  );
}

interface ResumeRequest {
  readonly named: string | undefined;
  readonly sides: TwoSides;
  readonly retryFailed: boolean;
}

async function resume(flow: FlowContext, request: ResumeRequest): Promise<RunResult> {
  const { client, io, stop } = flow.session;
  const run = await findRun(flow, request);
  if (run === undefined) {
    printNote(
      io,
      request.retryFailed
        ? "No run has failed images."
        : "No run was interrupted; there is nothing to resume.",
    );
    return nothingDone;
  }
  await signIn(flow, run, request.sides);
  if (request.retryFailed) {
    return follow(flow, run, () => client.call("runs.retryFailed", { runId: run.id }, stop));
  }
  if (run.state === "succeeded") {
    printNote(io, `The run ${run.id} is complete; there is nothing to resume.`);
    return runResult({ client, run, durations: new Map() });
  }
  if (run.state === "planned") return follow(flow, run, () => client.call("runs.start", { runId: run.id }));
  if (!interrupted.includes(run.state)) throw notResumable(run);
  const free = await released(flow, run);
  return follow(flow, free, () => client.call("runs.resume", { runId: run.id }));
}

async function findRun(flow: FlowContext, request: ResumeRequest): Promise<Run | undefined> {
  const { client, stop } = flow.session;
  if (request.named !== undefined) return client.call("runs.get", { runId: request.named }, stop);
  const states = [...(request.retryFailed ? retryable : interrupted)];
  const { runs } = await client.call("runs.list", { states, limit: 1 }, stop);
  return runs[0];
}

/** A run that another process holds: it may be dead, then its lease ends soon; or alive, then the run is its own. */
async function released(flow: FlowContext, run: Run): Promise<Run> {
  if (run.state !== "running") return run;
  const { io, stop } = flow.session;
  flow.view.phase("Another process held this run; waiting for it to let go…");
  const deadline = io.now() + leaseWaitMs;
  const free = await flow.watch.until(run.id, (now) => now.state !== "running" || io.now() > deadline, stop);
  if (interrupted.includes(free.state) && free.state !== "running") return free;
  throw new Failure({
    code: "busy",
    operation: "resume",
    message: `The run ${run.id} is being worked on by another process; stop it there first.`,
  });
}

function notResumable(run: Run): FreightlinerError {
  return run.state === "planning"
    ? usageError(`The run ${run.id} was not planned to its end; start it again.`)
    : usageError(
        `The run ${run.id} has ${run.state}; use \`resume ${run.id} --retry-failed\` for the images that failed.`,
      );
}

async function signIn(flow: FlowContext, run: Run, sides: TwoSides): Promise<void> {
  const { client, io, stop } = flow.session;
  const passwords = await readPasswords(io.stdin, askedSides(sides));
  for (const side of ["source", "destination"] as const) {
    const { username } = sides[side];
    const password = passwords.get(side);
    if (username === undefined || password === undefined) continue;
    // For this command alone: what is saved stays as it is.
    const given = { id: run[side].id, credential: { username, password }, remember: false };
    await client.call("endpoints.signIn", given, stop);
  }
  await unlockFor(flow.session, [run.source.id, run.destination.id]);
}
