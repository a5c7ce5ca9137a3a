// What the window says while a run stands still: the failure that is tried again, and nothing once bytes move.
import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { emitEvent, ProgressFrame } from "../../../renderer/api/live.ts";
import { useStandstill } from "../../../renderer/state/retries.ts";
import { progressKey } from "../../../shared/contract.ts";
import type { WireError } from "../../../shared/errors.ts";
import type { Run } from "../../../shared/run.ts";
import { makeRun } from "../screens/run-fixtures.ts";

const error: WireError = {
  code: "unreachable",
  side: "destination",
  operation: "blob-upload",
  message: "registry.example cannot be reached.",
  retryable: true,
  causes: [],
};
let run: Run;
const tell = (change: Partial<Run>): void => {
  run = { ...run, ...change };
  act(() => emitEvent("run.changed", run));
};

beforeEach(() => {
  run = makeRun(1);
});

it("names what is tried again until the run goes on", async () => {
  const { result, rerender } = renderHook(() => useStandstill(run));
  expect(result.current).toBeUndefined();
  tell({ lastRetry: { at: 1, error } });
  await waitFor(() => expect(result.current?.code).toBe("unreachable"));
  const frame = new ProgressFrame({ nextFrame: (draw) => draw(), credit: () => undefined });
  const progress = { bytes: 1_000_000, total: 9_000_000, bytesPerSecond: 1, secondsLeft: null };
  act(() => frame.add([[progressKey.run(run.id), progress]]));
  expect(result.current).toBeUndefined();
  // The next failure counts from where the run stands then.
  tell({ lastRetry: { at: 2, error } });
  expect(result.current?.code).toBe("unreachable");
  tell({ state: "paused" });
  rerender();
  expect(result.current).toBeUndefined();
});
