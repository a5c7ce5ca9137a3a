// What Chromium's own tracing says of a stretch of time in the page: how long its main thread was busy at a time.
import type { Page } from "playwright";

export interface Traced {
  /** The longest piece of work of the page's main thread, in milliseconds: no frame can be drawn meanwhile. */
  readonly longestMs: number;
  /** The same without the time in which other programs had the processor. */
  readonly longestCpuMs: number;
  /** Processor time of all pieces. */
  readonly cpuMs: number;
  /** Pieces of more than 50 ms. */
  readonly over50: number;
  /** Share of the time in which the main thread worked, 0 to 1. */
  readonly busy: number;
  readonly seconds: number;
  /** Frames that were drawn. */
  readonly frames: number;
}

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds in which the thread had the processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"];

/** Traces what the page does while `work` goes on. */
export async function traced(page: Page, work: () => Promise<void>): Promise<Traced> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("The page belongs to no browser that can be traced.");
  await browser.startTracing(page, { categories });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString("utf8")) as {
    traceEvents: readonly TraceEvent[];
  };
  return summarise(traceEvents);
}

/** The page's main thread is the renderer's main thread that worked most; an empty tab has another one. */
export function summarise(events: readonly TraceEvent[]): Traced {
  const mains = new Set(
    events
      .filter((event) => event.name === "thread_name" && event.args?.name === "CrRendererMain")
      .map(threadOf),
  );
  const byThread = Map.groupBy(
    events.filter((event) => mains.has(threadOf(event))),
    threadOf,
  );
  const tasksOf = (thread: readonly TraceEvent[]) =>
    thread.filter((event) => event.ph === "X" && event.name === "RunTask" && event.dur !== undefined);
  const threads = [...byThread.values()].map((thread) => ({ thread, tasks: tasksOf(thread) }));
  const [page] = threads.toSorted((a, b) => sum(b.tasks) - sum(a.tasks));
  if (page === undefined || page.tasks.length === 0) throw new Error("The trace holds no work of the page.");
  const first = page.tasks.reduce((least, task) => Math.min(least, task.ts), Number.POSITIVE_INFINITY);
  const last = page.tasks.reduce((most, task) => Math.max(most, task.ts + (task.dur ?? 0)), 0);
  return {
    longestMs: page.tasks.reduce((most, task) => Math.max(most, task.dur ?? 0), 0) / 1000,
    longestCpuMs: page.tasks.reduce((most, task) => Math.max(most, task.tdur ?? 0), 0) / 1000,
    cpuMs: page.tasks.reduce((total, task) => total + (task.tdur ?? 0), 0) / 1000,
    over50: page.tasks.filter((task) => (task.dur ?? 0) > 50_000).length,
    busy: sum(page.tasks) / Math.max(1, last - first),
    seconds: (last - first) / 1_000_000,
    frames: page.thread.filter((event) => event.name === "Commit").length,
  };
}

function threadOf(event: TraceEvent): string {
  return `${event.pid}/${event.tid}`;
}

function sum(tasks: readonly TraceEvent[]): number {
  return tasks.reduce((total, task) => total + (task.dur ?? 0), 0);
}
