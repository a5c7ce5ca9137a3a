// How the steps of `bench:ui` are measured and told: traced, several times where single runs jitter, against the limits.
import type { Page } from "playwright";
import { type Traced, traced } from "./ui-trace.ts";

export const limits = { frameMs: 50, heapMiB: 150, firstWindowMs: 1000 };

export function verdict(met: boolean): string {
  return met ? "met" : "MISSED";
}

/** The run in the middle by its longest task, of `times` runs. */
export async function step(page: Page, name: string, work: () => Promise<void>, times = 1): Promise<void> {
  const runs: Traced[] = [];
  for (let run = 0; run < times; run += 1) runs.push(await traced(page, work));
  const median = runs.toSorted((a, b) => a.longestMs - b.longestMs)[Math.floor(times / 2)];
  if (median === undefined) throw new Error(`${name} was measured no time.`);
  const { longestMs, over50, busy, seconds, frames, cpuMs, longestCpuMs } = median;
  console.log(
    `  ${name.padEnd(52)} longest ${longestMs.toFixed(0).padStart(4)} ms (${longestCpuMs.toFixed(0).padStart(3)} of processor), ` +
      `over 50 ms: ${String(over50).padStart(3)}, busy ${(busy * 100).toFixed(0).padStart(3)} % of ${seconds.toFixed(1).padStart(4)} s ` +
      `(${((cpuMs / 1000 / seconds) * 100).toFixed(0).padStart(3)} % of processor), ${frames} frames: ${verdict(longestMs <= limits.frameMs)}`,
  );
}

const scrollMs = 2500;

/** Turns the wheel over the middle of something, thirty times a second, mostly down. */
export async function scroll(page: Page, over: string): Promise<void> {
  const box = await page.locator(over).first().boundingBox();
  if (box === null) throw new Error(`There is nothing to scroll at ${over}.`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const end = performance.now() + scrollMs;
  for (let turn = 0; performance.now() < end; turn += 1) {
    await page.mouse.wheel(0, turn % 40 < 30 ? 700 : -500);
    await page.waitForTimeout(33);
  }
}

export async function heapMiB(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1024 / 1024;
}
