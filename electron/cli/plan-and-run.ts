// Plans a job, then shows the plan or runs it; a plan that deletes more than it may is shown and thrown away.
import { toWire } from "../../shared/errors.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import { writeCheckpoint } from "./checkpoint-file.ts";
import { exitCodeOf } from "./exit-code.ts";
import { atMost, discardLimitMs, type FlowContext, follow, gather } from "./run-flow.ts";
import type { RunResult } from "./run-result.ts";
import { printNote } from "./session.ts";
import { usageError } from "./usage-error.ts";

/** Plans, and where it is not a dry run, runs to the end. */
export async function planAndRun(flow: FlowContext, spec: JobSpec, dryRun: boolean): Promise<RunResult> {
  const { session, watch, view } = flow;
  view.phase("Planning…");
  const { id } = await session.client.call("runs.plan", spec, session.stop);
  let planned: Run;
  try {
    planned = await watch.until(id, (run) => run.state !== "planning", session.stop);
  } catch (thrown) {
    if (session.stop.aborted) await discard(flow, id);
    throw thrown;
  }
  if (planned.state !== "planned") return gather(flow, planned);
  const { guard, images } = planned.plan;
  if (images === 0 && planned.plan.delete === 0)
    printNote(session.io, "Nothing matches: no repository or tag was selected.");
  if (dryRun || guard !== null) {
    const result = await gather(flow, planned, async () => {
      await session.client.call("runs.discard", { runId: id });
    });
    return dryRun || guard === null ? result : guarded(result, guard);
  }
  const { checkpoint } = flow.output.files;
  if (checkpoint !== undefined) {
    await writeCheckpoint(checkpoint, { run: id, home: session.config.home, command: flow.output.command });
  }
  return follow(flow, planned, async () => session.client.call("runs.start", { runId: id }));
}

/** Follows a run that plans and starts by itself, as those of saved jobs do. */
export async function followJob(flow: FlowContext, begun: Run): Promise<RunResult> {
  const { session, watch, view } = flow;
  view.phase("Planning…");
  // A plan that may not be started stays as it is.
  const decided = (run: Run): boolean =>
    run.state !== "planning" && (run.state !== "planned" || run.plan.guard !== null);
  const run = await watch.until(begun.id, decided, session.stop);
  if (run.state === "planned" && run.plan.guard !== null)
    return guarded(await gather(flow, run), run.plan.guard);
  return follow(flow, run, async () => run);
}

/** The plan deletes more than it may: it is shown, thrown away, and nothing was done. */
function guarded(result: RunResult, guard: string): RunResult {
  const error = usageError(`${guard} Nothing was done.`);
  return { ...result, status: "failed", error: toWire(error), exitCode: exitCodeOf(error.code) };
}

async function discard(flow: FlowContext, runId: string): Promise<void> {
  try {
    await atMost(discardLimitMs, flow.session.client.call("runs.discard", { runId }));
  } catch {
    // Best effort: a plan that could not be thrown away is cancelled when the app closes.
  }
}
