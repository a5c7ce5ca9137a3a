// Which runs are listed: not the plan in its dialog, nor the one that is being made to take its place.
import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { useListedRuns } from "../../../../renderer/screens/transfers/run-list.tsx";
import { usePlan } from "../../../../renderer/state/plan.ts";
import { useRuns } from "../../../../renderer/state/runs.ts";
import { makeRun, runId } from "../run-fixtures.ts";

afterEach(() => {
  cleanup();
  usePlan.setState(usePlan.getInitialState());
});

const listed = () => renderHook(() => useListedRuns("active")).result.current.map(({ id }) => id);

it("hides the plan in the dialog and the one being made while it is open", () => {
  const [running, shown, next] = [
    makeRun(1),
    makeRun(2, { state: "planned" }),
    makeRun(3, { state: "planning" }),
  ];
  useRuns.setState({ runs: [next, shown, running] });
  usePlan.setState({ open: true, run: shown, making: { run: next, found: 0, at: undefined } });
  expect(listed()).toEqual([runId(1)]);
  usePlan.setState({ open: false });
  expect(listed().toSorted()).toEqual([runId(1), runId(2), runId(3)]);
});
