// The plan dialog from drop to start: planning, numbers that follow the ticks, re-planning, start and discard.
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PlanDialog } from "../../../../renderer/screens/plan/plan-dialog.tsx";
import { cancelPlan, planTransfer, replan, setTicked, usePlan } from "../../../../renderer/state/plan.ts";
import { useRuns } from "../../../../renderer/state/runs.ts";
import { defaultRunOptions, emptyPlanTotals } from "../../../../shared/run.ts";
import { makeImage, makeRun, runId, wireError } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const mebi = 1024 * 1024;
const images = [
  makeImage(1, { bytesTotal: 3 * mebi, bytesToTransfer: 3 * mebi }),
  makeImage(2, { bytesTotal: 2 * mebi, bytesToTransfer: 2 * mebi }),
  makeImage(3, { action: "skip" }),
];
const plan = { ...emptyPlanTotals, images: 3, copy: 2, skip: 1, bytesToTransfer: 5 * mebi };
const spec = {
  sourceId: "a",
  destinationId: "b",
  selection: [{ kind: "image" as const, repository: "app", reference: "v1" }],
};

let planned = 0;
beforeEach(() => {
  host.asked.length = 0;
  useRuns.setState({ runs: [], expanded: new Set() });
  host.answer("runs.plan", () => makeRun(++planned, { state: "planning" }));
  host.answer("runs.images", () => ({ images, total: images.length }));
  host.answer("runs.discard", () => ({}));
  host.answer("runs.start", ({ runId: id }) => ({ ...makeRun(planned, { state: "queued" }), id }));
});
afterEach(() => {
  cancelPlan();
  cleanup();
});

/** Drops something and lets the engine finish the plan. */
async function openPlan(): Promise<HTMLElement> {
  render(<PlanDialog />);
  await planTransfer(spec);
  host.tell("run.changed", makeRun(planned, { state: "planned", plan }));
  const dialog = await screen.findByRole("dialog", { name: "Plan" });
  await within(dialog).findByRole("button", { name: "Start: move 5.0 MiB" });
  return dialog;
}

describe("PlanDialog", () => {
  it("cannot be started while it is planning, and cancelling throws the plan away", async () => {
    render(<PlanDialog />);
    await planTransfer(spec);
    const dialog = await screen.findByRole("dialog", { name: "Plan" });
    const start = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Start" });
    expect(start.disabled).toBe(true);
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls("runs.discard")).toEqual([{ runId: runId(planned) }]);
  });

  it("shows the plan also where its end was told before the call was answered", async () => {
    const id = planned + 1;
    host.answer("runs.plan", () => {
      planned = id;
      host.tell("run.changed", makeRun(id, { state: "planned", plan }));
      return makeRun(id, { state: "planning" });
    });
    render(<PlanDialog />);
    await planTransfer(spec);
    await screen.findByRole("button", { name: "Start: move 5.0 MiB" });
  });

  it("says why a plan with too many deletes cannot be started", async () => {
    const guard = "40 of 50 tags (80 %) would be deleted, and no more than 30 % are allowed.";
    render(<PlanDialog />);
    await planTransfer(spec);
    host.tell("run.changed", makeRun(planned, { state: "planned", plan: { ...plan, guard } }));
    const dialog = await screen.findByRole("dialog", { name: "Plan" });
    expect((await within(dialog).findByRole("alert")).textContent).toBe(guard);
    const start = within(dialog).getByRole<HTMLButtonElement>("button", { name: /^Start/ });
    expect(start.disabled).toBe(true);
  });

  it("follows the ticks and leaves out what is unticked", async () => {
    const dialog = await openPlan();
    setTicked(images.slice(1, 2), false);
    const start = await within(dialog).findByRole("button", { name: "Start: move 3.0 MiB" });
    await userEvent.click(start);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls("runs.start")).toEqual([
      {
        runId: runId(planned),
        unselectedImageIds: [2],
        options: defaultRunOptions,
      },
    ]);
    // A started plan is a transfer: it must not be discarded by closing the dialog.
    expect(host.calls("runs.discard")).toEqual([]);
    expect(useRuns.getState().expanded.has(runId(planned))).toBe(true);
  });

  it("puts the focus on Start as soon as it can be pressed", async () => {
    const dialog = await openPlan();
    const start = within(dialog).getByRole("button", { name: "Start: move 5.0 MiB" });
    await waitFor(() => expect(document.activeElement).toBe(start));
  });

  it("starts nothing when nothing is ticked", async () => {
    const dialog = await openPlan();
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "All images" }));
    const start = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Start" });
    expect(start.disabled).toBe(true);
  });

  it("plans again when overwrite changes, keeps the ticks and discards the old plan", async () => {
    await openPlan();
    setTicked(images.slice(0, 1), false);
    const old = planned;
    await replan({ overwrite: "never" });
    expect(host.calls("runs.discard")).toEqual([{ runId: runId(old) }]);
    expect(host.calls("runs.plan").at(-1)).toMatchObject({ options: { overwrite: "never" } });
    host.tell("run.changed", makeRun(planned, { state: "planned", plan }));
    await screen.findByRole("button", { name: "Start: move 2.0 MiB" });
    expect([...usePlan.getState().unticked]).toEqual([1]);
  });

  it("says why nothing could be planned", async () => {
    render(<PlanDialog />);
    await planTransfer(spec);
    host.tell("run.changed", makeRun(planned, { state: "failed", error: wireError }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("wants a valid sign-in");
    expect(alert.textContent).toContain("401 from localhost:2");
  });
});
