// Which other run is copying a blob that this one waits for: the engine moves each blob to a repository once.
import type { Run, RunBlob } from "../../../shared/run.ts";
import { movingKeys } from "../../state/progress.ts";
import { useRuns } from "../../state/runs.ts";

/** Undefined where none is known to. */
export function carrierOf(run: Run, blob: RunBlob): Run | undefined {
  const tail = `/${blob.repository}@${blob.digest}`;
  for (const key of movingKeys("blob:")) {
    if (!key.endsWith(tail)) continue;
    const otherId = key.slice("blob:".length, -tail.length);
    const other = useRuns.getState().runs.find(({ id }) => id === otherId);
    if (other !== undefined && other.id !== run.id && other.destination.id === run.destination.id)
      return other;
  }
  return undefined;
}
