// What is said aloud about transfers: started, every quarter, paused, done, failed. Once each.
import { fraction } from "../../../shared/progress.ts";
import type { Run, RunState } from "../../../shared/run.ts";
import { announcements, runName } from "../../text/transfers.ts";

interface Heard {
  readonly state: RunState;
  /** 0 to 3: the last quarter that was said. */
  readonly quarter: number;
}

export class Announcer {
  readonly #heard = new Map<string, Heard>();

  /** The first sight of a run is not news: after a reload nothing is said of what was there. */
  hear(run: Run): string | undefined {
    const before = this.#heard.get(run.id);
    const quarter = before !== undefined && before.state === run.state ? before.quarter : 0;
    this.#heard.set(run.id, { state: run.state, quarter });
    if (before === undefined || before.state === run.state) return undefined;
    return spoken(run, before.state);
  }

  progress(run: Run, bytes: number, total: number): string | undefined {
    const before = this.#heard.get(run.id);
    const quarter = Math.min(3, Math.floor((fraction(bytes, total) ?? 0) * 4));
    if (before === undefined || before.state !== "running" || quarter <= before.quarter) return undefined;
    this.#heard.set(run.id, { ...before, quarter });
    return announcements.quarter(runName(run), quarter * 25);
  }

  forget(runId: string): void {
    this.#heard.delete(runId);
  }
}

function spoken(run: Run, from: RunState): string | undefined {
  const name = runName(run);
  switch (run.state) {
    case "running":
      return announcements.started(name);
    case "paused":
      return announcements.paused(name);
    case "succeeded":
      return announcements.done(name, run.tallies.imagesSucceeded + run.tallies.imagesSkipped);
    case "failed":
      return announcements.failed(name, run.tallies.imagesFailed);
    case "cancelled":
      return from === "planned" || from === "planning" ? undefined : announcements.cancelled(name);
    default:
      return undefined;
  }
}

/** Milliseconds between two sentences, so that the first can be heard before the next comes. */
const pauseMs = 1200;
const waiting = new Map<string, string>();
const hearers = new Set<(text: string) => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says a sentence politely and after those before it; `about` lets a newer one of the same thing take its place. */
export function say(text: string, about = text): void {
  waiting.set(about, text);
  if (timer === undefined) sayNext();
}

function sayNext(): void {
  const [next] = waiting;
  timer = undefined;
  if (next === undefined) return;
  waiting.delete(next[0]);
  for (const hear of hearers) hear(next[1]);
  timer = setTimeout(sayNext, pauseMs);
}

export function onSpoken(hear: (text: string) => void): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}
