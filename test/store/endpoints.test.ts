// Endpoints, settings and what is remembered about blobs.
import { describe, expect, it } from "vitest";
import { blob, endpoint, insertRun, jobSpec, runningRun, testStore } from "./samples.ts";

describe("endpoints", () => {
  it("are inserted, read, updated and removed", () => {
    const { store } = testStore();
    const second = endpoint("two", {
      settings: { kind: "layout", path: "/data/layout" },
      sample: true,
      temporary: true,
      username: "ada",
      health: {
        state: "ok",
        checkedAt: 5,
        steps: [{ name: "reachable", outcome: "passed", text: "It answers." }],
      },
    });
    store.endpoints.insert(endpoint("one"));
    store.endpoints.insert(second);
    expect(store.endpoints.list()).toEqual([endpoint("one"), second]);
    store.endpoints.update({ ...second, name: "Renamed", temporary: false });
    expect(store.endpoints.get("two")).toEqual({ ...second, name: "Renamed", temporary: false });
    store.endpoints.remove("two");
    expect(store.endpoints.list()).toEqual([endpoint("one")]);
  });

  it("that are missing or doubled are refused", () => {
    const { store } = testStore();
    const missing = expect.objectContaining({ code: "not-found", message: expect.stringContaining("ghost") });
    expect(() => store.endpoints.get("ghost")).toThrow(missing);
    expect(() => store.endpoints.update(endpoint("ghost"))).toThrow(missing);
    expect(() => store.endpoints.remove("ghost")).toThrow(missing);
    store.endpoints.insert(endpoint("one"));
    expect(() => store.endpoints.insert(endpoint("one"))).toThrow(expect.objectContaining({ code: "store" }));
  });

  it("stay while a run that is not finished uses them", () => {
    const { store } = testStore();
    store.endpoints.insert(endpoint(jobSpec.sourceId));
    store.endpoints.insert(endpoint(jobSpec.destinationId));
    const { id } = insertRun(store);
    for (const used of [jobSpec.sourceId, jobSpec.destinationId]) {
      expect(() => store.endpoints.remove(used)).toThrow(
        expect.objectContaining({ code: "busy", message: expect.stringContaining(id) }),
      );
    }
    store.runs.transition(id, "cancelled", "user");
    store.journal.rememberBlob(jobSpec.destinationId, "team/app", blob("layer").digest);
    store.endpoints.remove(jobSpec.destinationId);
    expect(store.runs.get(id).destination.name).toBe("Destination");
    expect(store.journal.blobLocations(jobSpec.destinationId, blob("layer").digest)).toEqual([]);
  });
});

describe("blob locations", () => {
  it("come with the blob that was brought there", () => {
    const { store } = testStore();
    const { id } = runningRun(store);
    const descriptor = blob("layer", 20);
    const record = {
      repository: "copy/app",
      descriptor,
      outcome: "transferred",
      bytesTransferred: 20,
    } as const;
    store.journal.blobFinished(id, record);
    expect(store.journal.blobLocations("here", descriptor.digest)).toEqual([]);
    store.journal.blobFinished(id, { ...record, endpointId: "here" });
    expect(store.journal.blobLocations("here", descriptor.digest)).toEqual(["copy/app"]);
  });

  it("are the eight seen last, newest first", () => {
    const { store, clock } = testStore();
    const { digest } = blob("layer");
    for (let index = 0; index < 12; index += 1) {
      clock.time += 1;
      store.journal.rememberBlob("here", `team/app-${index}`, digest);
    }
    clock.time += 1;
    store.journal.rememberBlob("here", "team/app-6", digest);
    store.journal.rememberBlob("elsewhere", "team/other", digest);
    expect(store.journal.blobLocations("here", digest)).toEqual([
      "team/app-6",
      "team/app-11",
      "team/app-10",
      "team/app-9",
      "team/app-8",
      "team/app-7",
      "team/app-5",
      "team/app-4",
    ]);
    expect(store.journal.blobLocations("here", blob("unknown").digest)).toEqual([]);
  });
});

describe("settings", () => {
  it("hold any JSON, and forget a key that is set to undefined", () => {
    const { store } = testStore();
    store.settings.set("theme", "dark");
    store.settings.set("panes", { left: 40, open: [true, null] });
    store.settings.set("theme", "light");
    store.settings.set("panes.old", 1);
    store.settings.set("panes.old", undefined);
    expect(store.settings.all()).toEqual({ theme: "light", panes: { left: 40, open: [true, null] } });
  });
});
