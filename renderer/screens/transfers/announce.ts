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
