// Runs and jobs that name a hundred thousand repositories: lists of them stay small, and each is there whole.
import { expect, it } from "vitest";
import { openStore } from "../../electron/store/open.ts";
import { jobSpecSchema } from "../../shared/run.ts";
import { endpoint } from "../store/samples.ts";
import { tempFolder } from "../support/temp.ts";
import { appStage } from "./app-stage.ts";

/** The most that a browser is answered at once. */
const socketLimit = 8 * 1024 * 1024;

it("are listed in short and read whole", async () => {
  const folder = await tempFolder("long-selections");
  const names = Array.from({ length: 100_000 }, (_, at) => `department-${at % 100}/team/application-${at}`);
  const spec = jobSpecSchema.parse({
    ...{ sourceId: "a", destinationId: "b" },
    selection: [{ kind: "repositories", names, tags: {} }],
  });
  const store = openStore({ file: `${folder.path}/freightliner.db`, owner: "before", now: Date.now });
  for (const id of ["a", "b"]) store.endpoints.insert(endpoint(id));
  const end = (id: string) => ({ id, name: id, address: `${id}.test` });
  const runs = [1, 2, 3].map(() => store.runs.insert({ spec, source: end("a"), destination: end("b") }));
  for (const { id } of runs) store.runs.transition(id, "cancelled", null);
  for (const name of ["one", "two", "three"])
    store.jobs.save({ name, spec, schedule: null, enabled: true }, null);
  store.close();
  const { client } = await appStage({ home: folder.path });

  const listed = await client.call("runs.list", {});
  expect(listed.total).toBe(3);
  expect(JSON.stringify(listed).length).toBeLessThan(10_000);
  expect(3 * JSON.stringify(spec).length).toBeGreaterThan(socketLimit);
  expect(listed.runs[0]?.spec).toMatchObject({
    namesLeft: 99_997,
    selection: [{ names: names.slice(0, 3) }],
  });
  const { jobs } = await client.call("jobs.list", {});
  expect(JSON.stringify(jobs).length).toBeLessThan(10_000);
  expect((await client.call("runs.get", { runId: runs[0]?.id ?? "" })).spec).toEqual(spec);
  expect((await client.call("jobs.get", { jobId: jobs[0]?.id ?? "" })).spec).toEqual(spec);

  const short = listed.runs[0]?.spec ?? spec;
  const refused = { code: "usage", message: expect.stringContaining("names were left out") };
  await expect(client.call("runs.plan", short)).rejects.toMatchObject(refused);
  await expect(client.call("jobs.save", { name: "short", spec: short })).rejects.toMatchObject(refused);
  await folder.remove();
}, 60_000);
