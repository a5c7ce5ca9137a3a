// What outlives a run: claims over two processes, uploads, facts about manifests, capabilities of hosts.
import SqliteDriver from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { keptFacts } from "../../electron/store/knowledge.ts";
import { blob, queuedRun, runningRun, testStore } from "./samples.ts";

const key = "ref:localhost:5000/copy/app:v1";

describe("R011: a claim", () => {
  it("is one run's alone, in this process or another, until it is given back", () => {
    const { store, other } = testStore();
    const second = other("second");
    const [one, two] = [runningRun(store), runningRun(store)];
    const elsewhere = runningRun(second);
    expect(store.journal.claim(one.id, key)).toBe(true);
    expect(store.journal.claim(one.id, key)).toBe(true);
    expect(store.journal.claim(two.id, key)).toBe(false);
    expect(second.journal.claim(elsewhere.id, key)).toBe(false);
    // Nobody gives back what is not his.
    second.journal.unclaim(elsewhere.id, key);
    store.journal.unclaim(two.id, key);
    expect(store.journal.claim(two.id, key)).toBe(false);
    store.journal.unclaim(one.id, key);
    expect(second.journal.claim(elsewhere.id, key)).toBe(true);
  });

  it("lives as long as its process renews it", () => {
    const { store, other, clock } = testStore();
    const second = other("second");
    const one = runningRun(store);
    const elsewhere = runningRun(second);
    store.journal.claim(one.id, key);
    for (let beat = 0; beat < 4; beat++) {
      clock.time += store.leaseMs - 1;
      store.heartbeat();
      second.heartbeat();
    }
    expect(second.journal.claim(elsewhere.id, key)).toBe(false);
    clock.time += store.leaseMs + 1;
    expect(second.journal.claim(elsewhere.id, key)).toBe(true);
    expect(store.journal.claim(one.id, key)).toBe(false);
  });

  it("of a process that is known to be dead is free at once", () => {
    const { store, other } = testStore();
    const knowing = other("second", { ownerIsGone: (owner) => owner === "first" });
    store.journal.claim(runningRun(store).id, key);
    expect(knowing.journal.claim(runningRun(knowing).id, key)).toBe(true);
  });

  it("ends with its run, however that ends", () => {
    const { store } = testStore();
    for (const state of ["succeeded", "failed", "paused", "cancelled", "queued"] as const) {
      const run = runningRun(store, []);
      expect(store.journal.claim(run.id, key)).toBe(true);
      store.journal.finishRun(run.id, state, null, null, 1);
    }
    expect(store.journal.claim(runningRun(store).id, key)).toBe(true);
  });

  it("is not given to who does not hold the run, and leaves nothing behind", () => {
    const { store, other, clock, file } = testStore();
    const second = other("second");
    expect(() => store.journal.claim(queuedRun(store).id, key)).toThrow(
      expect.objectContaining({ code: "busy" }),
    );
    const lost = runningRun(store);
    store.journal.claim(lost.id, key);
    clock.time += store.leaseMs + 1;
    second.runs.recover();
    expect(() => store.journal.claim(lost.id, key)).toThrow(expect.objectContaining({ code: "busy" }));
    const driver = new SqliteDriver(file, { readonly: true });
    expect(driver.prepare("SELECT count(*) FROM claims").pluck().get()).toBe(0);
    driver.close();
  });
});

describe("an upload in parts", () => {
  it("is found again by endpoint, repository and digest, from another process too", () => {
    const { store, other, clock } = testStore();
    const { digest } = blob("layer");
    expect(store.journal.upload("dst", "copy/app", digest)).toBeUndefined();
    store.journal.saveUpload("dst", "copy/app", digest, { token: "/v2/…?_state=x", offset: 100 });
    clock.time += 50;
    store.journal.saveUpload("dst", "copy/app", digest, { token: "/v2/…?_state=y", offset: 200 });
    const second = other("second");
    expect(second.journal.upload("dst", "copy/app", digest)).toEqual({
      token: "/v2/…?_state=y",
      offset: 200,
      updatedAt: clock.time,
    });
    expect(second.journal.upload("dst", "copy/other", digest)).toBeUndefined();
    second.journal.forgetUpload("dst", "copy/app", digest);
    expect(store.journal.upload("dst", "copy/app", digest)).toBeUndefined();
  });

  it("is forgotten when its registry has long thrown it away", () => {
    const { store, other, clock } = testStore();
    store.journal.saveUpload("dst", "copy/app", blob("old").digest, { token: "old", offset: 1 });
    clock.time += 10 * 24 * 3_600_000;
    store.journal.saveUpload("dst", "copy/app", blob("new").digest, { token: "new", offset: 1 });
    clock.time += 10 * 24 * 3_600_000;
    const later = other("later");
    expect(later.journal.upload("dst", "copy/app", blob("old").digest)).toBeUndefined();
    expect(later.journal.upload("dst", "copy/app", blob("new").digest)).toMatchObject({ token: "new" });
  });
});

describe("P007: facts about a manifest", () => {
  it("are gathered over time, and known to every process", () => {
    const { store, other } = testStore();
    const { digest } = blob("index");
    expect(store.journal.manifestFacts(digest)).toEqual({});
    store.journal.rememberManifest(digest, { created: null });
    expect(store.journal.manifestFacts(digest)).toEqual({ created: null });
    store.journal.rememberManifest(digest, { children: [blob("child").digest] });
    store.journal.rememberManifest(digest, {});
    expect(other("second").journal.manifestFacts(digest)).toEqual({
      created: null,
      children: [blob("child").digest],
    });
  });

  it("are forgotten oldest first beyond a bound", () => {
    const { store, file } = testStore();
    store.journal.rememberManifest(blob("oldest").digest, { created: 1 });
    store.journal.rememberManifest(blob("second").digest, { created: 2 });
    const driver = new SqliteDriver(file);
    // As if as many as are kept had been seen since.
    driver.prepare("INSERT INTO manifest_facts (id, digest) VALUES (?, 'sha256:x')").run(keptFacts);
    driver.close();
    store.journal.rememberManifest(blob("newest").digest, { created: 3 });
    expect(store.journal.manifestFacts(blob("oldest").digest)).toEqual({});
    expect(store.journal.manifestFacts(blob("second").digest)).toEqual({ created: 2 });
    expect(store.journal.manifestFacts(blob("newest").digest)).toEqual({ created: 3 });
  });
});

describe("a capability of a host", () => {
  it("is remembered by name, and found out anew after a week", () => {
    const { store, clock } = testStore();
    expect(store.journal.capability("localhost:5000", "upload-parts")).toBeUndefined();
    store.journal.rememberCapability("localhost:5000", "upload-parts", true);
    store.journal.rememberCapability("localhost:5000", "referrers", false);
    expect(store.journal.capability("localhost:5000", "upload-parts")).toBe(true);
    expect(store.journal.capability("localhost:5000", "referrers")).toBe(false);
    expect(store.journal.capability("localhost:5001", "referrers")).toBeUndefined();
    store.journal.rememberCapability("localhost:5000", "referrers", true);
    expect(store.journal.capability("localhost:5000", "referrers")).toBe(true);
    clock.time += 8 * 24 * 3_600_000;
    expect(store.journal.capability("localhost:5000", "referrers")).toBeUndefined();
  });
});
