// Runs what was planned: images side by side, each on its own account, until all are done or somebody says stop.
import type { FreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import type { EngineContext } from "./context.ts";
import { type RunRequest, Stopped, type StopReason } from "./ports.ts";
import { RunAttempt } from "./run-attempt.ts";
import { RunScope } from "./run-scope.ts";

/**
 * What still winds down when a run is stopped gets so long, in milliseconds: a stop takes no more than a second, but where
 * a part of a blob is brought to its end.
 */
const grace = 800;

/**
 * Runs a run in state running to its end: succeeded, failed (some images failed), paused or cancelled. An image's failure
 * never stops the others. A side that does not let us in any more pauses the run with `sign-in-needed`,
 * and one whose credential cannot be read for now with `secrets-locked`. Tags are deleted
 * (mirror) when all images are done, and only where none failed.
 * @throws the signal's reason where the lease was lost (nothing is written then), and what the journal threw.
 */
export async function replicateRun(
  request: RunRequest,
  context: EngineContext,
  signal: AbortSignal,
): Promise<Run> {
  const startedAt = context.clock.monotonic();
  const attempt = new RunAttempt(new RunScope(request, context, signal));
  const { scope } = attempt;
  await settledOrStopped(attempt.work(), scope);
  if (scope.journal.failure !== undefined) throw scope.journal.failure;
  if (isLeaseLost(signal)) throw signal.reason;
  attempt.putBack(isCancelled(signal) ? "cancelled" : "planned");
  if (scope.journal.failure !== undefined) throw scope.journal.failure;
  // From here on nobody but this function writes.
  scope.journal.close();
  const activeMs = Math.max(0, Math.round(context.clock.monotonic() - startedAt));
  const end = endOf(attempt, signal);
  scope.progress.runEnded(end.state === "succeeded");
  return context.journal.finishRun(request.runId, end.state, end.reason, end.error, activeMs);
}

/** A failing journal is told by the scope; what else a worker throws comes out here. */
async function settledOrStopped(work: Promise<unknown>, scope: RunScope): Promise<void> {
  const { clock } = scope.context;
  const never = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const windDown = async (): Promise<void> => {
      await clock.sleep(grace, never.signal);
      const { lingersMs } = scope;
      if (lingersMs > 0) await clock.sleep(lingersMs, never.signal);
    };
    const afterGrace = (): void => {
      windDown().then(resolve, resolve);
    };
    if (scope.signal.aborted) afterGrace();
    else scope.signal.addEventListener("abort", afterGrace, { once: true });
  });
  try {
    await Promise.race([work, stopped]);
  } catch (error) {
    if (scope.journal.failure === undefined) throw error;
  } finally {
    never.abort(new Stopped("caller"));
    // What ends after the grace time has nobody to tell: its journal is closed.
    work.catch(() => undefined);
  }
}

function reasonOf(signal: AbortSignal): StopReason | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof Stopped ? signal.reason.reason : "caller";
}

function isLeaseLost(signal: AbortSignal): boolean {
  return reasonOf(signal) === "lease-lost";
}

function isCancelled(signal: AbortSignal): boolean {
  return reasonOf(signal) === "user-cancel";
}

interface RunEnd {
  readonly state: "succeeded" | "failed" | "paused" | "cancelled" | "queued";
  readonly reason: Run["stateReason"];
  readonly error: FreightlinerError | null;
}

function endOf(attempt: RunAttempt, signal: AbortSignal): RunEnd {
  const { signInError } = attempt.scope;
  const reason = reasonOf(signal);
  if (reason === "user-cancel") return { state: "cancelled", reason: "user", error: null };
  if (attempt.interrupted) {
    if (reason === undefined && signInError !== undefined)
      return {
        state: "paused",
        reason: signInError.code === "locked" ? "secrets-locked" : "sign-in-needed",
        error: signInError,
      };
    // A deadline is nobody's wish: the run goes on when there is time again.
    if (reason === "deadline") return { state: "queued", reason: null, error: null };
    return { state: "paused", reason: reason === "shutdown" ? "shutdown" : "user", error: null };
  }
  const { settleError } = attempt;
  return {
    state: attempt.failed > 0 || settleError !== null ? "failed" : "succeeded",
    reason: null,
    error: settleError,
  };
}
