// Whether what is under way stands still together with its run: nothing below a paused or waiting run says that it runs.
import type { Run } from "../../../shared/run.ts";
import { useStandstill } from "../../state/retries.ts";
import type { Still } from "../../text/transfers.ts";
import type { RowNumbers } from "./row-numbers.ts";

/** Undefined where it moves, or nothing is known to hold it. */
export function useStill(run: Run): Still | undefined {
  const standstill = useStandstill(run);
  switch (run.state) {
    case "paused":
      return "paused";
    case "planning":
    case "planned":
    case "queued":
      return "waiting";
    case "running":
      return run.waitingFor === undefined && standstill === undefined ? undefined : "waiting";
    case "succeeded":
    case "failed":
    case "cancelled":
      return undefined;
  }
}

/** What stands has neither speed nor time left. */
export function numbersOf(numbers: RowNumbers, still: Still | undefined): RowNumbers {
  return still === undefined ? numbers : { ...numbers, speed: "", left: "" };
}
