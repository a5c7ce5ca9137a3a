// Why a run that stands still does so: the newest failure that the engine tries again, until bytes move.
import { create } from "zustand";
import { progressKey } from "../../shared/contract.ts";
import type { WireError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import { onGap, onLive } from "../api/live.ts";
import { progressOf, useProgress } from "./progress.ts";

interface Retry {
  readonly error: WireError;
  /** The run's bytes when it was told. */
  readonly bytes: number;
}
/** More than the rest of what was on its way already; bytes. */
const movedOn = 256 * 1024;

const useRetries = create<{ readonly byRun: ReadonlyMap<string, Retry> }>(() => ({ byRun: new Map() }));

function note(run: Run): void {
  const { byRun } = useRetries.getState();
  const next = new Map(byRun);
  if (run.state === "running" && run.lastRetry !== undefined) {
    const known = byRun.get(run.id)?.bytes;
    const bytes = progressOf(progressKey.run(run.id))?.bytes ?? run.tallies.bytesTransferred;
    const stands = known !== undefined && bytes - known < movedOn;
    next.set(run.id, { error: run.lastRetry.error, bytes: stands ? known : bytes });
  } else if (run.state === "running" || !next.delete(run.id)) return;
  useRetries.setState({ byRun: next });
}

/** What is being tried again while nothing else of the run moves; undefined where it moves or is not running. */
export function useStandstill(run: Run): WireError | undefined {
  const retry = useRetries(({ byRun }) => byRun.get(run.id));
  // A run without trouble is not drawn anew for its bytes.
  const progress = useProgress(retry === undefined ? "" : progressKey.run(run.id));
  if (retry === undefined || run.state !== "running") return undefined;
  return (progress?.bytes ?? 0) - retry.bytes < movedOn ? retry.error : undefined;
}

onLive("run.changed", note);
onLive("run.removed", ({ runId }) => {
  const byRun = new Map(useRetries.getState().byRun);
  if (byRun.delete(runId)) useRetries.setState({ byRun });
});
onGap(() => useRetries.setState({ byRun: new Map() }));
