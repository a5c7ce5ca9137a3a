// What is done with a run or job of a list is done with all that it names.
import { expect, it } from "vitest";
import { changeJob } from "../../../renderer/state/jobs.ts";
import { planAgain } from "../../../renderer/state/plan.ts";
import { ruleText } from "../../../renderer/text/rules.ts";
import { runSubject } from "../../../renderer/text/transfers.ts";
import type { SavedJob } from "../../../shared/job.ts";
import { shortSpec } from "../../../shared/short-spec.ts";
import { makeRun, runId } from "../screens/run-fixtures.ts";
import { ScriptedHost } from "../screens/scripted-host.ts";

const host = new ScriptedHost();
const names = Array.from({ length: 1203 }, (_, at) => `team/app-${at}`);
const { spec: base } = makeRun(1);
const spec = {
  ...base,
  selection: [
    {
      ...{ kind: "repositories" as const, names, include: [], exclude: [] },
      tags: { names: [], include: [], exclude: [], sets: [] },
    },
  ],
};
const whole = makeRun(1, { spec, state: "succeeded" });
const listed = { ...whole, spec: shortSpec(spec) };

it("is planned again with every name, and named with the number of them", async () => {
  host.answer("runs.get", () => whole);
  host.answer("runs.plan", () => ({ ...whole, state: "planning" }));
  await planAgain(listed);
  expect(host.calls("runs.plan")).toMatchObject([{ selection: [{ names: { length: 1203 } }] }]);
  expect(ruleText(listed.spec)).toBe("team/app-0, team/app-1, team/app-2, all tags; and 1,200 more");
  expect(runSubject(listed)).toBe("team/app-0 and 1,202 more");
});

it("is renamed without losing a name", async () => {
  const job: SavedJob = {
    ...{ id: runId(7), name: "nightly", spec, schedule: null, enabled: true, createdAt: 1 },
    ...{ nextRunAt: null, lastRunAt: null, lastRunId: null, note: null },
  };
  host.answer("jobs.get", () => job);
  host.answer("jobs.save", () => job);
  expect(await changeJob({ ...job, spec: listed.spec }, { name: "weekly" })).toBe(true);
  expect(host.calls("jobs.save")).toMatchObject([
    { name: "weekly", spec: { selection: [{ names: { length: 1203 } }] } },
  ]);
});
