// A run on its way: started, followed, paused when asked to stop, and gathered when it is over.

import { shellWord } from "../../shared/command-words.ts";
import { toFreightlinerError } from "../../shared/errors.ts";
import { isFinished, type Run } from "../../shared/run.ts";
import { formatBytes } from "../../shared/units.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { createProgressView, type ProgressView } from "./progress-view.ts";
import { EventLines } from "./run-events.ts";
import { presentResult, printFailures, type RunOutput } from "./run-output.ts";
import { failedResult, type RunResult, runResult } from "./run-result.ts";
import { RunWatch } from "./run-watch.ts";
import { printNote, type Session, withSession } from "./session.ts";
import { usageError } from "./usage-error.ts";

/**
 * Milliseconds that a run is given to come to rest after SIGINT: as long as the engine may need to bring parts of blobs to
 * their end (engine/lingering.ts). The app's own closing comes behind it.
 */
const pauseLimitMs = 9_000;
/** The same for a plan, of which nothing is kept. */
export const discardLimitMs = 800;

export interface FlowContext {
  readonly session: Session;
  readonly output: RunOutput;
  readonly watch: RunWatch;
  readonly view: ProgressView;
  readonly durations: Map<number, number>;
  /** Further words for the resume command: user names that have to be given again. */
  readonly resumeWords: readonly string[];
}

/** Opens the app, does the work, and shows what came of it, also where it failed before there was a run. */
export async function withRunOutput(
  output: RunOutput,
  work: (session: Session) => Promise<RunResult>,
): Promise<ExitCode> {
  if (output.globals.json && output.globals.events)
    throw usageError("--json and --events both write to stdout; give one of them.");
  let shown: ExitCode | undefined;
  try {
    await withSession(
      output.io,
      output.globals,
      async (session) => {
        const result = await work(session);
        shown = result.exitCode;
        shown = await show(output, result);
      },
      "rest",
    );
  } catch (thrown) {
    const failed = failedResult(toFreightlinerError(thrown, "command"));
    if (shown === undefined) return presentResult(output, failed);
    // What was done is on its way to stdout; a second document would spoil it.
    await printFailures(output.io, failed);
    return shown === exitCodes.done ? failed.exitCode : shown;
  }
  return shown ?? exitCodes.done;
}

/** The app stays open meanwhile: a result is read from it while it is shown. */
async function show(output: RunOutput, result: RunResult): Promise<ExitCode> {
  try {
    return await presentResult(output, result);
  } finally {
    await result.release();
  }
}

/** Runs `work` with everything that follows a run; bars are gone when it returns. */
export async function withFlow(
  session: Session,
  output: RunOutput,
  resumeWords: readonly string[],
  work: (flow: FlowContext) => Promise<RunResult>,
): Promise<RunResult> {
  const { io, globals, config } = session;
  const view = createProgressView({
    output: io.stderr,
    colour: config.colour,
    quiet: globals.quiet,
    now: () => io.now(),
  });
  const watch = new RunWatch(session.client);
  const durations = watchDurations(watch, () => io.now());
  watch.listen({
    onProgress: () => {},
    onEvent: (name, data) => {
      if (name === "host.changed" && "adaptive" in data) view.host(data);
    },
  });
  try {
    return await work({ session, output, watch, view, durations, resumeWords });
  } finally {
    view.end();
  }
}

function watchDurations(watch: RunWatch, now: () => number): Map<number, number> {
  const startedAt = new Map<number, number>();
  const durations = new Map<number, number>();
  watch.listen({
    onProgress: () => {},
    onEvent: (name, data) => {
      if (name !== "image.changed" || !("attempts" in data)) return;
      const started = startedAt.get(data.id);
      if (data.state === "running" && started === undefined) startedAt.set(data.id, now());
      if (data.state !== "running" && started !== undefined) durations.set(data.id, now() - started);
    },
  });
  return durations;
}

/** Follows a run that `begin` starts until it ends or comes to rest; SIGINT pauses it and prints how to go on. */
export async function follow(flow: FlowContext, run: Run, begin: () => Promise<Run>): Promise<RunResult> {
  const { session, watch, view } = flow;
  const events = session.globals.events ? new EventLines(session.io) : undefined;
  const runKeys = [`run:${run.id}`, `image:${run.id}/`];
  const unlisten = watch.listen({
    onEvent: (name, data) => {
      events?.onEvent(name, data);
      if (name === "image.changed" && "runId" in data && "attempts" in data && data.runId === run.id)
        view.image(data);
    },
    onProgress: (values) => {
      events?.onProgress(values);
      view.progress(values.filter(([key]) => runKeys.some((prefix) => key.startsWith(prefix))));
    },
  });
  events?.follow(run);
  view.phase(`Sending ${formatBytes(run.plan.bytesToTransfer)}…`);
  try {
    await begin();
    const end = await untilRest(flow, run.id);
    return await gather(flow, end);
  } finally {
    unlisten();
  }
}

async function untilRest(flow: FlowContext, runId: string): Promise<Run> {
  const { session, watch } = flow;
  let ran = false;
  const rests = (run: Run): boolean => {
    // A run that goes back to the queue was taken from this process; what another one does is not waited for.
    const lost = ran && run.state === "queued";
    ran ||= run.state === "running";
    return isFinished(run.state) || run.state === "paused" || lost;
  };
  try {
    const run = await watch.until(runId, rests, session.stop);
    if (!isFinished(run.state)) tellHowToResume(flow, runId);
    return run;
  } catch (thrown) {
    if (!session.stop.aborted) throw thrown;
    return pause(flow, runId);
  }
}

async function pause(flow: FlowContext, runId: string): Promise<Run> {
  const { client } = flow.session;
  try {
    await atMost(pauseLimitMs, client.call("runs.pause", { runId }));
  } catch {
    // It ended in the same moment, or does not come to rest in time; what the store says of it is the answer.
  }
  const run = await client.call("runs.get", { runId });
  if (!isFinished(run.state)) tellHowToResume(flow, runId);
  return run;
}

export async function atMost<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The exact command that goes on with the run, in the same data folder. */
function resumeCommand(flow: FlowContext, runId: string): string {
  const { home } = flow.session.globals;
  const words = [
    "freightliner",
    "resume",
    runId,
    ...(home === undefined ? [] : ["--home", flow.session.config.home]),
  ];
  return [...words, ...flow.resumeWords].map(shellWord).join(" ");
}

function tellHowToResume(flow: FlowContext, runId: string): void {
  flow.view.end();
  printNote(
    flow.session.io,
    `Interrupted; what was sent is kept. To go on:\n  npx ${resumeCommand(flow, runId)}`,
  );
}

export async function gather(flow: FlowContext, run: Run, release?: () => Promise<void>): Promise<RunResult> {
  flow.view.end();
  return runResult({ client: flow.session.client, run, durations: flow.durations, release });
}
