// Runs the targets for a time, slice by slice, in a thread that is watched: a crash, a hang or too much memory is a failure.
import { Worker } from "node:worker_threads";
import { largestInput } from "./mutate.ts";
import { targets } from "./targets.ts";

export interface Slice {
  readonly name: string;
  readonly seed: number;
  readonly milliseconds: number;
  /** The kept inputs as they are, before the mutated ones. */
  readonly corpus: boolean;
}

export interface SliceResult {
  readonly inputs: number;
  readonly failures: readonly { readonly input: Uint8Array; readonly fault: string }[];
}

export interface FuzzFailure {
  readonly target: string;
  readonly seed: number;
  readonly input: Uint8Array;
  readonly fault: string;
}

export interface FuzzResult {
  /** Inputs by target. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Names; all of them where none is given. */
  readonly only?: readonly string[];
  /** Milliseconds for one input; the machine may have other work. */
  readonly hangMs?: number;
  readonly heapMb?: number;
}

class Watched {
  readonly #shared = new SharedArrayBuffer(8 + largestInput);
  readonly #state = new Int32Array(this.#shared, 0, 2);
  readonly #worker: Worker;
  readonly #hangMs: number;

  constructor(hangMs: number, heapMb: number) {
    this.#hangMs = hangMs;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: this.#shared,
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
  }

  /** The result; or the fault that ended the thread, with what it was working on. */
  run(slice: Slice): Promise<SliceResult & { readonly ended: boolean }> {
    return new Promise((resolve) => {
      const began = this.#state[0] ?? 0;
      let [seen, since] = [-1, performance.now()];
      const done = (result: SliceResult, ended: boolean): void => {
        clearInterval(look);
        this.#worker.off("message", onMessage).off("error", onError);
        resolve({ ...result, ended });
      };
      const failed = (fault: string): void => {
        const inputs = (this.#state[0] ?? 0) - began;
        const input = new Uint8Array(this.#shared, 8, this.#state[1]).slice();
        void this.close().then(() => done({ inputs, failures: [{ input, fault }] }, true));
      };
      const look = setInterval(() => {
        const now = performance.now();
        const count = Atomics.load(this.#state, 0);
        if (count !== seen) [seen, since] = [count, now];
        else if (now - since > this.#hangMs) failed(`it took longer than ${this.#hangMs} ms`);
      }, 100);
      const onMessage = (result: SliceResult): void => done(result, false);
      const onError = (error: Error): void => failed(error.stack ?? error.message);
      this.#worker.on("message", onMessage).on("error", onError);
      this.#worker.postMessage(slice);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Every target gets the same time, in slices; the first slice of each begins with what the corpus keeps. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seconds, seed, only = [], hangMs = 5_000, heapMb = 512 } = options;
  const chosen = targets.filter(({ name }) => only.length === 0 || only.includes(name));
  const sliceMs = Math.max(20, Math.min(1_000, (seconds * 1_000) / Math.max(1, chosen.length)));
  const rounds = Math.max(1, Math.round((seconds * 1_000) / (sliceMs * chosen.length)));
  const inputs = new Map<string, number>();
  const failures: FuzzFailure[] = [];
  let thread = new Watched(hangMs, heapMb);
  for (let round = 0; round < rounds && failures.length < 20; round += 1) {
    for (const [at, { name }] of chosen.entries()) {
      const own = seed + round * 1_000 + at;
      const result = await thread.run({ name, seed: own, milliseconds: sliceMs, corpus: round === 0 });
      inputs.set(name, (inputs.get(name) ?? 0) + result.inputs);
      failures.push(...result.failures.map((one) => ({ target: name, seed: own, ...one })));
      if (result.ended) thread = new Watched(hangMs, heapMb);
    }
  }
  await thread.close();
  return { inputs, failures };
}
