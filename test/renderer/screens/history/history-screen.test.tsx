// The history at size: ten thousand runs are one query and a page, the filter is the engine's, partly is a state of its own.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import { HistoryScreen } from "../../../../renderer/screens/history/history-screen.tsx";
import { outcomeQuery } from "../../../../renderer/screens/history/report-images.tsx";
import { everything, filterQuery, useHistoryFilter } from "../../../../renderer/state/history.ts";
import { useNavigation } from "../../../../renderer/state/navigation.ts";
import { usePastToasts } from "../../../../renderer/state/past-toasts.ts";
import { useRemovals } from "../../../../renderer/state/removals.ts";
import { historyText, summaryText } from "../../../../renderer/text/history.ts";
import { emptyRunTallies } from "../../../../shared/run.ts";
import { makeRun, runId } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const total = 10_000;
const ended = (number: number) =>
  makeRun(number, {
    state: number === 1 ? "failed" : "succeeded",
    finishedAt: Date.now(),
    tallies: { ...emptyRunTallies, imagesSucceeded: 3, imagesFailed: number === 1 ? 2 : 0 },
  });

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
  HTMLElement.prototype.scrollTo = () => undefined;
});
beforeEach(() => {
  host.asked.length = 0;
  queryClient.clear();
  useHistoryFilter.setState(everything);
  useRemovals.setState({ ids: new Set() });
  host.answer("jobs.list", () => ({ jobs: [] }));
  host.answer("runs.list", ({ offset, limit }) => ({
    runs: Array.from({ length: Math.min(limit, total - offset) }, (_, index) => ended(offset + index + 1)),
    total,
  }));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show() {
  render(
    <QueryClientProvider client={queryClient}>
      <HistoryScreen />
    </QueryClientProvider>,
  );
}

/** The list has these runs from now on. */
function tellRuns(numbers: readonly number[], names: readonly string[] = []): void {
  host.answer("runs.list", ({ offset, limit }) => ({
    runs: numbers.slice(offset, offset + limit).map((number, at) => ({
      ...ended(number),
      spec: {
        ...ended(number).spec,
        selection: [{ kind: "image" as const, repository: names[at] ?? "app", reference: "v1" }],
      },
    })),
    total: numbers.length,
  }));
}

/** Waits until the list shows that a run has ended. */
async function ends(grid: HTMLElement, number: number): Promise<void> {
  act(() => host.tell("run.changed", ended(number)));
  await waitFor(() => expect(grid.querySelector(`[data-run="${runId(number)}"]`)).not.toBeNull());
}

async function showRuns(names: readonly string[]) {
  tellRuns(
    names.map((_, at) => at + 1),
    names,
  );
  show();
  const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
  await within(grid).findByText("Partly done");
  return {
    grid,
    row: (index: number) => grid.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? document.body,
    selected: () =>
      within(grid)
        .getAllByRole("row", { selected: true })
        .map((element) => element.getAttribute("data-run")),
  };
}

describe("HistoryScreen", () => {
  it("reads one page of ten thousand runs and draws only rows in sight", async () => {
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    expect(grid.getAttribute("aria-rowcount")).toBe(String(total + 1));
    expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
    expect(host.calls("runs.list")).toHaveLength(1);
  });

  it("has read the next page before its first row comes into sight", async () => {
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    grid.scrollTop = 28 * 60;
    fireEvent.scroll(grid);
    await waitFor(() =>
      expect(host.calls("runs.list")).toContainEqual(expect.objectContaining({ offset: 100 })),
    );
    expect(within(grid).queryByText(historyText.loading)).toBeNull();
    expect(grid.querySelector("[data-index='100']")).toBeNull();
  });

  it("asks the engine for what is searched, and shows that nothing was found", async () => {
    show();
    await screen.findByRole("grid", { name: "Transfers that ended" });
    host.answer("runs.list", () => ({ runs: [], total: 0 }));
    await userEvent.type(screen.getByRole("searchbox"), "nowhere");
    await screen.findByText("No transfer matches the filter");
    expect(host.calls("runs.list").at(-1)).toMatchObject({
      text: "nowhere",
      states: ["succeeded", "failed", "cancelled"],
    });
    await userEvent.click(screen.getByRole("button", { name: "Show all transfers" }));
    expect(useHistoryFilter.getState()).toEqual(everything);
  });

  it("goes to the run whose subject is typed, of those that were read", async () => {
    host.answer("runs.list", ({ offset, limit }) => ({
      runs: Array.from({ length: Math.min(limit, 3 - offset) }, (_, index) => ({
        ...ended(index + 1),
        spec: {
          ...ended(1).spec,
          selection: [
            { kind: "image" as const, repository: ["api", "base", "web"][index] ?? "", reference: "v1" },
          ],
        },
      })),
      total: 3,
    }));
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findAllByText(/web:v1/);
    fireEvent.keyDown(grid, { key: "w" });
    fireEvent.keyDown(grid, { key: "Enter" });
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(3) });
  });

  it("opens the report of the focused run by Enter", async () => {
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    fireEvent.keyDown(grid, { key: "ArrowDown" });
    fireEvent.keyDown(grid, { key: "Enter" });
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(2) });
  });

  it("opens the table's one menu for the row whose button is pressed", async () => {
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    const third = within(grid).getAllByLabelText("More")[2];
    if (third === undefined) throw new Error("There is no third row.");
    fireEvent.focus(third);
    fireEvent.click(third);
    fireEvent.click(await screen.findByText("Open the report"));
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(3) });
  });

  it("selects several by mouse and keys, and removes them together with one undo", async () => {
    host.answer("runs.delete", () => ({}));
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    const row = (index: number) => within(grid).getAllByRole("row")[index + 1] ?? document.body;
    const selected = () =>
      within(grid)
        .getAllByRole("row", { selected: true })
        .map((element) => element.getAttribute("data-run"));
    fireEvent.click(row(1));
    fireEvent.click(row(4), { ctrlKey: true });
    expect(selected()).toEqual([runId(2), runId(5)]);
    fireEvent.click(row(2));
    act(() => row(2).focus());
    fireEvent.keyDown(row(2), { key: "ArrowDown", shiftKey: true });
    fireEvent.keyDown(row(3), { key: "ArrowDown", shiftKey: true });
    expect(selected()).toEqual([runId(3), runId(4), runId(5)]);
    fireEvent.keyDown(row(4), { key: "Delete" });
    expect(within(grid).getAllByText("Removed")).toHaveLength(3);
    expect(host.calls("runs.delete")).toEqual([]);
    act(() => usePastToasts.getState().undo?.());
    expect(within(grid).queryByText("Removed")).toBeNull();
  });

  it("selects no range where a capital is typed", async () => {
    const { grid, selected } = await showRuns(["api", "base", "web"]);
    fireEvent.keyDown(grid, { key: "W", shiftKey: true });
    expect(selected()).toEqual([runId(3)]);
    fireEvent.keyDown(grid, { key: "Delete" });
    expect(within(grid).getAllByText("Removed")).toHaveLength(1);
  });

  it("selects from the row whose button was pressed", async () => {
    const { row, selected } = await showRuns(["a", "b", "c", "d", "e", "f"]);
    const report = within(row(2)).getByRole("button", { name: historyText.openReport });
    act(() => report.focus());
    fireEvent.click(report);
    fireEvent.click(row(4), { ctrlKey: true });
    expect(selected()).toEqual([runId(3), runId(5)]);
  });

  it("selects nothing any more in another list", async () => {
    const { grid, row, selected } = await showRuns(["a", "b", "c"]);
    fireEvent.click(row(0));
    fireEvent.click(row(2), { shiftKey: true });
    expect(selected()).toHaveLength(3);
    act(() => row(2).focus());
    tellRuns([3]);
    act(() => useHistoryFilter.setState({ state: "succeeded" }));
    await waitFor(() => expect(grid.getAttribute("aria-rowcount")).toBe("2"));
    fireEvent.keyDown(grid, { key: "Delete" });
    expect([...useRemovals.getState().ids]).toEqual([runId(3)]);
  });

  it("means the runs that were selected and the one with the focus also where another one ends", async () => {
    const { grid, row, selected } = await showRuns(["a", "b", "c"]);
    fireEvent.click(row(1));
    act(() => row(1).focus());
    tellRuns([9, 1, 2, 3]);
    await ends(grid, 9);
    await waitFor(() => expect(document.activeElement).toBe(row(2)));
    fireEvent.keyDown(row(2), { key: "Enter" });
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(2) });
    fireEvent.keyDown(row(2), { key: "ArrowUp", shiftKey: true });
    fireEvent.keyDown(row(1), { key: "ArrowUp", shiftKey: true });
    expect(selected()).toEqual([runId(9), runId(1), runId(2)]);
    tellRuns([10, 9, 1, 2, 3]);
    await ends(grid, 10);
    fireEvent.contextMenu(row(2));
    await screen.findByText(historyText.removeMany(3));
    fireEvent.keyDown(grid, { key: "Delete" });
    expect([...useRemovals.getState().ids]).toEqual([runId(9), runId(1), runId(2)]);
  });

  it("keeps the run that its menu was opened for, and forgets one that was removed elsewhere", async () => {
    const { grid, row, selected } = await showRuns(["a", "b", "c"]);
    fireEvent.click(row(0));
    fireEvent.click(row(1), { ctrlKey: true });
    tellRuns([2, 3]);
    act(() => host.tell("run.removed", { runId: runId(1) }));
    await waitFor(() => expect(grid.getAttribute("aria-rowcount")).toBe("3"));
    expect(selected()).toEqual([runId(2)]);
    fireEvent.contextMenu(row(1));
    const report = await screen.findByText("Open the report");
    tellRuns([9, 2]);
    await ends(grid, 9);
    fireEvent.click(report);
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(3) });
  });

  it("removes nothing before the time to undo has passed", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    host.answer("runs.delete", () => ({}));
    show();
    const grid = await screen.findByRole("grid", { name: "Transfers that ended" });
    await within(grid).findByText("Partly done");
    fireEvent.keyDown(grid, { key: "Delete" });
    await within(grid).findByText("Removed");
    expect(host.calls("runs.delete")).toHaveLength(0);
    await act(() => vi.advanceTimersByTimeAsync(11_000));
    vi.useRealTimers();
    await waitFor(() => expect(host.calls("runs.delete")).toEqual([{ runId: runId(1) }]));
  });
});

it("asks for runs since a time only where one is chosen", () => {
  expect(filterQuery(everything, 1000)).toEqual({ states: ["succeeded", "failed", "cancelled"] });
  expect(filterQuery({ ...everything, time: "day", state: "failed", endpointId: "a" }, 86_400_000)).toEqual({
    states: ["failed"],
    endpointId: "a",
    since: 0,
  });
});

it("knows a deleted tag from a copied image", () => {
  expect(outcomeQuery("copied")).toEqual({ states: ["succeeded"], actions: ["copy", "overwrite"] });
  expect(outcomeQuery("deleted")).toEqual({ states: ["succeeded"], actions: ["delete"] });
});

it("sums a run up as text", () => {
  const text = summaryText(ended(1), { bytes: (bytes) => `${bytes} B`, what: "app:v1" });
  expect(text).toContain("Staging (localhost:1) → Production (localhost:2)");
  expect(text).toContain("Partly");
  expect(text).toContain("3 copied, 0 skipped, 2 failed, 0 deleted");
});
