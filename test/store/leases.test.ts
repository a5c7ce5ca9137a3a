// Leases: two processes on one database, one of which dies.
import { describe, expect, it } from "vitest";
import type { Store } from "../../electron/store/store.ts";
import { blob, insertRun, plannedImage, queuedRun, runningRun, testStore } from "./samples.ts";

const lost = expect.objectContaining({ code: "busy" });

function finishLayer(store: Store, runId: string): void {
  store.journal.blobFinished(runId, {
    repository: "copy/app",
    descriptor: blob("layer", 20),
    outcome: "transferred",
    bytesTransferred: 20,
  });
}

describe("two processes", () => {
  it("never both claim a run", () => {
    const { store, other } = testStore();
    const second = other("second");
    const { id } = queuedRun(store);
    expect(second.runs.claim(id)?.state).toBe("running");
    expect(store.runs.claim(id)).toBeUndefined();
    expect(() => finishLayer(store, id)).toThrow(lost);
    expect(store.runs.claim("0".repeat(26))).toBeUndefined();
  });

  it("R008: take over at once from a process that is known to be dead", () => {
    const { store, other } = testStore();
    const { id } = runningRun(store);
    const cautious = other("second");
    expect(cautious.runs.recover()).toEqual([]);
    const knowing = other("third", { ownerIsGone: (owner) => owner !== "second" && owner !== "third" });
    expect(knowing.runs.recover()).toMatchObject([{ id, state: "queued", stateReason: "lease-lost" }]);
    expect(() => finishLayer(store, id)).toThrow(lost);
  });

  it("leave a run alone whose lease is renewed", () => {
    const { store, other, clock } = testStore();
    const second = other("second");
    const { id } = runningRun(store);
    for (let beat = 0; beat < 5; beat += 1) {
      clock.time += store.leaseMs - 1;
      expect(second.runs.recover()).toEqual([]);
      expect(store.heartbeat()).toEqual([]);
    }
    expect(store.runs.get(id).state).toBe("running");
  });

  it("hand a run over when its lease runs out, and the loser learns of it", () => {
    const { store, other, clock } = testStore();
    const second = other("second");
    const { id } = runningRun(store);
    const imageId = store.journal.nextImages(id, 0, 1)[0]?.id ?? 0;
    store.journal.imageStarted(id, imageId);
    store.journal.blobStarted(id, "copy/app", blob("layer", 20));
    clock.time += store.leaseMs + 1;
    // Until somebody takes it, it is still its owner's.
    finishLayer(store, id);
    expect(second.runs.recover()).toMatchObject([{ id, state: "queued", stateReason: "lease-lost" }]);
    expect(second.runs.image(id, imageId).state).toBe("planned");
    expect(second.runs.claim(id)?.tallies.bytesTransferred).toBe(20);

    expect(() => finishLayer(store, id)).toThrow(
      expect.objectContaining({ code: "busy", message: expect.stringContaining(`${id}`) }),
    );
    expect(() => store.journal.imageStarted(id, imageId)).toThrow("another process took it over");
    expect(() => store.journal.countRetry(id)).toThrow(lost);
    expect(() => store.journal.finishRun(id, "paused", "user", null, 1)).toThrow(lost);
    expect(store.heartbeat()).toEqual([id]);
    expect(store.heartbeat()).toEqual([]);
    expect(second.heartbeat()).toEqual([]);
    expect(second.runs.get(id).state).toBe("running");
  });

  it("do not let one take its own sleeping runs away from itself", () => {
    const { store, clock } = testStore();
    const { id } = runningRun(store);
    clock.time += 10 * store.leaseMs;
    expect(store.runs.recover()).toEqual([]);
    expect(store.heartbeat()).toEqual([]);
    finishLayer(store, id);
  });
});

describe("a process that died", () => {
  it("leaves running runs that the next one queues, with what was done kept", () => {
    const { store, other, clock } = testStore();
    const { id } = runningRun(store, [plannedImage(), plannedImage({ destinationReference: "v2" })]);
    const [first, second] = store.journal.nextImages(id, 0, 2).map((image) => image.id);
    store.journal.imageStarted(id, first ?? 0);
    finishLayer(store, id);
    const end = { state: "succeeded", verified: true, destinationDigest: null, error: null } as const;
    store.journal.imageFinished(id, first ?? 0, end);
    store.journal.imageStarted(id, second ?? 0);
    store.journal.blobStarted(id, "copy/app", blob("config", 10));
    // The handle is abandoned, as a killed process leaves it: nothing is closed, nothing is released.
    clock.time += store.leaseMs + 1;
    const next = other("next");
    expect(next.runs.recover()).toMatchObject([
      { id, state: "queued", tallies: { imagesSucceeded: 1, imagesRemaining: 1, bytesTransferred: 20 } },
    ]);
    expect(next.journal.blobIsDone(id, "copy/app", blob("layer", 20).digest)).toBe(true);
    expect(next.journal.blobIsDone(id, "copy/app", blob("config", 10).digest)).toBe(false);
    next.runs.claim(id);
    expect(next.journal.nextImages(id, 0, 10).map((image) => image.id)).toEqual([second]);
    expect(next.integrity()).toBe("ok");
  });

  it("leaves a planning that the next one calls failed", () => {
    const { store, other, clock } = testStore();
    const { id } = insertRun(store);
    store.journal.addImages(id, [plannedImage()]);
    clock.time += store.leaseMs + 1;
    const next = other("next");
    expect(next.runs.recover()).toMatchObject([
      { id, state: "failed", error: { code: "cancelled" }, tallies: { imagesRemaining: 0 } },
    ]);
    expect(store.heartbeat()).toEqual([id]);
    expect(() => store.journal.addImages(id, [plannedImage()])).toThrow(lost);
  });
});
