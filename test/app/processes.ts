// Several programs on one database, each with its own queue, jobs and schedules, over two registries in memory.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { EndpointPool } from "../../electron/app/endpoint-pool.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import { ProgressBoard } from "../../electron/app/progress-board.ts";
import { RunQueue, type RunRoom } from "../../electron/app/run-queue.ts";
import type { RunWaits } from "../../electron/app/run-waits.ts";
import { SavedJobs } from "../../electron/app/saved-jobs.ts";
import { Schedules } from "../../electron/app/schedules.ts";
import { systemClock } from "../../electron/engine/clock.ts";
import { createEngineContext, type EngineContext } from "../../electron/engine/context.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store } from "../../electron/store/store.ts";
import type { HostFrame } from "../../shared/wire.ts";
import { MemoryEndpoint } from "../engine/memory-endpoint.ts";
import { endpoint, TestClock, testFolder } from "../store/samples.ts";

/** For expect.poll: looks often, and waits long enough for a busy machine. */
export const soon = { interval: 5, timeout: 10_000 };

export class Room implements RunRoom {
  parallelRuns: number;
  readonly #listeners = new Set<() => void>();
  constructor(parallelRuns: number) {
    this.parallelRuns = parallelRuns;
  }
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  set(parallelRuns: number): void {
    this.parallelRuns = parallelRuns;
    for (const listener of this.#listeners) listener();
  }
}

export interface Program {
  readonly store: Store;
  readonly queue: RunQueue;
  readonly jobs: SavedJobs;
  readonly schedules: Schedules;
  readonly engine: EngineContext;
  readonly room: Room;
  /** Runs in the order in which they were begun here. */
  readonly begun: string[];
  /** State events, as their name and the changed thing's id. */
  readonly events: string[];
}

export interface World {
  readonly source: MemoryEndpoint;
  readonly destination: MemoryEndpoint;
  readonly clock: TestClock;
  program(name: string, options?: ProgramOptions): Program;
}

export interface ProgramOptions {
  readonly takesAny?: boolean;
  readonly parallelRuns?: number;
  readonly waits?: Pick<RunWaits, "of">;
  readonly ownerIsGone?: (owner: string) => boolean;
}

export function world(): World {
  const file = join(testFolder(), "data", "freightliner.db");
  const clock = new TestClock();
  const source = new MemoryEndpoint("source.test:5000");
  const destination = new MemoryEndpoint("destination.test:5000");
  const get = async (id: string) => (id === "destination" ? destination : source);
  const pool = { assertWritable: () => {}, get, source: get } as unknown as EndpointPool;

  function program(name: string, options: ProgramOptions = {}): Program {
    const { takesAny = true, parallelRuns = 2, ownerIsGone, waits } = options;
    const store = openStore({
      file,
      owner: name,
      now: clock.now,
      ...(ownerIsGone === undefined ? {} : { ownerIsGone }),
    });
    if (store.endpoints.list().length === 0)
      for (const id of ["source", "destination"]) store.endpoints.insert(endpoint(id));
    const hub = new EventHub();
    const events: string[] = [];
    hub.join({ ...silentPipe, send: (frame: HostFrame) => void noteEvent(events, frame) }, undefined);
    const board = new ProgressBoard({ hub, monotonic: () => systemClock.monotonic() });
    const engine = createEngineContext({
      journal: store.journal,
      clock: systemClock,
      listener: { imageChanged: () => {}, progress: () => {} },
    });
    const room = new Room(parallelRuns);
    const begun: string[] = [];
    const queue = new RunQueue({
      store,
      pool,
      engine,
      hub,
      board,
      log: silentLog,
      takesAny,
      room,
      ...(waits === undefined ? {} : { waits }),
      onStarted: (run) => void begun.push(run.id),
      onFinished: () => {},
    });
    const jobs = new SavedJobs({ store, hub, queue, log: silentLog, now: clock.now });
    const schedules = new Schedules({ store, jobs, queue, log: silentLog, now: clock.now });
    queue.open();
    onTestFinished(async () => {
      await queue.close();
      board.close();
      hub.close();
      store.close();
    });
    return { store, queue, jobs, schedules, engine, room, begun, events };
  }
  return { source, destination, clock, program };
}

const silentPipe = { onFrame: () => {}, onClose: () => {}, close: () => {} };

function noteEvent(events: string[], frame: HostFrame): void {
  if (frame.t !== "event") return;
  const data = frame.data as { readonly id?: string; readonly state?: string };
  events.push([frame.name, data.state ?? data.id ?? ""].join(" "));
}

/** Holds every call of an operation until it is opened; says how many wait. */
export class Gate {
  waiting = 0;
  readonly #opened = Promise.withResolvers<void>();
  constructor(at: MemoryEndpoint, operation: string) {
    at.fault = async (call) => {
      if (call.operation !== operation) return;
      this.waiting++;
      const stopped = new Promise<void>((_, reject) => {
        const stop = (): void => reject(call.signal.reason);
        if (call.signal.aborted) stop();
        call.signal.addEventListener("abort", stop, { once: true });
      });
      try {
        await Promise.race([this.#opened.promise, stopped]);
      } finally {
        this.waiting--;
      }
    };
  }
  open(): void {
    this.#opened.resolve();
  }
}
