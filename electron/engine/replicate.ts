// Runs what was planned: images side by side, each on its own account, until all are done or somebody says stop.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import type { EngineContext } from "./context.ts";
import { copyImage } from "./copy-image.ts";
import { type ImageOutcome, type RunRequest, Stopped, type StopReason } from "./ports.ts";
import { RunScope } from "./run-scope.ts";

/** Rows read from the journal at once. */
const pageSize = 64;
/** What still winds down when a run is stopped gets so long, in milliseconds: a stop takes no more than a second. */
const grace = 800;

/**
 * Runs a run in state running to its end: succeeded, failed (some images failed), paused or cancelled. An image's failure
 * never stops the others. A side that does not let us in any more pauses the run with `sign-in-needed`.
 * @throws the signal's reason where the lease was lost (nothing is written then), and what the journal threw.
 */
export async function replicateRun(
  request: RunRequest,
  context: EngineContext,
  signal: AbortSignal,
): Promise<Run> {
  const startedAt = context.clock.monotonic();
  const attempt = new RunAttempt(new RunScope(request, context, signal));
  await attempt.work();
  const { scope } = attempt;
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

/** One attempt at the run's images. */
class RunAttempt {
  readonly scope: RunScope;
  /** Images that were begun and have no outcome yet. */
  readonly #open = new Map<number, RunImage>();
  #failed = 0;
  /** True where images were left for another time. */
  #interrupted = false;
  #page: readonly RunImage[] = [];
  #lastId = -1;
  #atEnd = false;

  constructor(scope: RunScope) {
    this.scope = scope;
    this.#failed = scope.request.run?.tallies.imagesFailed ?? 0;
  }

  get failed(): number {
    return this.#failed;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Returns when all images are done; when stopped, at the latest after the grace time. */
  async work(): Promise<void> {
    const workers = Array.from({ length: this.scope.request.options.parallelImages }, () => this.#worker());
    await settledOrStopped(Promise.all(workers), this.scope);
  }

  /** Gives images that were stopped in the middle back to the journal. */
  putBack(state: "planned" | "cancelled"): void {
    for (const image of this.#open.values()) {
      this.#interrupted = true;
      this.#finish(image, { state, verified: false, destinationDigest: null, error: null });
    }
  }

  async #worker(): Promise<void> {
    for (let image = this.#next(); image !== undefined; image = this.#next()) await this.#run(image);
  }

  #next(): RunImage | undefined {
    if (this.scope.signal.aborted) {
      this.#interrupted ||= !this.#atEnd;
      return undefined;
    }
    if (this.#page.length === 0 && !this.#atEnd) {
      this.#page = this.scope.journal.next(this.#lastId, pageSize);
      this.#atEnd = this.#page.length === 0;
    }
    const [image, ...rest] = this.#page;
    this.#page = rest;
    this.#lastId = image?.id ?? this.#lastId;
    return image;
  }

  async #run(image: RunImage): Promise<void> {
    const { scope } = this;
    this.#open.set(image.id, image);
    scope.journal.imageStarted(image);
    scope.progress.imageStarted(image);
    try {
      this.#finish(image, await copyImage(scope, image, scope.signal));
    } catch (thrown) {
      // Stopped: it stays open and is put back. Otherwise the journal would record a failure that is none.
      if (scope.signal.aborted) return;
      const error = toFreightlinerError(thrown, "copy-image");
      if (error.code === "unauthorized") scope.waitForSignIn(error);
      else {
        this.#failed++;
        this.#finish(image, { state: "failed", verified: false, destinationDigest: null, error });
      }
    } finally {
      scope.progress.imageEnded(image.id);
    }
  }

  #finish(image: RunImage, outcome: ImageOutcome): void {
    this.#open.delete(image.id);
    this.scope.journal.imageFinished(image, outcome);
  }
}

/** A failing journal is told by the scope; what else a worker throws comes out here. */
async function settledOrStopped(work: Promise<unknown>, scope: RunScope): Promise<void> {
  const { clock } = scope.context;
  const never = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    const afterGrace = (): void => {
      clock.sleep(grace, never.signal).then(resolve, resolve);
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
  readonly error: ReturnType<typeof toFreightlinerError> | null;
}

function endOf(attempt: RunAttempt, signal: AbortSignal): RunEnd {
  const { signInError } = attempt.scope;
  const reason = reasonOf(signal);
  if (reason === "user-cancel") return { state: "cancelled", reason: "user", error: null };
  if (attempt.interrupted) {
    if (reason === undefined && signInError !== undefined)
      return { state: "paused", reason: "sign-in-needed", error: signInError };
    // A deadline is nobody's wish: the run goes on when there is time again.
    if (reason === "deadline") return { state: "queued", reason: null, error: null };
    return { state: "paused", reason: reason === "shutdown" ? "shutdown" : "user", error: null };
  }
  return { state: attempt.failed > 0 ? "failed" : "succeeded", reason: null, error: null };
}
