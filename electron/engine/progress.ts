// Adds up what moves: absolute bytes per blob, image and run, at a cost that does not grow with the work.
import type { Descriptor } from "../../shared/descriptor.ts";
import type { RunImage } from "../../shared/run.ts";
import type { ByteCount, EngineListener } from "./context.ts";
import type { Clock } from "./ports.ts";

/** Milliseconds between two reports of one key. */
const interval = 100;

interface Counter {
  bytes: number;
  total: number;
  toldAt: number;
}

export interface RunProgressOptions {
  readonly runId: string;
  readonly listener: EngineListener;
  readonly clock: Clock;
  /** Bytes that earlier attempts of the run moved. */
  readonly bytes: number;
  /** Bytes that the plan expects. */
  readonly total: number;
}

/** One blob on its way. */
export interface BlobProgress {
  /** Absolute bytes so far; it may fall when a blob is started again. */
  moved(bytes: number): void;
  /** The blob is there, or was given up: then what came of it does not count. */
  ended(arrived: boolean): void;
}

export class RunProgress {
  readonly #options: RunProgressOptions;
  readonly #images = new Map<number, Counter>();
  readonly #run: Counter;

  constructor(options: RunProgressOptions) {
    this.#options = options;
    this.#run = { bytes: options.bytes, total: options.total, toldAt: -interval };
  }

  imageStarted(image: RunImage): void {
    this.#images.set(image.id, { bytes: 0, total: image.bytesToTransfer, toldAt: -interval });
  }

  /**
   * The run's total stays as planned: images share blobs, so an image that moved less than its share says nothing of the run,
   * where another one moved it instead.
   */
  imageEnded(imageId: number): void {
    const image = this.#images.get(imageId);
    if (image === undefined) return;
    this.#images.delete(imageId);
    this.#tellImage(imageId, image, true);
    this.#tellRun(false);
  }

  /** @param complete all is there: what others brought in the meantime is not expected any more. */
  runEnded(complete: boolean): void {
    if (complete) this.#run.total = this.#run.bytes;
    this.#tellRun(true);
  }

  blob(imageId: number, repository: string, blob: Descriptor): BlobProgress {
    const counter: Counter = { bytes: 0, total: blob.size, toldAt: -interval };
    const move = (bytes: number): void => {
      const more = bytes - counter.bytes;
      counter.bytes = bytes;
      this.#run.bytes += more;
      const image = this.#images.get(imageId);
      if (image !== undefined) image.bytes += more;
    };
    const tell = (over: boolean): void => {
      if (!over && !this.#isDue(counter)) return;
      const { runId, listener } = this.#options;
      const { bytes, total } = counter;
      listener.progress({
        kind: "blob",
        runId,
        imageId,
        repository,
        digest: blob.digest,
        bytes,
        total,
        over,
      });
    };
    return {
      moved: (bytes) => {
        move(bytes);
        tell(false);
        this.#tellUpwards(imageId);
      },
      ended: (arrived) => {
        if (!arrived) move(0);
        tell(true);
        this.#tellUpwards(imageId);
      },
    };
  }

  #tellUpwards(imageId: number): void {
    const image = this.#images.get(imageId);
    if (image !== undefined && this.#isDue(image)) this.#tellImage(imageId, image, false);
    if (this.#isDue(this.#run)) this.#tellRun(false);
  }

  #isDue(counter: Counter): boolean {
    const now = this.#options.clock.monotonic();
    if (now - counter.toldAt < interval) return false;
    counter.toldAt = now;
    return true;
  }

  #tellImage(imageId: number, counter: Counter, over: boolean): void {
    const { runId, listener } = this.#options;
    listener.progress({ kind: "image", runId, imageId, ...countOf(counter), over });
  }

  #tellRun(over: boolean): void {
    const { runId, listener } = this.#options;
    listener.progress({ kind: "run", runId, ...countOf(this.#run), over });
  }
}

/** More may move than was planned; it is never told as more than all. */
function countOf({ bytes, total }: Counter): ByteCount {
  return { bytes, total: Math.max(bytes, total) };
}
