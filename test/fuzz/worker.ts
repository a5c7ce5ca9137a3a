// Feeds one target after the other, in a thread that may hang or run out of memory; what it works on lies in shared memory.
import { parentPort, workerData } from "node:worker_threads";
import { FreightlinerError } from "../../shared/errors.ts";
import { seededRandom } from "../support/seeded-random.ts";
import type { Slice, SliceResult } from "./fuzz.ts";
import { largestInput, mutated } from "./mutate.ts";
import { corpusOf, type Target, targets } from "./targets.ts";

const shared = workerData as SharedArrayBuffer;
/** Number of inputs begun, and the length of the newest. */
const state = new Int32Array(shared, 0, 2);
const current = new Uint8Array(shared, 8);
/** Bytes outside of the heap, of all threads. */
const mostBuffers = 512 * 1024 * 1024;

function begin(input: Buffer): void {
  const kept = input.subarray(0, largestInput);
  current.set(kept);
  state[1] = kept.length;
  Atomics.add(state, 0, 1);
}

/** What is wrong with how the target ended; undefined where it read the input or refused it in its own words. */
async function faultOf(target: Target, input: Buffer): Promise<string | undefined> {
  try {
    await target.run(input);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof FreightlinerError) {
      return thrown.code === "internal" ? `internal: ${thrown.message}` : undefined;
    }
    const isPlain = thrown instanceof Error && (thrown.name === "Error" || thrown.name === "TomlError");
    if (target.plainErrors === true && isPlain) return undefined;
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : `threw ${String(thrown)}`;
  }
}

async function work({ name, seed, milliseconds, corpus }: Slice): Promise<SliceResult> {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`There is no target ${name}.`);
  const seeds = corpusOf(name);
  const random = seededRandom(seed);
  const failures: { input: Buffer; fault: string }[] = [];
  const end = performance.now() + milliseconds;
  let inputs = 0;
  const first = corpus ? seeds : [];
  for (; (inputs < first.length || performance.now() < end) && failures.length < 5; inputs += 1) {
    const input = first[inputs] ?? mutated(seeds, random);
    begin(input);
    const fault = await faultOf(target, input);
    if (fault !== undefined) failures.push({ input, fault });
    if (inputs % 500 === 0 && process.memoryUsage().arrayBuffers > mostBuffers)
      failures.push({ input, fault: "the buffers grow" });
    // Streams and timers get their turn.
    if (inputs % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { inputs, failures };
}

parentPort?.on("message", (slice: Slice) => {
  void work(slice).then((result) => parentPort?.postMessage(result));
});
