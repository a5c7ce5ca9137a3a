// Runs that wait for a host: said of the run, told when it changes, and no room is taken from other hosts' runs.
import { expect, it } from "vitest";
import { RunWaits } from "../../electron/app/run-waits.ts";
import { systemClock } from "../../electron/engine/clock.ts";
import { Hosts } from "../../electron/engine/hosts.ts";
import { FreightlinerError } from "../../shared/errors.ts";
import type { Run } from "../../shared/run.ts";
import { putImage } from "../engine/images.ts";
import { endpoint, jobSpec } from "../store/samples.ts";
import { soon, world } from "./processes.ts";

const never = new AbortController().signal;
const refused = new FreightlinerError({
  code: "unreachable",
  operation: "test",
  message: "b.test cannot be reached: connect ECONNREFUSED.",
});

async function outage(hosts: Hosts, host: string): Promise<void> {
  const ask = (work: () => Promise<number>) =>
    hosts.within({ hosts: [host], lane: "small", signal: never }, work);
  await ask(async () => 1);
  for (let at = 0; at < 5; at++) await ask(() => Promise.reject(refused)).catch(() => 0);
}

it("R002 says which host a run waits for, only of runs that are worked on here, and tells each change once", async () => {
  const hosts = new Hosts({ clock: systemClock });
  const told: string[] = [];
  const spec = { sourceId: "a", destinationId: "b" };
  const waits = new RunWaits({
    hosts,
    endpoints: {
      get: (id) => {
        if (id === "gone")
          throw new FreightlinerError({ code: "not-found", operation: "test", message: "It is gone." });
        const { settings } = endpoint(id);
        return endpoint(
          id,
          settings.kind === "registry" ? { settings: { ...settings, host: `${id}.test` } } : {},
        );
      },
    },
    active: () => [
      { id: "one", spec },
      { id: "two", spec: { sourceId: "gone", destinationId: "c" } },
    ],
    publish: (id) => void told.push(id),
  });
  const run = { id: "one", spec: { ...jobSpec, ...spec } } as Run;
  expect([waits.mark(run), waits.of(spec)]).toEqual([run, undefined]);
  const host = "b.test";
  await outage(hosts, host);
  expect(waits.mark(run)).toEqual({
    ...run,
    waitingFor: { host, failure: "connection refused", until: hosts.status(host).until },
  });
  expect(waits.mark({ ...run, id: "elsewhere" })).not.toHaveProperty("waitingFor");
  const status = hosts.status(host);
  expect([waits.hostChanged(status), waits.hostChanged({ ...status, waiting: 7 }), told]).toEqual([
    true,
    false,
    ["one"],
  ]);
  const { failure: _, ...answers } = { ...status, state: "ok" as const, until: null };
  expect([waits.hostChanged(answers), told]).toEqual([true, ["one", "one"]]);
});

it("R002 a run that waits takes no room, and no second one is begun for the same host", async () => {
  const w = world();
  const blocked = new Set<string>();
  const waits = {
    of: ({ sourceId }: { sourceId: string }) =>
      blocked.has(sourceId) ? { host: sourceId, failure: "connection refused", until: null } : undefined,
  };
  const one = w.program("one", { parallelRuns: 1, waits });
  putImage(w.source, { repository: "team/app", tag: "v1", layers: [["layer", 2000]] });
  const held = Promise.withResolvers<void>();
  w.source.fault = async ({ operation }) => {
    if (operation === "get-blob") await held.promise;
  };
  const ids: string[] = [];
  one.store.endpoints.insert(endpoint("other"));
  for (const sourceId of ["source", "source", "other"]) {
    const { id } = one.queue.plan({ ...jobSpec, sourceId });
    await expect.poll(() => one.store.runs.get(id).state, soon).toBe("planned");
    ids.push(id);
  }
  for (const id of ids) {
    one.store.runs.start(id, []);
    one.queue.enqueue(id);
  }
  expect(one.begun).toEqual(ids.slice(0, 1));
  blocked.add("source");
  one.queue.look();
  expect(one.begun).toEqual([ids[0], ids[2]]);
  blocked.clear();
  one.queue.look();
  expect(one.begun).toEqual([ids[0], ids[2]]);
  held.resolve();
  await expect.poll(() => one.begun, soon).toEqual([ids[0], ids[2], ids[1]]);
});
