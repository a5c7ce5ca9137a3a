// Wall time and peak memory of a program run to its end, and rounds in which several programs take turns.
import { readFileSync } from "node:fs";
import { childEnd, startChild } from "../test/support/child.ts";
import type { Command } from "./programs.ts";

export interface Measured {
  readonly seconds: number;
  /** The kernel's high-water mark of resident memory (VmHWM), read until the end. */
  readonly peakMiB: number;
}

/** @throws Error with the end of its stderr where the program fails. */
export async function measureProgram({ command, args, env }: Command): Promise<Measured> {
  const started = performance.now();
  const child = startChild(command, args, env === undefined ? {} : { env });
  let peakKiB = 0;
  const timer = setInterval(() => {
    peakKiB = Math.max(peakKiB, highWaterKiB(child.pid ?? 0));
  }, 20);
  let errors = "";
  child.stdout?.resume();
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const { code } = await childEnd(child);
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${errors.slice(-2000)}`);
  return { seconds: (performance.now() - started) / 1000, peakMiB: peakKiB / 1024 };
}

/** 0 where the process is already gone. */
function highWaterKiB(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** One thing that is measured several times, against others in the same rounds. */
export interface Contender {
  readonly name: string;
  /** One run on fresh registries; the measured part only is told. */
  readonly run: () => Promise<readonly Measured[]>;
}

export interface RoundsInput {
  readonly rounds: number;
  /** What each contender measures in one run, in order, e.g. `["cold", "unchanged"]`. */
  readonly phases: readonly string[];
  readonly contenders: readonly Contender[];
}

/** By contender and phase, one measurement for each round. */
export type Results = ReadonlyMap<string, ReadonlyMap<string, readonly Measured[]>>;

/** Who goes first changes from round to round, so that a warm cache favours nobody. Prints a line for each round. */
export async function measureRounds({ rounds, phases, contenders }: RoundsInput): Promise<Results> {
  const results = new Map(
    contenders.map(({ name }) => [name, new Map(phases.map((phase) => [phase, [] as Measured[]]))]),
  );
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const { name, run } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const measured = await run();
      for (const [index, phase] of phases.entries()) {
        const one = measured[index];
        if (one !== undefined) results.get(name)?.get(phase)?.push(one);
      }
    }
    for (const phase of phases) {
      const line = contenders.map(({ name }) => {
        const one = results.get(name)?.get(phase)?.[round];
        return `${name} ${one?.seconds.toFixed(2)} s, ${one?.peakMiB.toFixed(0)} MiB`;
      });
      console.log(`  ${phases.length > 1 ? `${phase}, ` : ""}round ${round + 1}: ${line.join(" · ")}`);
    }
  }
  return results;
}

export function medianSeconds(results: Results, name: string, phase: string): number {
  return median((results.get(name)?.get(phase) ?? []).map((one) => one.seconds));
}

export function peakMiB(results: Results, name: string, phase: string): number {
  return Math.max(...(results.get(name)?.get(phase) ?? []).map((one) => one.peakMiB));
}

/** The median of `over`'s time divided by `under`'s in the same round. */
export function medianRatio(results: Results, phase: string, over: string, under: string): number {
  const bottoms = results.get(under)?.get(phase) ?? [];
  const tops = results.get(over)?.get(phase) ?? [];
  return median(tops.map((one, round) => one.seconds / (bottoms[round]?.seconds ?? Number.NaN)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
