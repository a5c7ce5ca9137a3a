// A plan that came by a link: it waits for a choice, and takes nothing away that was open.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";
import { PlanDialog } from "../../../../renderer/screens/plan/plan-dialog.tsx";
import { cancelPlan, planLink, planTransfer } from "../../../../renderer/state/plan.ts";
import { emptyPlanTotals } from "../../../../shared/run.ts";
import { makeImage, makeRun } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
let planned = 0;
host.answer("runs.plan", () => makeRun(++planned, { state: "planning" }));
host.answer("runs.images", () => ({ images: [makeImage(1)], total: 1 }));
host.answer("runs.discard", () => ({}));
host.answer("runs.list", () => ({ runs: [], total: 0 }));
host.answer("hosts.list", () => ({ hosts: [] }));
host.answer("settings.set", () => ({}));
host.answer("runs.start", () => makeRun(planned, { state: "queued" }));
afterEach(() => {
  cancelPlan();
  cleanup();
});

const spec = {
  sourceId: "a",
  destinationId: "b",
  selection: [{ kind: "image" as const, repository: "app", reference: "v1" }],
};

it("starts nothing by the Enter that let the link through, and keeps the plan that was open", async () => {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <PlanDialog />
    </QueryClientProvider>,
  );
  const finish = () =>
    host.tell(
      "run.changed",
      makeRun(planned, { state: "planned", plan: { ...emptyPlanTotals, images: 1, copy: 1 } }),
    );
  const startButton = async () => {
    const dialog = await screen.findByRole("dialog", { name: "Plan" });
    const button = await within(dialog).findByRole<HTMLButtonElement>("button", { name: /^Start/ });
    await waitFor(() => expect(button.disabled).toBe(false));
    return button;
  };
  await planTransfer(spec);
  finish();
  const own = await startButton();
  await waitFor(() => expect(document.activeElement).toBe(own));

  await planLink(spec);
  finish();
  const start = await startButton();
  await userEvent.keyboard("{Enter}");
  expect(document.activeElement).not.toBe(start);
  expect(host.calls("runs.start")).toEqual([]);
  expect(host.calls("runs.plan")).toHaveLength(2);
  expect(host.calls("runs.discard").map((call) => JSON.stringify(call))).not.toContain(
    JSON.stringify({ runId: makeRun(1).id }),
  );
}, 20_000);
