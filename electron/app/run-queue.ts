// Runs what is planned and queued: one place that claims runs, keeps their leases, and stops them for a reason.

import { FreightlinerError, toFreightlinerError } from "../../shared/errors.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import type { EngineContext } from "../engine/context.ts";
import { planRun } from "../engine/plan.ts";
import { type RunRequest, Stopped, type StopReason } from "../engine/ports.ts";
import { replicateRun } from "../engine/replicate.ts";
import type { Store } from "../store/store.ts";
import { type EndpointPool, runEnd } from "./endpoint-pool.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";
import type { ProgressBoard } from "./progress-board.ts";

/** Runs worked on at once by one process. */
const parallelRuns = 2;

interface ActiveWork {
  readonly controller: AbortController;
  /** Resolves when the work has left the run, whatever came of it. */
  readonly done: Promise<void>;
}

export interface RunQueueOptions {
  readonly store: Store;
  readonly pool: EndpointPool;
  readonly engine: EngineContext;
  readonly hub: EventHub;
  readonly board: ProgressBoard;
  readonly log: Log;
  /** A host takes up every queued run it finds; the command line only those it was told to run. */
  readonly takesAny: boolean;
  readonly onStarted: (run: Run) => void;
  readonly onFinished: (run: Run) => void;
}

export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #planning = new Map<string, ActiveWork>();
  readonly #running = new Map<string, ActiveWork>();
  /** Runs that this process was asked to run, oldest first. */
  readonly #own = new Set<string>();
  readonly #activityListeners = new Set<(active: number) => void>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  /** Takes up what a dead process left and keeps the leases of what runs here. */
  open(): void {
    this.#recover();
    const beat = (): void => this.#guarded("a heartbeat failed", () => this.#beat());
    this.#timer = setInterval(beat, this.#options.store.leaseMs / 3);
    this.#timer.unref();
    this.#pump();
  }

  get active(): number {
    return this.#running.size;
  }

  /** Called whenever the number of running runs changes. */
  onActivity(listener: (active: number) => void): () => void {
    this.#activityListeners.add(listener);
    return () => this.#activityListeners.delete(listener);
  }

  /** Starts planning and returns at once. */
  plan(spec: JobSpec): Run {
    const { store, hub } = this.#options;
    const source = runEnd(store.endpoints.get(spec.sourceId));
    const destination = runEnd(store.endpoints.get(spec.destinationId));
    const run = store.runs.insert({ spec, source, destination });
    hub.emit("run.changed", run);
    this.#work(this.#planning, run.id, async (signal) => {
      const planned = await this.#planned(run, signal);
      hub.emit("run.changed", planned);
    });
    return run;
  }

  async stopPlanning(runId: string): Promise<void> {
    await this.#stop(this.#planning, runId, "user-cancel");
  }

  /** This process will run it as soon as there is room. */
  enqueue(runId: string): void {
    this.#own.add(runId);
    this.#pump();
  }

  /** @throws FreightlinerError `busy` where another process runs it, `illegal-transition` where it cannot be paused. */
  async pause(runId: string): Promise<Run> {
    return this.#end(runId, "user-pause", "paused");
  }

  /** @throws FreightlinerError `busy` where another process runs it, `illegal-transition` where it is over. */
  async cancel(runId: string): Promise<Run> {
    if (this.#planning.has(runId)) await this.stopPlanning(runId);
    return this.#end(runId, "user-cancel", "cancelled");
  }

  /** Stops all work in order: what runs becomes `paused` because of the shutdown and can be resumed. */
  async pauseAll(): Promise<void> {
    const planning = [...this.#planning.keys()].map((id) => this.#stop(this.#planning, id, "shutdown"));
    const running = [...this.#running.keys()].map((id) => this.#stop(this.#running, id, "shutdown"));
    await Promise.all([...planning, ...running]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.pauseAll();
  }

  async #end(runId: string, reason: StopReason, state: "paused" | "cancelled"): Promise<Run> {
    const { store, hub } = this.#options;
    if (this.#running.has(runId)) await this.#stop(this.#running, runId, reason);
    const run = store.runs.get(runId);
    if (run.state === state) return run;
    if (run.state === "running") {
      const message = `The run ${runId} is being worked on by another process; stop it there.`;
      throw new FreightlinerError({
        code: "busy",
        operation: `${state === "paused" ? "pause" : "cancel"}-run`,
        message,
      });
    }
    this.#own.delete(runId);
    const ended = store.runs.transition(runId, state, "user");
    hub.emit("run.changed", ended);
    return ended;
  }

  async #stop(work: Map<string, ActiveWork>, runId: string, reason: StopReason): Promise<void> {
    const active = work.get(runId);
    active?.controller.abort(new Stopped(reason));
    await active?.done;
  }

  #work(map: Map<string, ActiveWork>, runId: string, task: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController();
    const done = task(controller.signal)
      .catch((thrown: unknown) => this.#tellFailure(runId, thrown))
      .finally(() => {
        map.delete(runId);
        this.#guarded("looking for the next run failed", () => {
          this.#tellActivity();
          this.#pump();
        });
      });
    map.set(runId, { controller, done });
    this.#tellActivity();
  }

  #tellFailure(runId: string, thrown: unknown): void {
    const { log } = this.#options;
    // Another process has the run now; it tells what comes of it.
    if (thrown instanceof Stopped)
      log.warn({ runId, reason: thrown.reason }, "left a run to another process");
    else log.error({ runId, err: toFreightlinerError(thrown, "run") }, "a run ended unexpectedly");
  }

  async #planned(run: Run, signal: AbortSignal): Promise<Run> {
    try {
      return await planRun(await this.#request(run), this.#options.engine, signal);
    } catch (thrown) {
      if (thrown instanceof Stopped && thrown.reason === "lease-lost") throw thrown;
      if (signal.aborted) return this.#options.store.runs.transition(run.id, "cancelled", "user");
      const error = toFreightlinerError(thrown, "plan");
      return this.#options.store.journal.finishPlanning(run.id, run.plan, error);
    }
  }

  async #request(run: Run): Promise<RunRequest> {
    const { pool } = this.#options;
    const open = async (id: string, side: "source" | "destination") => {
      try {
        return await pool.get(id);
      } catch (thrown) {
        throw toFreightlinerError(thrown, "open-endpoint").at(side);
      }
    };
    const [source, destination] = await Promise.all([
      open(run.spec.sourceId, "source"),
      open(run.spec.destinationId, "destination"),
    ]);
    return {
      runId: run.id,
      spec: run.spec,
      options: run.spec.options,
      source,
      destination,
      destinationId: run.spec.destinationId,
      run,
    };
  }

  #pump(): void {
    if (this.#closed) return;
    for (const runId of this.#candidates()) {
      if (this.#running.size >= parallelRuns) return;
      if (this.#running.has(runId)) continue;
      const run = this.#options.store.runs.claim(runId);
      this.#own.delete(runId);
      if (run !== undefined) this.#begin(run);
    }
  }

  #candidates(): readonly string[] {
    const queued = this.#options.store.runs.queued().map((run) => run.id);
    return this.#options.takesAny ? queued : queued.filter((id) => this.#own.has(id));
  }

  #begin(run: Run): void {
    const { board, engine, hub, log, onFinished, onStarted } = this.#options;
    onStarted(run);
    hub.emit("run.changed", run);
    board.runStarted(run.id, run.tallies.bytesTransferred, run.plan.bytesToTransfer);
    this.#work(this.#running, run.id, async (signal) => {
      try {
        const ended = await this.#replicated(run, engine, signal);
        hub.emit("run.changed", ended);
        onFinished(ended);
      } finally {
        board.runEnded(run.id);
      }
    });
    log.info({ runId: run.id }, "run started");
  }

  /** An endpoint that cannot even be opened pauses nothing: the run fails with that error and can be retried. */
  async #replicated(run: Run, engine: EngineContext, signal: AbortSignal): Promise<Run> {
    const { store } = this.#options;
    let request: RunRequest;
    try {
      request = await this.#request(run);
    } catch (thrown) {
      return store.journal.finishRun(run.id, "failed", null, toFreightlinerError(thrown, "open-endpoint"), 0);
    }
    return replicateRun(request, engine, signal);
  }

  #beat(): void {
    for (const runId of this.#options.store.heartbeat()) {
      for (const work of [this.#planning, this.#running])
        work.get(runId)?.controller.abort(new Stopped("lease-lost"));
    }
    this.#recover();
    this.#pump();
  }

  /** Nobody catches what a timer or an ended run throws; a full disk or a locked database passes, the next beat tries again. */
  #guarded(what: string, task: () => void): void {
    try {
      task();
    } catch (thrown) {
      this.#options.log.error({ err: thrown }, what);
    }
  }

  #recover(): void {
    for (const run of this.#options.store.runs.recover()) {
      this.#options.log.info({ runId: run.id, state: run.state }, "took over what another process left");
      this.#options.hub.emit("run.changed", run);
    }
  }

  #tellActivity(): void {
    for (const listener of this.#activityListeners) listener(this.#running.size);
  }
}
