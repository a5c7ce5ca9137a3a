// The icon and the tone of an ended run; partly is a state of its own.
import type { Run } from "../../../shared/run.ts";
import { isPartly } from "../../text/transfers.ts";
import { runStatus, type Status } from "../transfers/statuses.ts";

export function runKind(run: Run): Status {
  return isPartly(run) ? { kind: "warn", tone: "warn" } : runStatus(run);
}
