// What is said aloud about transfers: started, every quarter, paused, resumed, done, failed. Once each.
import { fraction } from "../../../shared/progress.ts";
import type { Run, RunState } from "../../../shared/run.ts";
import { announcements, runName } from "../../text/transfers.ts";

interface Heard {
  readonly state: RunState;
  /** It ran before, or was paused, and did not end: to run is to go on. */
  readonly hasBegun: boolean;
  /** 0 to 3: the last quarter that was said. */
  readonly quarter: number;
}

export class Announcer {
  readonly #heard = new Map<string, Heard>();

  /** The first sight of a run is not news: after a reload nothing is said of what was there. */
  hear(run: Run): string | undefined {
    const before = this.#heard.get(run.id);
    const { state } = run;
    const hasBegun =
      state === "queued" ? (before?.hasBegun ?? false) : state === "running" || state === "paused";
    // A pause is no new beginning: quarters that were said are not said again.
    const quarter = hasBegun && before !== undefined ? before.quarter : 0;
    this.#heard.set(run.id, { state, hasBegun, quarter });
    if (before === undefined || before.state === state) return undefined;
    return spoken(run, before);
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

function spoken(run: Run, before: Heard): string | undefined {
  const name = runName(run);
  switch (run.state) {
    case "running":
      return before.hasBegun ? announcements.resumed(name) : announcements.started(name);
    case "paused":
      return announcements.paused(name);
    case "succeeded":
      return announcements.done(name, run.tallies.imagesSucceeded + run.tallies.imagesSkipped);
    case "failed":
      return announcements.failed(name, run.tallies.imagesFailed);
    case "cancelled":
      return before.state === "planned" || before.state === "planning"
        ? undefined
        : announcements.cancelled(name);
    default:
      return undefined;
  }
}
