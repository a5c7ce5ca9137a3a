// Removing from the list: hidden at once, gone only when the toast is, back where it is undone or refused.
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ToastRegion } from "../../../../renderer/components/toast.tsx";
import { clearRuns, removeRuns, useHiddenRuns } from "../../../../renderer/state/run-removal.ts";
import { useRuns } from "../../../../renderer/state/runs.ts";
import { makeRun, runId, wireError } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const done = makeRun(1, { state: "succeeded" });
const planned = makeRun(2, { state: "planned" });
const running = makeRun(3);
const hidden = () => [...useHiddenRuns.getState().ids];

beforeEach(() => {
  host.asked.length = 0;
  host.answer("runs.delete", () => ({}));
  host.answer("runs.discard", () => ({}));
  host.answer("runs.clear", () => ({ removed: 700 }));
  useRuns.setState({ runs: [running, planned, done], counts: { active: 2, failed: 0, done: 700 } });
  render(<ToastRegion>{null}</ToastRegion>);
});
afterEach(cleanup);

const dismiss = async (): Promise<void> => {
  await userEvent.click(await screen.findByLabelText("Dismiss"));
};

it("asks the engine only when the toast is gone, and leaves what still runs", async () => {
  act(() => removeRuns([running, planned, done]));
  expect(hidden()).toEqual([runId(2), runId(1)]);
  expect(await screen.findByText("2 transfers removed from the list")).toBeDefined();
  expect(host.asked).toEqual([]);
  await dismiss();
  await waitFor(() => expect(host.calls("runs.delete")).toEqual([{ runId: runId(1) }]));
  expect(host.calls("runs.discard")).toEqual([{ runId: runId(2) }]);
  await waitFor(() => expect(hidden()).toEqual([]));
});

it("takes it back with Undo, and never asks the engine", async () => {
  act(() => removeRuns([done]));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(hidden()).toEqual([]);
  await waitFor(() => expect(screen.queryByText("1 transfer removed from the list")).toBeNull());
  expect(host.asked).toEqual([]);
});

it("clears a tab as a whole, also what was not read", async () => {
  const before = Date.now();
  act(() => clearRuns("done"));
  expect(await screen.findByText("700 transfers removed from the list")).toBeDefined();
  await dismiss();
  await waitFor(() => expect(host.calls("runs.clear")).toHaveLength(1));
  const [asked] = host.calls("runs.clear") as [{ states: string[]; endedBefore: number }];
  expect(asked.states).toEqual(["succeeded", "cancelled"]);
  expect(asked.endedBefore).toBeGreaterThanOrEqual(before);
});

it("brings back what the engine refuses to remove", async () => {
  host.answer("runs.delete", () => wireError);
  act(() => removeRuns([done]));
  expect(hidden()).toEqual([runId(1)]);
  await dismiss();
  await waitFor(() => expect(hidden()).toEqual([]));
});
