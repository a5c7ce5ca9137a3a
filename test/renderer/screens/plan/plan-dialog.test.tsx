// The plan from drop to start: planning, numbers that follow the ticks, planning again, start, save and discard.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PlanDialog } from "../../../../renderer/screens/plan/plan-dialog.tsx";
import { noFilter } from "../../../../renderer/screens/plan/plan-image.ts";
import { useEndpoints } from "../../../../renderer/state/endpoints.ts";
import {
  cancelPlan,
  changeOptions,
  changeSpec,
  editJob,
  planTransfer,
  takeChangesBack,
  usePlan,
} from "../../../../renderer/state/plan.ts";
import { setTicked, tickAll, usePlanTicks } from "../../../../renderer/state/plan-ticks.ts";
import { useRuns } from "../../../../renderer/state/runs.ts";
import { useSettings } from "../../../../renderer/state/settings.ts";
import type { MethodParams } from "../../../../shared/contract.ts";
import { type Endpoint, endpointSettingsSchema } from "../../../../shared/endpoint.ts";
import { FreightlinerError } from "../../../../shared/errors.ts";
import type { SavedJob } from "../../../../shared/job.ts";
import { defaultRunOptions, emptyPlanTotals, type Run, type RunImage } from "../../../../shared/run.ts";
import { makeImage, makeRun, runId, wireError } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const mebi = 1024 * 1024;
const images = [
  makeImage(1, { bytesTotal: 3 * mebi, bytesToTransfer: 3 * mebi }),
  makeImage(2, { bytesTotal: 2 * mebi, bytesToTransfer: 2 * mebi }),
  makeImage(3, { action: "skip", state: "skipped" }),
];
const plan = { ...emptyPlanTotals, images: 3, copy: 2, skip: 1, bytesToTransfer: 5 * mebi };
const spec = {
  sourceId: "a",
  destinationId: "b",
  selection: [{ kind: "image" as const, repository: "app", reference: "v1" }],
};

const refusing: Endpoint = {
  id: "b",
  name: "Production",
  settings: endpointSettingsSchema.parse({ kind: "registry", host: "b.test" }),
  credential: { source: "saved", username: "reader", place: null, expiresAt: null, problem: null },
  capabilities: null,
  health: {
    state: "ok",
    checkedAt: Date.now() - 5 * 60_000,
    steps: [{ name: "push", outcome: "warning", text: "app may be read but not written to." }],
  },
  sample: false,
  temporary: false,
};

let planned = 0;
let rows: readonly RunImage[] = images;
function pageOf({ offset, limit, actions, text }: MethodParams<"runs.images">) {
  const found = rows.filter(
    (image) =>
      (actions === undefined || actions.includes(image.action)) &&
      (text === undefined || `${image.sourceRepository}:${image.sourceReference}`.includes(text)),
  );
  return { images: found.slice(offset, offset + limit), total: found.length };
}

beforeEach(() => {
  host.asked.length = 0;
  rows = images;
  useRuns.setState({ runs: [], expanded: new Set() });
  useSettings.setState({ values: {} });
  host.answer("runs.plan", () => makeRun(++planned, { state: "planning" }));
  host.answer("runs.images", pageOf);
  host.answer("runs.discard", () => ({}));
  host.answer("runs.list", () => ({ runs: [], total: 0 }));
  host.answer("hosts.list", () => ({ hosts: [] }));
  host.answer("settings.set", () => ({}));
  host.answer("runs.start", ({ runId: id }) => ({ ...makeRun(planned, { state: "queued" }), id }));
});
afterEach(() => {
  cancelPlan();
  cleanup();
});

function draw(): void {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <PlanDialog />
    </QueryClientProvider>,
  );
}

/** The engine has finished the newest plan. */
function finish(change: Partial<Run> = {}): void {
  host.tell("run.changed", makeRun(planned, { state: "planned", plan, ...change }));
}

/** Drops something and lets the engine finish the plan. */
async function openPlan(
  change: Partial<Run> = {},
  label: string | RegExp = "Start: move 5.0 MiB",
): Promise<HTMLElement> {
  draw();
  await planTransfer(spec);
  finish(change);
  const dialog = await screen.findByRole("dialog", { name: "Plan" });
  await within(dialog).findByRole("button", { name: label });
  return dialog;
}

const button = (dialog: HTMLElement, name: string | RegExp): HTMLButtonElement =>
  within(dialog).getByRole<HTMLButtonElement>("button", { name });

describe("PlanDialog", () => {
  it("cannot be started while it is planning, and cancelling throws the plan away", async () => {
    draw();
    await planTransfer(spec);
    const dialog = await screen.findByRole("dialog", { name: "Plan" });
    expect(button(dialog, "Start").disabled).toBe(true);
    await userEvent.click(button(dialog, "Cancel"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls("runs.discard")).toEqual([{ runId: runId(planned) }]);
  });

  it("shows the plan also where its end was told before the call was answered", async () => {
    const id = planned + 1;
    host.answer("runs.plan", () => {
      planned = id;
      finish();
      return makeRun(id, { state: "planning" });
    });
    draw();
    await planTransfer(spec);
    await screen.findByRole("button", { name: "Start: move 5.0 MiB" });
  });

  it("warns of a disk that has too little room, and can be started all the same", async () => {
    const text =
      "There is not enough room: 5.0 MiB are needed on the disk of /srv/a, and 1.0 MiB are free there.";
    const warnings = [{ code: "too-little-room" as const, text }];
    const dialog = await openPlan({ plan: { ...plan, warnings } });
    expect(within(within(dialog).getByRole("list", { name: "Warnings" })).getByText(text)).toBeDefined();
    expect(button(dialog, "Start: move 5.0 MiB").disabled).toBe(false);
  });

  it("says why a plan with too many deletes cannot be started", async () => {
    const guard = "40 of 50 tags (80 %) would be deleted, and no more than 30 % are allowed.";
    const dialog = await openPlan({ plan: { ...plan, guard } });
    expect((await within(dialog).findByRole("alert")).textContent).toBe(guard);
    expect(button(dialog, /^Start/).disabled).toBe(true);
  });

  it("warns before the start where the destination said lately that it may not be written to", async () => {
    useEndpoints.setState({ endpoints: [refusing] });
    const dialog = await openPlan();
    expect(within(dialog).getByRole("list", { name: "Warnings" }).textContent).toBe(
      "Production was asked 5 min. ago: app may be read but not written to. So it may refuse this.",
    );
    expect(button(dialog, "Start: move 5.0 MiB").disabled).toBe(false);
    useEndpoints.setState({ endpoints: [] });
  });

  it("follows the ticks and leaves out what is unticked", async () => {
    const dialog = await openPlan();
    setTicked(images.slice(1, 2), false);
    await userEvent.click(await within(dialog).findByRole("button", { name: "Start: move 3.0 MiB" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls("runs.start")).toEqual([
      { runId: runId(planned), unselectedImageIds: [2], options: defaultRunOptions },
    ]);
    // A started plan is a transfer: it must not be discarded by closing the dialog.
    expect(host.calls("runs.discard")).toEqual([]);
    expect(useRuns.getState().expanded.has(runId(planned))).toBe(true);
  });

  it("puts the focus on Start as soon as it can be pressed, and Ctrl+Enter presses it from anywhere", async () => {
    const dialog = await openPlan();
    const start = button(dialog, "Start: move 5.0 MiB");
    await waitFor(() => expect(document.activeElement).toBe(start));
    within(dialog)
      .getByRole("checkbox", { name: /^Copy attachments/ })
      .focus();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(host.calls("runs.start")).toHaveLength(1));
  });

  it("starts nothing when nothing is ticked", async () => {
    const dialog = await openPlan();
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "All: 2 images ticked" }));
    await waitFor(() => expect(button(dialog, "Start").disabled).toBe(true));
    expect([...usePlanTicks.getState().out.keys()]).toEqual([1, 2]);
  });

  it("reads only pages of a plan of any size, and unticks a whole search by the engine's answer", async () => {
    rows = Array.from({ length: 3000 }, (_, at) =>
      makeImage(at + 1, { bytesToTransfer: 10, bytesTotal: 10 }),
    );
    const large = { ...emptyPlanTotals, images: 3000, copy: 3000, bytesToTransfer: 30_000 };
    const dialog = await openPlan({ plan: large }, /^Start: move/);
    expect(host.calls("runs.images").every((asked) => (asked as { limit: number }).limit <= 200)).toBe(true);
    await userEvent.type(within(dialog).getByRole("searchbox", { name: "Find images" }), "v29");
    await waitFor(() => expect(within(dialog).getByRole("grid").getAttribute("aria-rowcount")).toBe("112"));
    await userEvent.click(within(dialog).getByRole("checkbox", { name: /^All:/ }));
    await waitFor(() => expect(usePlanTicks.getState().out.size).toBe(111));
    expect(within(dialog).getByRole("checkbox", { name: "All: 2,889 of 3,000 ticked" })).toBeDefined();
  });

  it("plans again when a rule changes, keeps the old plan in sight until then, and the ticks", async () => {
    const dialog = await openPlan();
    setTicked(images.slice(0, 1), false);
    const old = planned;
    changeOptions({ overwrite: "never" });
    await waitFor(() => expect(planned).toBe(old + 1));
    expect(host.calls("runs.plan").at(-1)).toMatchObject({ options: { overwrite: "never" } });
    // The old plan is there, and it can neither be started nor is it thrown away yet.
    expect(within(dialog).getByRole("grid").getAttribute("aria-rowcount")).toBe("4");
    expect(button(dialog, "Start").disabled).toBe(true);
    expect(host.calls("runs.discard")).toEqual([]);
    finish();
    await screen.findByRole("button", { name: "Start: move 2.0 MiB" });
    expect(host.calls("runs.discard")).toEqual([{ runId: runId(old) }]);
    expect([...usePlanTicks.getState().out.keys()]).toEqual([1]);
  });

  it("starts no plan in which it could not find again what was taken out", async () => {
    const dialog = await openPlan();
    setTicked(images.slice(0, 1), false);
    await within(dialog).findByRole("button", { name: "Start: move 2.0 MiB" });
    const before = usePlan.getState().run?.id;
    host.answer("runs.images", ({ limit, ...query }) => {
      if (limit === 1000) throw new FreightlinerError(wireError);
      return pageOf({ limit, ...query });
    });
    changeOptions({ overwrite: "always" });
    await waitFor(() => expect(host.calls("runs.plan")).toHaveLength(2));
    finish();
    await within(dialog).findByRole("alert");
    expect(usePlan.getState()).toMatchObject({ stale: true, making: undefined, run: { id: before } });
    expect(button(dialog, /^Start/).disabled).toBe(true);
    expect(host.calls("runs.discard")).toEqual([{ runId: runId(planned) }]);

    host.answer("runs.images", pageOf);
    await userEvent.click(within(dialog).getByRole("button", { name: "Back to the plan shown" }));
    expect(usePlan.getState().stale).toBe(false);
    expect([...usePlanTicks.getState().out.keys()]).toEqual([1]);
  });

  it("forgets the ticking of many rows that a new plan overtakes", async () => {
    await openPlan();
    setTicked(images.slice(1, 2), false);
    const held: (() => void)[] = [];
    const old = runId(planned);
    host.answer("runs.images", (query) => {
      if (query.runId !== old || query.limit !== 1000) return pageOf(query);
      return new Promise((resolve) => held.push(() => resolve(pageOf(query))));
    });
    changeOptions({ overwrite: "always" });
    await waitFor(() => expect(host.calls("runs.plan")).toHaveLength(2));
    const ticking = tickAll(old, { ...noFilter, text: "app" }, false);
    await waitFor(() => expect(held).toHaveLength(1));
    finish();
    await waitFor(() => expect(usePlan.getState().stale).toBe(false));
    for (const go of held) go();
    await ticking;
    expect([...usePlanTicks.getState().out.keys()]).toEqual([2]);
    expect(usePlanTicks.getState().busy).toBe(false);
  });

  it("keeps the ticks by source where the names at the destination change", async () => {
    await openPlan();
    setTicked(images.slice(0, 1), false);
    const old = planned;
    changeSpec({ mapping: { kind: "prefix", prefix: "mirror" } });
    await waitFor(() => expect(planned).toBe(old + 1));
    rows = images.map((image) => ({ ...image, id: image.id + 10, destinationRepository: "mirror/app" }));
    const [wanted] = host.calls("runs.plan").slice(-1) as [Run["spec"]];
    finish({ spec: { ...wanted } });
    await screen.findByRole("button", { name: "Start: move 2.0 MiB" });
    expect([...usePlanTicks.getState().out.keys()]).toEqual([11]);
  });

  it("does not plan again for what the plan does not depend on, nor when a change is taken back", async () => {
    await openPlan();
    changeOptions({ parallelImages: 8, verifyBlobs: true });
    expect(usePlan.getState().stale).toBe(false);
    changeOptions({ attachments: false });
    expect(usePlan.getState().stale).toBe(true);
    takeChangesBack();
    expect(usePlan.getState().stale).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(host.calls("runs.plan")).toHaveLength(1);
    await userEvent.click(screen.getByRole("button", { name: "Start: move 5.0 MiB" }));
    await waitFor(() =>
      expect(host.calls("runs.start")).toMatchObject([{ options: { parallelImages: 8, verifyBlobs: true } }]),
    );
  });

  it("begins the next plan with the options of the last start, but never with deletes or fewer platforms", async () => {
    await openPlan();
    changeOptions({ parallelImages: 9 });
    await userEvent.click(screen.getByRole("button", { name: "Start: move 5.0 MiB" }));
    await waitFor(() => expect(usePlan.getState().open).toBe(false));
    await planTransfer(spec);
    expect(usePlan.getState().spec?.options).toEqual({ ...defaultRunOptions, parallelImages: 9 });
    useSettings.setState({
      values: { planDefaults: { mirror: { maxDelete: 5 }, platforms: ["linux/arm64"], overwrite: "never" } },
    });
    await planTransfer(spec);
    expect(usePlan.getState().spec?.options).toEqual({ ...defaultRunOptions, overwrite: "never" });
  });

  it("asks for the destination's name before it deletes", async () => {
    const gone = makeImage(4, { action: "delete", sourceReference: null, destinationReference: "old" });
    rows = [...images, gone];
    const dialog = await openPlan({ plan: { ...plan, delete: 1 } }, "Start: move 5.0 MiB, delete 1 tag");
    await userEvent.click(button(dialog, "Start: move 5.0 MiB, delete 1 tag"));
    const confirm = await screen.findByRole("dialog", { name: "Delete tags at the destination?" });
    const go = button(confirm, "Start and delete 1 tag");
    expect(go.disabled).toBe(true);
    await userEvent.type(within(confirm).getByLabelText("Type “Production” to go on"), "production");
    expect(go.disabled).toBe(true);
    await userEvent.clear(within(confirm).getByLabelText("Type “Production” to go on"));
    await userEvent.type(within(confirm).getByLabelText("Type “Production” to go on"), "Production");
    expect(host.calls("runs.start")).toEqual([]);
    await userEvent.click(go);
    await waitFor(() => expect(host.calls("runs.start")).toHaveLength(1));
  });

  it("says why nothing could be planned, and plans again", async () => {
    draw();
    await planTransfer(spec);
    host.tell("run.changed", makeRun(planned, { state: "failed", error: wireError }));
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("wants a valid sign-in");
    expect(alert.textContent).toContain("401 from localhost:2");
    await userEvent.click(within(alert).getByRole("button", { name: "Plan again" }));
    await waitFor(() => expect(host.calls("runs.plan")).toHaveLength(2));
    finish();
    await screen.findByRole("button", { name: "Start: move 5.0 MiB" });
  });

  it("saves a changed job instead of starting it", async () => {
    const job: SavedJob = {
      id: runId(7),
      name: "nightly",
      spec: makeRun(1).spec,
      schedule: { cron: "30 4 * * *", timeZone: null, missed: "skip" },
      enabled: true,
      createdAt: 1,
      nextRunAt: null,
      lastRunAt: null,
      lastRunId: null,
      note: null,
    };
    host.answer("jobs.save", () => job);
    host.answer("jobs.preview", () => ({ times: [Date.UTC(2030, 0, 1)] }));
    draw();
    await editJob(job);
    finish();
    const dialog = await screen.findByRole("dialog", { name: "Job: nightly" });
    changeOptions({ parallelImages: 2 });
    expect(within(dialog).queryByRole("button", { name: /^Start/ })).toBeNull();
    await userEvent.click(button(dialog, "Save the job…"));
    const save = await screen.findByRole("dialog", { name: "Save the job" });
    expect(within(save).getByLabelText<HTMLInputElement>("At").value).toBe("04:30");
    await userEvent.type(within(save).getByLabelText("Name"), "{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(host.calls("jobs.save")).toMatchObject([
      { id: job.id, name: "nightly", schedule: job.schedule, spec: { options: { parallelImages: 2 } } },
    ]);
    expect(host.calls("runs.start")).toEqual([]);
  });
});
