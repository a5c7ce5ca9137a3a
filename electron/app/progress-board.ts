// Adds speed and time left to what the engine reports, and the sum over all runs.
import { type ProgressValue, progressKey } from "../../shared/contract.ts";
import { type SpeedState, secondsLeft, startSpeed, updateSpeed } from "../../shared/progress.ts";
import type { TransferProgress } from "../engine/context.ts";
import type { EventHub } from "./event-hub.ts";
import { SpeedHistory } from "./speed-history.ts";

/** Speeds are brought up to date at least this often while something runs, so that a stall is seen; milliseconds. */
const tickMs = 500;

interface Meter {
  bytes: number;
  total: number;
  speed: SpeedState;
}

export interface ProgressBoardOptions {
  readonly hub: EventHub;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
}

export class ProgressBoard {
  readonly #options: ProgressBoardOptions;
  readonly #meters = new Map<string, Meter>();
  readonly #runs = new Set<string>();
  readonly history: SpeedHistory;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgressBoardOptions) {
    this.#options = options;
    this.history = new SpeedHistory(options.monotonic);
  }

  /** A run starts or goes on with `bytes` already moved of `total`. */
  runStarted(runId: string, bytes: number, total: number): void {
    this.#runs.add(progressKey.run(runId));
    this.history.runStarted(runId);
    this.#set(progressKey.run(runId), bytes, total);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  runEnded(runId: string): void {
    this.#runs.delete(progressKey.run(runId));
    this.history.runEnded(runId);
    for (const key of [...this.#meters.keys()]) if (belongsTo(key, runId)) this.#forget(key);
    if (this.#runs.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.hub.progress(progressKey.total, null);
  }

  report(progress: TransferProgress): void {
    const key = keyOf(progress);
    // A late report of a run that is over must not bring its keys back.
    if (!this.#runs.has(progressKey.run(progress.runId))) return;
    if (progress.kind === "run")
      this.history.moved(progress.runId, progress.bytes - (this.#meters.get(key)?.bytes ?? progress.bytes));
    if (progress.over && progress.kind !== "run") this.#forget(key);
    else this.#set(key, progress.bytes, progress.total);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#meters.clear();
    this.#runs.clear();
  }

  #forget(key: string): void {
    if (this.#meters.delete(key)) this.#options.hub.progress(key, null);
  }

  #set(key: string, bytes: number, total: number): void {
    const now = this.#options.monotonic();
    const meter = this.#meters.get(key) ?? { bytes, total, speed: startSpeed(bytes, now) };
    meter.bytes = bytes;
    meter.total = total;
    meter.speed = updateSpeed(meter.speed, bytes, now);
    this.#meters.set(key, meter);
    this.#options.hub.progress(key, progressOf(meter));
    // The sum moves with the runs that it is the sum of, so that nobody reads two truths in one window.
    if (this.#runs.has(key)) this.#options.hub.progress(progressKey.total, this.#sum());
  }

  #sum(): ProgressValue {
    const runs = [...this.#runs].flatMap((key) => this.#meters.get(key) ?? []);
    const add = (read: (meter: Meter) => number): number => runs.reduce((sum, meter) => sum + read(meter), 0);
    const [bytes, total] = [add((meter) => meter.bytes), add((meter) => meter.total)];
    const bytesPerSecond = add((meter) => meter.speed.bytesPerSecond);
    // As old as the oldest run: the sum is known when one of them is.
    const seconds = Math.max(0, ...runs.map((meter) => meter.speed.seconds));
    const left = secondsLeft({ bytesPerSecond, seconds }, total - bytes);
    return { bytes, total, bytesPerSecond, secondsLeft: left ?? null };
  }

  #tick(): void {
    for (const [key, meter] of this.#meters) this.#set(key, meter.bytes, meter.total);
  }
}

function keyOf(progress: TransferProgress): string {
  switch (progress.kind) {
    case "run":
      return progressKey.run(progress.runId);
    case "image":
      return progressKey.image(progress.runId, progress.imageId);
    case "blob":
      return progressKey.blob(progress.runId, progress.repository, progress.digest);
  }
}

function belongsTo(key: string, runId: string): boolean {
  return key === `run:${runId}` || key.startsWith(`image:${runId}/`) || key.startsWith(`blob:${runId}/`);
}

function progressOf(meter: Meter): ProgressValue {
  return {
    bytes: meter.bytes,
    total: meter.total,
    bytesPerSecond: meter.speed.bytesPerSecond,
    secondsLeft: secondsLeft(meter.speed, meter.total - meter.bytes) ?? null,
  };
}
