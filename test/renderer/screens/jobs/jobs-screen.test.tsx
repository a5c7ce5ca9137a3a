// Saved jobs: kept current by events, switched, renamed, duplicated under a free name, exported together, imported after a look.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { queryClient } from "../../../../renderer/api/query.ts";
import { JobsScreen } from "../../../../renderer/screens/jobs/jobs-screen.tsx";
import { sortJobsBy, useJobOrder } from "../../../../renderer/state/job-order.ts";
import { copyName, useJobs } from "../../../../renderer/state/jobs.ts";
import type { SavedJob } from "../../../../shared/job.ts";
import { makeRun } from "../run-fixtures.ts";
import { ScriptedHost } from "../scripted-host.ts";

const host = new ScriptedHost();
const job = (number: number, change: Partial<SavedJob> = {}): SavedJob => ({
  id: String(number).padStart(26, "0"),
  name: `job ${number}`,
  spec: makeRun(1).spec,
  schedule: { cron: "0 2 * * *", timeZone: null, missed: "run-once" },
  enabled: true,
  createdAt: 1,
  nextRunAt: Date.now() + 3 * 3_600_000,
  lastRunAt: null,
  lastRunId: null,
  note: null,
  ...change,
});

beforeAll(() => {
  // jsdom lays nothing out: without a height a virtual list shows no rows.
  for (const height of ["offsetHeight", "clientHeight"])
    Object.defineProperty(HTMLElement.prototype, height, { configurable: true, value: 560 });
  HTMLElement.prototype.scrollTo = () => undefined;
});
beforeEach(() => {
  host.asked.length = 0;
  useJobOrder.setState({ by: "name", descending: false });
  useJobs.setState({ jobs: [], loaded: false, error: undefined });
  host.answer("runs.list", () => ({ runs: [], total: 0 }));
  host.answer("jobs.list", () => ({ jobs: [job(1), job(2, { enabled: false, nextRunAt: null })] }));
  host.answer("jobs.save", (input) => ({ ...job(3), name: input.name, enabled: input.enabled }));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function show(): Promise<HTMLElement> {
  render(
    <QueryClientProvider client={queryClient}>
      <JobsScreen />
    </QueryClientProvider>,
  );
  return screen.findByRole("grid", { name: "Saved jobs" });
}

describe("JobsScreen", () => {
  it("says rule, schedule and next run in words, and follows events", async () => {
    const grid = await show();
    const row = await within(grid).findByRole("row", { name: /job 1/ });
    expect(row.textContent).toContain("app:v1");
    expect(row.textContent).toContain("Every day at 02:00");
    expect(row.textContent).toContain("in 3 hr.");
    host.tell("job.changed", job(1, { name: "renamed", note: "The registry did not answer." }));
    await within(grid).findByText("renamed");
    expect(within(grid).getByText("The registry did not answer.")).toBeDefined();
    host.tell("job.removed", { jobId: job(1).id });
    await waitFor(() => expect(within(grid).queryByText("renamed")).toBeNull());
  });

  it("sorts by name, next and last run, and jobs that have none come last either way", async () => {
    host.answer("jobs.list", () => ({
      jobs: [
        job(1, { name: "job 10", nextRunAt: 5000, lastRunAt: 1 }),
        job(2, { name: "job 9", nextRunAt: null, lastRunAt: 2 }),
        job(3, { name: "Job 11", nextRunAt: 4000 }),
      ],
    }));
    const grid = await show();
    const names = () =>
      within(grid)
        .getAllByRole("row")
        .slice(1)
        .map((row) => within(row).getAllByRole("gridcell")[1]?.textContent);
    expect(names()).toEqual(["job 9", "job 10", "Job 11"]);
    const head = (name: string) => within(grid).getByRole("columnheader", { name });
    await userEvent.click(within(head("Next run")).getByRole("button"));
    expect(names()).toEqual(["Job 11", "job 10", "job 9"]);
    expect(head("Next run").getAttribute("aria-sort")).toBe("ascending");
    await userEvent.click(within(head("Next run")).getByRole("button"));
    expect(names()).toEqual(["job 10", "Job 11", "job 9"]);
    await userEvent.click(within(head("Last run")).getByRole("button"));
    expect(names()).toEqual(["job 9", "job 10", "Job 11"]);
    await userEvent.click(within(head("Name")).getByRole("button"));
    expect(names()).toEqual(["job 9", "job 10", "Job 11"]);
  });

  it("means the same job by keys and menu also where another one that ran changes the order", async () => {
    host.answer("jobs.list", () => ({
      jobs: [job(1, { lastRunAt: 3 }), job(2, { lastRunAt: 2 }), job(3, { lastRunAt: 1 })],
    }));
    host.answer("jobs.run", () => makeRun(1));
    const grid = await show();
    sortJobsBy("last");
    // While a menu is open, what lies under it is hidden from roles.
    const row = (number: number) =>
      within(grid).getByText(`job ${number}`).closest<HTMLElement>("[role=row]") ?? document.body;
    await waitFor(() => expect(row(3).getAttribute("aria-rowindex")).toBe("4"));
    act(() => row(2).focus());
    fireEvent.contextMenu(row(2));
    const run = await screen.findByText("Run now");
    act(() => host.tell("job.changed", job(3, { lastRunAt: 4 })));
    await waitFor(() => expect(row(3).getAttribute("aria-rowindex")).toBe("2"));
    act(() => host.tell("job.removed", { jobId: job(2).id }));
    await waitFor(() => expect(within(grid).queryByText("job 2")).toBeNull());
    fireEvent.click(run);
    await waitFor(() => expect(host.calls("jobs.run")).toEqual([{ jobId: job(2).id }]));
    act(() => row(1).focus());
    act(() => host.tell("job.changed", job(1, { lastRunAt: 5 })));
    await waitFor(() => expect(row(1).getAttribute("aria-rowindex")).toBe("2"));
    fireEvent.keyDown(row(1), { key: "F2" });
    await screen.findByRole("dialog", { name: "Rename job 1" });
  });

  it("goes to the job whose name is typed", async () => {
    host.answer("jobs.list", () => ({ jobs: [job(1, { name: "base" }), job(2, { name: "nightly" })] }));
    const grid = await show();
    const row = (name: RegExp) => within(grid).getByRole("row", { name });
    row(/base/).focus();
    await userEvent.keyboard("ni");
    await waitFor(() => expect(document.activeElement).toBe(row(/nightly/)));
  });

  it("copies the command that runs a job, with the data folder that it lies in", async () => {
    host.answer("jobs.list", () => ({ jobs: [job(1, { name: "it's nightly" })] }));
    // Brings a clipboard to the page.
    const user = userEvent.setup();
    await show();
    await user.click(await screen.findByRole("button", { name: "More about it's nightly" }));
    await user.click(await screen.findByRole("menuitem", { name: "Copy as command" }));
    await waitFor(async () =>
      expect(await navigator.clipboard.readText()).toBe(
        "freightliner jobs run --home /data 'it'\\''s nightly'",
      ),
    );
  });

  it("runs a job once where its button is clicked twice, and does not open it", async () => {
    host.answer("jobs.run", () => makeRun(1));
    const grid = await show();
    const row = await within(grid).findByRole("row", { name: /job 1/ });
    await userEvent.dblClick(within(row).getByRole("button", { name: "Run now" }));
    expect(host.calls("jobs.run")).toEqual([{ jobId: job(1).id }]);
    expect(host.calls("runs.plan")).toEqual([]);
  });

  it("switches a job on by its schedule", async () => {
    host.answer("jobs.setEnabled", ({ enabled }) => job(2, { enabled }));
    const grid = await show();
    await userEvent.click(await within(grid).findByRole("switch", { name: "Run job 2 by its schedule" }));
    expect(host.calls("jobs.setEnabled")).toEqual([{ jobId: job(2).id, enabled: true }]);
  });

  it("renames by F2, and refuses a name that another job has", async () => {
    const grid = await show();
    fireEvent.keyDown(grid, { key: "F2" });
    const dialog = await screen.findByRole("dialog", { name: "Rename job 1" });
    const name = within(dialog).getByRole("textbox", { name: "Name" });
    await userEvent.clear(name);
    await userEvent.type(name, "job 2");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(within(dialog).getByText("Another job has that name")).toBeDefined();
    expect(host.calls("jobs.save")).toHaveLength(0);
    await userEvent.type(name, "b");
    await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(host.calls("jobs.save")).toHaveLength(1));
    expect(host.calls("jobs.save")[0]).toMatchObject({ id: job(1).id, name: "job 2b" });
  });

  it("exports all that are ticked as one sync file", async () => {
    host.answer("jobs.syncFile", () => ({ fileName: "jobs.yaml", text: "version: 1\n" }));
    URL.createObjectURL = () => "blob:jobs";
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    await show();
    await userEvent.click(screen.getByRole("checkbox", { name: "Select all jobs" }));
    await userEvent.click(screen.getByRole("button", { name: "Export 2 jobs" }));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    expect(host.calls("jobs.syncFile")).toEqual([{ jobIds: [job(1).id, job(2).id] }]);
  });

  it("shows what a sync file holds and its problems by place, and saves only what is sound", async () => {
    host.answer("jobs.fromSyncFile", ({ text, save }) => ({
      jobs: text.includes("wrong") ? [] : [{ name: "job 1", summary: "a → b", schedule: null }],
      problems: text.includes("wrong") ? [{ line: 2, column: 3, text: "expected a list" }] : [],
      saved: save ? [job(1)] : [],
    }));
    await show();
    await userEvent.click(screen.getByRole("button", { name: "Import…" }));
    const dialog = await screen.findByRole("dialog", { name: "Import jobs from a sync file" });
    const area = within(dialog).getByRole<HTMLTextAreaElement>("textbox", { name: "Sync file" });
    fireEvent.change(area, { target: { value: "version: 1\njobs: wrong" } });
    await userEvent.click(await within(dialog).findByText("expected a list"));
    expect(area.selectionStart).toBe("version: 1\n".length + 2);
    expect(within(dialog).queryByText(/jobs? in the file/)).toBeNull();
    expect(within(dialog).getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
    fireEvent.change(area, { target: { value: "version: 1\njobs: []" } });
    const save = await within(dialog).findByRole("button", { name: "Save 1 job" });
    expect(within(dialog).getByText("replaces the saved job of that name")).toBeDefined();
    await userEvent.click(save);
    await waitFor(() => expect(host.calls("jobs.fromSyncFile").at(-1)).toMatchObject({ save: true }));
  });
});

it("gives a copy a name that nobody has", () => {
  expect(copyName("nightly", new Set())).toBe("nightly copy");
  expect(copyName("nightly", new Set(["nightly copy", "nightly copy 2"]))).toBe("nightly copy 3");
  expect(copyName("x".repeat(100), new Set())).toHaveLength(100);
});
