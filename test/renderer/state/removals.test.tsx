// Many at once: removed one after the other, because the host takes only so many calls; what stays is told once.
import { act, cleanup, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToastRegion } from "../../../renderer/components/toast.tsx";
import { removeRunsLater } from "../../../renderer/state/history.ts";
import { usePastToasts } from "../../../renderer/state/past-toasts.ts";
import { useRemovals } from "../../../renderer/state/removals.ts";
import { FreightlinerError } from "../../../shared/errors.ts";
import { runId } from "../screens/run-fixtures.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const host = new ScriptedHost();
const ids = Array.from({ length: 100 }, (_, index) => runId(index + 1));

beforeEach(() => {
  vi.useFakeTimers();
  useRemovals.setState({ ids: new Set() });
  render(<ToastRegion>{null}</ToastRegion>);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("asks for one removal at a time, and says once how many could not be removed", async () => {
  const refused = new Set([runId(3), runId(70)]);
  let open = 0;
  let most = 0;
  host.answer("runs.delete", async ({ runId: id }) => {
    most = Math.max(most, ++open);
    await Promise.resolve();
    open--;
    if (refused.has(id))
      throw new FreightlinerError({ code: "store", operation: "runs.delete", message: "The disk is full." });
    return {};
  });
  act(() => removeRunsLater(ids));
  expect(useRemovals.getState().ids.size).toBe(100);
  await act(() => vi.advanceTimersByTimeAsync(10_000));
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(host.calls("runs.delete")).toHaveLength(100);
  expect(most).toBe(1);
  expect([...refused].map((id) => useRemovals.getState().ids.has(id))).toEqual([false, false]);
  expect(useRemovals.getState().ids.size).toBe(98);
  const bad = usePastToasts.getState().toasts.filter(({ tone }) => tone === "bad");
  expect(bad.map(({ text }) => text)).toEqual(["2 of 100 are still there. The disk is full."]);
});
