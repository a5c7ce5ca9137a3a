// Saved jobs and the control of runs through the contract, as every face calls them.
import { expect, it, onTestFinished } from "vitest";
import { readConfig } from "../../electron/app/config.ts";
import { createApp } from "../../electron/app/create-app.ts";
import { silentLog } from "../../electron/app/log.ts";
import type { ContractClient } from "../../shared/client.ts";
import { tempFolder } from "../support/temp.ts";

async function connected(): Promise<{ client: ContractClient; sourceId: string; destinationId: string }> {
  const home = await tempFolder("jobs");
  const config = readConfig({ home: home.path }, {});
  const app = await createApp({ face: "cli", config, log: silentLog });
  onTestFinished(async () => {
    await app.close();
    await home.remove();
  });
  const client = app.connectDirect();
  const ids: string[] = [];
  // Nobody listens there: a plan between the two waits and fails, which is all that is needed here.
  for (const host of ["127.0.0.1:1", "127.0.0.1:2"]) {
    const settings = { kind: "registry", host, plainHttp: "always" } as const;
    ids.push((await client.call("endpoints.add", { settings })).id);
  }
  return { client, sourceId: ids[0] ?? "", destinationId: ids[1] ?? "" };
}

it("keeps jobs, shows when they come, and tells of every change", async () => {
  const { client, sourceId, destinationId } = await connected();
  const events: string[] = [];
  client.subscribe({
    onEvent: (name) => void events.push(name),
    onProgress: () => {},
    onGap: () => {},
    onClose: () => {},
  });
  const spec = { sourceId, destinationId, selection: [{ kind: "repositories" as const, tags: {} }] };
  const schedule = { cron: "0 2 * * *", timeZone: "Asia/Tokyo" };
  const saved = await client.call("jobs.save", { name: "nightly", spec, schedule });
  expect(await client.call("jobs.list", {})).toEqual({ jobs: [saved] });
  expect(await client.call("jobs.get", { jobId: saved.id })).toEqual(saved);
  expect(saved).toMatchObject({
    enabled: true,
    lastRunAt: null,
    note: null,
    schedule: { missed: "run-once" },
  });
  expect(new Date(saved.nextRunAt ?? 0).toISOString().slice(11)).toBe("17:00:00.000Z");
  const { times } = await client.call("jobs.preview", { schedule, count: 3 });
  expect(times[0]).toBe(saved.nextRunAt);
  expect(times).toHaveLength(3);
  expect(await client.call("jobs.setEnabled", { jobId: saved.id, enabled: false })).toMatchObject({
    enabled: false,
    nextRunAt: null,
  });
  const run = await client.call("jobs.run", { jobId: saved.id });
  expect(run).toMatchObject({ state: "planning", jobId: saved.id });
  await expect(client.call("jobs.run", { jobId: saved.id })).rejects.toMatchObject({ code: "busy" });
  await client.call("runs.cancel", { runId: run.id });
  await client.call("jobs.remove", { jobId: saved.id });
  expect(await client.call("runs.get", { runId: run.id })).toMatchObject({
    state: "cancelled",
    jobId: saved.id,
  });
  expect(events.filter((name) => name === "job.changed").length).toBeGreaterThanOrEqual(3);
  expect(events.at(-1)).toBe("job.removed");
});

it("S010 takes names and schedules for what they are, and refuses those that cannot be", async () => {
  const { client, sourceId, destinationId } = await connected();
  const spec = { sourceId, destinationId, selection: [{ kind: "repositories" as const, tags: {} }] };
  const name = `'); DROP TABLE saved_jobs; --`;
  const saved = await client.call("jobs.save", { name, spec });
  expect(await client.call("jobs.list", {})).toMatchObject({ jobs: [{ id: saved.id, name }] });
  await expect(client.call("jobs.save", { name, spec })).rejects.toMatchObject({ code: "usage" });
  await expect(client.call("jobs.save", { name: "two\nlines\u001b[2J", spec })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("expected a name without control characters"),
  });
  const cron = "0 2 * * * ; rm -rf /";
  await expect(client.call("jobs.preview", { schedule: { cron } })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/"0 2 \* \* \* ; rm -rf \/".*expected/),
  });
  await expect(client.call("jobs.get", { jobId: "0".repeat(26) })).rejects.toMatchObject({
    code: "not-found",
  });
});
