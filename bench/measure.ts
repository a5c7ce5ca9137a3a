// Wall time and peak memory of a program run to its end.
import { readFileSync } from "node:fs";
import { childEnd, startChild } from "../test/support/child.ts";

export interface Measured {
  readonly seconds: number;
  /** The kernel's high-water mark of resident memory (VmHWM), read until the end. */
  readonly peakMiB: number;
}

export async function measureProgram(command: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = startChild(command, args);
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
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${errors.slice(-2000)}`);
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

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
