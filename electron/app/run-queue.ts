// Runs what is planned and queued: one place that claims runs, keeps their leases, and stops them for a reason.
import { toFreightlinerError } from "../../shared/errors.ts";
import type { JobSpec, Run } from "../../shared/run.ts";
import type { EngineContext } from "../engine/context.ts";
import { Stopped, type StopReason } from "../engine/ports.ts";
import type { RunRecords, RunWish, Store } from "../store/store.ts";
import { ActiveWork } from "./active-work.ts";
import { askOwner } from "./ask-owner.ts";
import { type EndpointPool, runEnd } from "./endpoint-pool.ts";
import type { EventHub } from "./event-hub.ts";
import type { Log } from "./log.ts";
import type { ProgressBoard } from "./progress-board.ts";
import { LiveRunControl } from "./run-control.ts";
import { planStep, replicateStep } from "./run-steps.ts";
import type { RunWaits, WorkedOn } from "./run-waits.ts";

/** How often the database is asked what other processes wish of the runs here, in milliseconds. */
const wishInterval = 500;

/** How many runs one process works on at once; may change at any time. */
export interface RunRoom {
  readonly parallelRuns: number;
  /** Called after a change; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

const twoRuns: RunRoom = { parallelRuns: 2, onChange: () => () => {} };
const stopReason = { pause: "user-pause", cancel: "user-cancel" } as const satisfies Record<
  RunWish,
  StopReason
>;

export interface RunQueueOptions {
  readonly store: Store;
  readonly pool: EndpointPool;
  readonly engine: EngineContext;
  readonly hub: EventHub;
  readonly board: ProgressBoard;
  readonly log: Log;
  /** A host takes up every queued run it finds; the command line only those it was told to run. */
  readonly takesAny: boolean;
  /** Two runs at once where it is not given. */
  readonly room?: RunRoom;
  /** What waits for a host takes no room; without it nothing is known to wait. */
  readonly waits?: Pick<RunWaits, "of">;
  readonly onStarted: (run: Run) => void;
  readonly onFinished: (run: Run) => void;
}

export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #planning: ActiveWork;
  readonly #running: ActiveWork;
  /** Runs that this process was asked to run, oldest first. */
  readonly #own = new Set<string>();
  /** What is planned or run here, by run. */
  readonly #workedOn = new Map<string, WorkedOn>();
  readonly #room: RunRoom;
  readonly #activityListeners = new Set<(active: number) => void>();
  #timers: readonly NodeJS.Timeout[] = [];
  #closed = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
    this.#room = options.room ?? twoRuns;
    const failed = (runId: string, thrown: unknown): void => this.#failed(runId, thrown);
    const ended = (): void => {
      // First what comes next: who waits for the end of all would otherwise hear of it between two runs.
      this.look();
      this.#guarded("telling how much runs failed", () => this.#tellActivity());
    };
    this.#planning = new ActiveWork({ failed, ended });
    this.#running = new ActiveWork({ failed, ended });
  }

  /** Takes up what a dead process left and keeps the leases of what runs here. */
  open(): void {
    this.#recover();
    const beat = (): void => this.#guarded("a heartbeat failed", () => this.#beat());
    const obey = (): void => this.#guarded("looking for wishes failed", () => this.#obey());
    this.#timers = [setInterval(beat, this.#options.store.leaseMs / 3), setInterval(obey, wishInterval)];
    for (const timer of this.#timers) timer.unref();
    this.#room.onChange(() => this.#guarded("looking for the next run failed", () => this.#pump()));
    this.#pump();
  }

  get workedOn(): readonly WorkedOn[] {
    return [...this.#workedOn.values()];
  }

  /** A run began to wait for its host, or goes on: others may have room now. */
  look(): void {
    this.#guarded("looking for the next run failed", () => this.#pump());
  }

  get active(): number {
    return this.#running.size;
  }

  /** Called whenever the number of running runs changes. */
  onActivity(listener: (active: number) => void): () => void {
    this.#activityListeners.add(listener);
    return () => this.#activityListeners.delete(listener);
  }

  /** The two sides of a run as they are called now. @throws FreightlinerError `not-found`; `forbidden` for a read-only destination. */
  ends(spec: JobSpec): Pick<Run, "source" | "destination"> {
    const { pool, store } = this.#options;
    const { endpoints } = store;
    pool.assertWritable(spec.destinationId, "plan-run");
    return {
      source: runEnd(endpoints.get(spec.sourceId)),
      destination: runEnd(endpoints.get(spec.destinationId)),
    };
  }

  /** Starts planning and returns at once. */
  plan(spec: JobSpec): Run {
    const run = this.#options.store.runs.insert({ spec, ...this.ends(spec) });
    this.#plan(run);
    return run;
  }

  /** Plans a run that was just inserted, and starts it when that went well; otherwise tells why it was not started. */
  planAndStart(run: Run, onLeft: (run: Run, why: string) => void): void {
    this.#plan(run, (planned) => {
      if (planned.state === "planned") this.#startPlanned(planned, onLeft);
      else onLeft(planned, planned.error?.message ?? `The run ${planned.id} is ${planned.state}.`);
    });
  }

  #plan(run: Run, then: (planned: Run) => void = () => {}): void {
    const { hub } = this.#options;
    hub.emit("run.changed", run);
    this.#workedOn.set(run.id, run);
    this.#planning.begin(run.id, async (signal) => {
      try {
        const planned = await planStep(this.#options, run, signal);
        this.#workedOn.delete(run.id);
        hub.emit("run.changed", planned);
        then(planned);
      } finally {
        this.#workedOn.delete(run.id);
      }
    });
  }

  #startPlanned(planned: Run, onLeft: (run: Run, why: string) => void): void {
    const { store, hub } = this.#options;
    try {
      const queued = store.runs.start(planned.id, []);
      this.#own.add(planned.id);
      hub.emit("run.changed", queued);
    } catch (thrown) {
      onLeft(planned, toFreightlinerError(thrown, "start-run").message);
    }
  }

  async stopPlanning(runId: string): Promise<void> {
    await this.#planning.stop(runId, "user-cancel");
  }

  /** This process will run it as soon as there is room. */
  enqueue(runId: string): void {
    this.#own.add(runId);
    this.#pump();
  }

  /** Changes a run that is not over; one that runs here or elsewhere follows at once. @throws `illegal-transition`. */
  adjust(runId: string, change: Parameters<RunRecords["adjust"]>[1]): Run {
    const run = this.#options.store.runs.adjust(runId, change);
    this.#running.get(runId)?.control?.apply(run.spec.options);
    this.#options.hub.emit("run.changed", run);
    return run;
  }

  /** @throws FreightlinerError `busy` where another process does not let go of it, `illegal-transition` where it cannot be paused. */
  async pause(runId: string): Promise<Run> {
    return this.#end(runId, "pause");
  }

  /** paused → queued, and run here as soon as there is room. @throws FreightlinerError `illegal-transition`. */
  resume(runId: string): Run {
    const { store, hub } = this.#options;
    const before = store.runs.get(runId);
    // It went on by itself since somebody saw it paused, as after a sign-in.
    if (before.state === "running") return before;
    // A run that is queued already (found after a crash) only needs to be taken up.
    if (before.state !== "queued") hub.emit("run.changed", store.runs.transition(runId, "queued", null));
    this.enqueue(runId);
    return store.runs.get(runId);
  }

  /** @throws FreightlinerError `busy` where another process does not let go of it, `illegal-transition` where it is over. */
  async cancel(runId: string): Promise<Run> {
    if (this.#planning.has(runId)) await this.stopPlanning(runId);
    return this.#end(runId, "cancel");
  }

  /** Stops all work in order: what runs becomes `paused` because of the shutdown and can be resumed. */
  async pauseAll(): Promise<void> {
    await Promise.all([this.#planning.stopAll("shutdown"), this.#running.stopAll("shutdown")]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.pauseAll();
  }

  async #end(runId: string, wish: RunWish): Promise<Run> {
    const { store, hub } = this.#options;
    const elsewhere = !this.#running.has(runId) && store.runs.get(runId).state === "running";
    if (elsewhere) {
      // Its process may be dead, and then nobody would answer.
      this.#recover();
      await askOwner(store.runs, runId, wish);
    } else await this.#running.stop(runId, stopReason[wish]);
    const state = wish === "pause" ? "paused" : "cancelled";
    let run = store.runs.get(runId);
    if (run.state === state && !elsewhere) return run;
    this.#own.delete(runId);
    if (run.state !== state) run = store.runs.transition(runId, state, "user");
    hub.emit("run.changed", run);
    return run;
  }

  /** What nobody expected ends the run, too: renewed leases would keep a run alive that nobody works on. */
  #failed(runId: string, thrown: unknown): void {
    const { log, store, hub, onFinished } = this.#options;
    if (thrown instanceof Stopped) {
      // Another process has the run now; it tells what comes of it.
      log.warn({ runId, reason: thrown.reason }, "left a run to another process");
      return;
    }
    const error = toFreightlinerError(thrown, "run");
    log.error({ runId, err: error }, "a run ended unexpectedly");
    try {
      if (this.#running.has(runId)) {
        const ended = store.journal.finishRun(runId, "failed", null, error, 0);
        hub.emit("run.changed", ended);
        onFinished(ended);
      }
    } catch (again) {
      log.error({ runId, err: again }, "the end of a run could not be written");
    }
    // What could not be written now is found by the next look when the lease has run out.
    store.runs.letGo(runId);
  }

  #pump(): void {
    if (this.#closed) return;
    for (const { id, spec } of this.#candidates()) {
      const waitedFor = this.#waitedFor();
      if (this.#running.size - waitedFor.length >= this.#room.parallelRuns) return;
      if (this.#running.has(id)) continue;
      // One run that waits for a host asks for all of them.
      const host = this.#options.waits?.of(spec)?.host;
      if (host !== undefined && waitedFor.includes(host)) continue;
      const run = this.#options.store.runs.claim(id);
      this.#own.delete(id);
      if (run !== undefined) this.#begin(run);
    }
  }

  /** For each run that waits, the host. */
  #waitedFor(): readonly string[] {
    const { waits } = this.#options;
    if (waits === undefined) return [];
    const running = this.workedOn.filter(({ id }) => this.#running.has(id));
    return running.flatMap(({ spec }) => waits.of(spec)?.host ?? []);
  }

  #candidates(): readonly Run[] {
    const queued = this.#options.store.runs.queued();
    return this.#options.takesAny ? queued : queued.filter(({ id }) => this.#own.has(id));
  }

  #begin(run: Run): void {
    const { board, engine, hub, log, onFinished, onStarted } = this.#options;
    onStarted(run);
    hub.emit("run.changed", run);
    this.#workedOn.set(run.id, run);
    board.runStarted(run.id, run.tallies.bytesTransferred, run.plan.bytesToTransfer);
    const control = new LiveRunControl(run.spec.options, (limit) => engine.bandwidth.limitRun(run.id, limit));
    const task = async (signal: AbortSignal): Promise<void> => {
      try {
        const ended = await replicateStep(this.#options, run, control, signal);
        this.#workedOn.delete(run.id);
        hub.emit("run.changed", ended);
        onFinished(ended);
      } finally {
        this.#workedOn.delete(run.id);
        board.runEnded(run.id);
        engine.bandwidth.forgetRun(run.id);
      }
    };
    this.#running.begin(run.id, task, control);
    this.#tellActivity();
    log.info({ runId: run.id }, "run started");
  }

  #beat(): void {
    for (const runId of this.#options.store.heartbeat()) {
      for (const work of [this.#planning, this.#running])
        work.get(runId)?.controller.abort(new Stopped("lease-lost"));
    }
    this.#recover();
    this.#pump();
  }

  /** What other processes did to the runs here since the last look: asked to stop them, changed them, took them away. */
  #obey(): void {
    if (this.#planning.size + this.#running.size === 0) return;
    const { store, hub } = this.#options;
    const held = new Map(store.runs.held().map((run) => [run.id, run]));
    for (const [runId, { controller }] of [...this.#planning.entries(), ...this.#running.entries()]) {
      if (!held.has(runId)) controller.abort(new Stopped("lease-lost"));
    }
    for (const [runId, { controller, control }] of this.#running.entries()) {
      const { wish = null, options } = held.get(runId) ?? {};
      if (wish !== null) controller.abort(new Stopped(stopReason[wish]));
      else if (options !== undefined && control?.apply(options))
        hub.emit("run.changed", store.runs.get(runId));
    }
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
