// The transfers tree: keys, selection, and how little of it is drawn when bytes and images come in.
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Profiler } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ProgressFrame } from "../../../../renderer/api/live.ts";
import { rowId } from "../../../../renderer/screens/transfers/run-rows.ts";
import { TransferTree } from "../../../../renderer/screens/transfers/transfer-tree.tsx";
import { useNavigation } from "../../../../renderer/state/navigation.ts";
import { useRunSelection } from "../../../../renderer/state/run-selection.ts";
import { rememberImage, useRuns } from "../../../../renderer/state/runs.ts";
import { progressKey } from "../../../../shared/contract.ts";
import { makeBlob, makeImage, makeRun, runId } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const images = Array.from({ length: 10_000 }, (_, at) => makeImage(at + 1, { state: "running" }));
const blobs = Array.from({ length: 64 }, (_, at) =>
  makeBlob("a", { digest: `sha256:${String(at).padStart(64, "0")}`, state: "transferring" }),
);
const runs = [makeRun(1), makeRun(2, { state: "queued" }), makeRun(3, { state: "succeeded" })];
let drawn = 0;

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
  HTMLElement.prototype.scrollTo = () => undefined;
  const style = document.createElement("style");
  style.textContent = "[role=treegrid] { overflow-y: auto }";
  document.head.append(style);
});
beforeEach(() => {
  host.answer("runs.blobs", () => ({ blobs }));
  host.answer("runs.images", () => ({ images: images.slice(0, 200), total: images.length }));
  useRunSelection.setState({ focusId: undefined, selected: new Set(), anchor: undefined });
  useRuns.setState({
    runs,
    images: new Map([
      [
        runId(1),
        {
          total: images.length,
          items: images,
          places: new Map(images.map(({ id }, at) => [id, at])),
          error: undefined,
        },
      ],
    ]),
    blobs: new Map([[rowId.image(runId(1), 1), { blobs }]]),
    expanded: new Set(),
  });
  render(
    <Profiler id="tree" onRender={() => drawn++}>
      <TransferTree runs={runs} />
    </Profiler>,
  );
  drawn = 0;
});
afterEach(cleanup);

const frame = new ProgressFrame({ nextFrame: (draw) => draw(), credit: () => undefined });
const moves = (bytes: number) => ({ bytes, total: 100, bytesPerSecond: 5, secondsLeft: 1 });
const rows = () => screen.getAllByRole("row").slice(1);

describe("TransferTree", () => {
  it("makes the rows of ten thousand images only where they are seen", () => {
    act(() => useRuns.setState({ expanded: new Set([runId(1)]) }));
    expect(rows().length).toBeLessThan(60);
    expect(screen.getByRole("treegrid").getAttribute("aria-rowcount")).toBe("10004");
    expect(rows()[1]?.getAttribute("aria-setsize")).toBe("10000");
  });

  it("draws once for 64 blobs that report at once, and only those that are in sight", () => {
    act(() => useRuns.setState({ expanded: new Set([runId(1), rowId.image(runId(1), 1)]) }));
    drawn = 0;
    act(() =>
      frame.add(
        blobs.map(({ repository, digest }) => [progressKey.blob(runId(1), repository, digest), moves(40)]),
      ),
    );
    expect(drawn).toBe(1);
    expect(screen.getAllByText("40 %").length).toBeLessThan(40);
    drawn = 0;
    // Bytes of what is not in sight draw nothing.
    act(() => frame.add(images.slice(500, 900).map(({ id }) => [progressKey.image(runId(1), id), moves(1)])));
    expect(drawn).toBe(0);
  });

  it("lays the tree out once for hundreds of images that end within a moment", async () => {
    act(() => useRuns.setState({ expanded: new Set([runId(1)]) }));
    host.answer("runs.get", () => makeRun(1));
    drawn = 0;
    act(() => {
      for (const { id } of images.slice(0, 500)) rememberImage(makeImage(id, { state: "succeeded" }));
    });
    await vi.waitFor(() => expect(rows()[1]?.textContent).toContain("Done"));
    expect(drawn).toBeLessThanOrEqual(2);
  });

  it("goes, unfolds and selects by keys", async () => {
    rows()[0]?.focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(useRunSelection.getState()).toMatchObject({ focusId: runId(2), selected: new Set([runId(2)]) });
    await userEvent.keyboard("{Shift>}{ArrowDown}{/Shift}");
    expect(useRunSelection.getState().selected).toEqual(new Set([runId(2), runId(3)]));
    await userEvent.keyboard("{Control>}a{/Control}");
    expect(useRunSelection.getState().selected.size).toBe(3);
    await userEvent.keyboard("{Control>} {/Control}");
    expect(useRunSelection.getState().selected).toEqual(new Set([runId(1), runId(2)]));
    await userEvent.keyboard("{Home}{ArrowRight}");
    expect(useRuns.getState().expanded.has(runId(1))).toBe(true);
    await userEvent.keyboard("{ArrowRight}");
    expect(useRunSelection.getState().focusId).toBe(rowId.image(runId(1), 1));
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(useRuns.getState().expanded.has(runId(1))).toBe(false);
  });

  it("goes to the image whose name is typed", async () => {
    act(() => useRuns.setState({ expanded: new Set([runId(1)]) }));
    rows()[1]?.focus();
    await userEvent.keyboard("app:v12");
    expect(useRunSelection.getState().focusId).toBe(rowId.image(runId(1), 12));
  });

  it("selects nothing besides the run to which a capital leads", async () => {
    act(() => useRuns.setState({ expanded: new Set([runId(1)]) }));
    rows()[0]?.focus();
    await userEvent.keyboard("{End}{Shift>}A{/Shift}");
    expect(useRunSelection.getState()).toMatchObject({ focusId: runId(1), selected: new Set([runId(1)]) });
  });

  it("opens the report of what is over, and unfolds what is not", async () => {
    rows()[0]?.focus();
    await userEvent.keyboard("{Enter}");
    expect(useRuns.getState().expanded.has(runId(1))).toBe(true);
    await userEvent.keyboard("{Enter}{End}{Enter}");
    expect(useNavigation.getState().drawer).toEqual({ kind: "report", runId: runId(3) });
  });

  it("selects with the mouse: one, several, and from one to another", async () => {
    const press = (index: number): HTMLElement => rows()[index] ?? document.body;
    await userEvent.click(press(0));
    const user = userEvent.setup();
    await user.keyboard("{Control>}");
    await user.click(press(2));
    await user.keyboard("{/Control}");
    expect(useRunSelection.getState().selected).toEqual(new Set([runId(1), runId(3)]));
    await user.keyboard("{Shift>}");
    await user.click(press(1));
    await user.keyboard("{/Shift}");
    expect(useRunSelection.getState().selected).toEqual(new Set([runId(2), runId(3)]));
  });
});
