// The transfers in one line: how many are under way and how fast together.
import { progressKey } from "../../../shared/contract.ts";
import { useUnits } from "../../state/formats.ts";
import { useProgress } from "../../state/progress.ts";
import { useRuns } from "../../state/runs.ts";
import { statusText } from "../../text/transfers.ts";

export function TransferStatus() {
  const active = useRuns(
    ({ runs }) => runs.filter((run) => run.state === "running" || run.state === "queued").length,
  );
  const paused = useRuns(({ runs }) => runs.filter((run) => run.state === "paused").length);
  const units = useUnits();
  const total = useProgress(progressKey.total);
  return (
    <span className="shrink-0 text-xs text-muted">
      {statusText(active, paused, total?.bytesPerSecond ?? 0, units)}
    </span>
  );
}
