// Turns byte counts of blobs into progress of blobs, images, runs and all together; work is proportional to active blobs.
import { type ProgressValue, progressKey } from "../../shared/contract.ts";
import { type SpeedState, secondsLeft, startSpeed, updateSpeed } from "../../shared/progress.ts";
import type { EventHub } from "./event-hub.ts";

/** How often speeds are computed while something moves, in milliseconds. */
const tickMs = 200;

interface Meter {
  bytes: number;
  total: number;
  speed: SpeedState;
}

interface RunBoard {
  readonly runId: string;
  readonly meter: Meter;
  /** Bytes of blobs that are finished, in this and earlier attempts. */
  finished: number;
  readonly blobs: Map<string, Meter>;
  /** Per active image: bytes of finished blobs, and the keys of the active ones. */
  readonly images: Map<number, ImageBoard>;
}

interface ImageBoard {
  readonly meter: Meter;
  finished: number;
  readonly active: Set<string>;
}

export interface ProgressBoardOptions {
  readonly hub: EventHub;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
}

export class ProgressBoard {
  readonly #options: ProgressBoardOptions;
  readonly #runs = new Map<string, RunBoard>();
  #total: Meter;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgressBoardOptions) {
    this.#options = options;
    this.#total = this.#meter(0, 0);
  }

  /** A run starts or goes on: `finished` bytes are already there of `total`. */
  runStarted(runId: string, finished: number, total: number): void {
    this.#runs.set(runId, { runId, meter: this.#meter(finished, total), finished, blobs: new Map(), images: new Map() });
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  runEnded(runId: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    for (const key of run.blobs.keys()) this.#options.hub.progress(`blob:${runId}/${key}`, null);
    for (const imageId of run.images.keys()) this.#options.hub.progress(progressKey.image(runId, imageId), null);
    this.#options.hub.progress(progressKey.run(runId), null);
    this.#runs.delete(runId);
    if (this.#runs.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#total = this.#meter(0, 0);
    this.#options.hub.progress(progressKey.total, null);
  }

  imageStarted(runId: string, imageId: number, total: number): void {
    this.#runs.get(runId)?.images.set(imageId, { meter: this.#meter(0, total), finished: 0, active: new Set() });
  }

  imageEnded(runId: string, imageId: number): void {
    if (this.#runs.get(runId)?.images.delete(imageId)) this.#options.hub.progress(progressKey.image(runId, imageId), null);
  }

  /** Absolute bytes of one blob so far, and which of the run's images wait for it. */
  blobBytes(runId: string, blob: { readonly repository: string; readonly digest: string; readonly size: number }, imageId: number, bytes: number): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    const key = `${blob.repository}@${blob.digest}`;
    let meter = run.blobs.get(key);
    if (meter === undefined) {
      meter = this.#meter(0, blob.size);
      run.blobs.set(key, meter);
    }
    meter.bytes = bytes;
    run.images.get(imageId)?.active.add(key);
  }

  /** The blob is over; `transferred` bytes count as moved (0 where it failed, was there or was mounted). */
  blobEnded(runId: string, blob: { readonly repository: string; readonly digest: string }, transferred: number): void {
    const run = this.#runs.get(runId);
    const key = `${blob.repository}@${blob.digest}`;
    if (run === undefined || !run.blobs.has(key)) return;
    run.blobs.delete(key);
    run.finished += transferred;
    for (const image of run.images.values()) if (image.active.delete(key)) image.finished += transferred;
    this.#options.hub.progress(`blob:${runId}/${key}`, null);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#runs.clear();
  }

  #meter(bytes: number, total: number): Meter {
    return { bytes, total, speed: startSpeed(bytes, this.#options.monotonic()) };
  }

  #tick(): void {
    const now = this.#options.monotonic();
    const { hub } = this.#options;
    let bytes = 0;
    let total = 0;
    for (const run of this.#runs.values()) {
      let active = 0;
      for (const [key, meter] of run.blobs) {
        active += meter.bytes;
        hub.progress(`blob:${run.runId}/${key}`, advance(meter, meter.bytes, now));
      }
      for (const [imageId, image] of run.images) {
        let moved = image.finished;
        for (const key of image.active) moved += run.blobs.get(key)?.bytes ?? 0;
        hub.progress(progressKey.image(run.runId, imageId), advance(image.meter, moved, now));
      }
      hub.progress(progressKey.run(run.runId), advance(run.meter, run.finished + active, now));
      bytes += run.meter.bytes;
      total += run.meter.total;
    }
    this.#total.total = total;
    hub.progress(progressKey.total, advance(this.#total, bytes, now));
  }
}

function advance(meter: Meter, bytes: number, now: number): ProgressValue {
  meter.bytes = bytes;
  meter.speed = updateSpeed(meter.speed, bytes, now);
  const left = secondsLeft(meter.speed, meter.total - bytes);
  return {
    bytes,
    total: meter.total,
    bytesPerSecond: meter.speed.bytesPerSecond,
    secondsLeft: left ?? null,
  };
}
