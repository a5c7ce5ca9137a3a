// State events are numbered and never lost; progress is merged, waits for credit and cannot grow with a slow client.
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventHub } from "../../electron/app/event-hub.ts";
import type { ProgressValue } from "../../shared/contract.ts";
import { emptyPlanTotals, emptyRunTallies, type Run } from "../../shared/run.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import { jobSpec } from "../store/samples.ts";

class Recorder implements FramePipe<HostFrame> {
  readonly frames: HostFrame[] = [];
  queued = 0;
  send(frame: HostFrame): void {
    this.frames.push(frame);
  }
  onFrame(): void {}
  onClose(): void {}
  close(): void {}
  pending(): number {
    return this.queued;
  }
  events(): number[] {
    return this.frames.flatMap((frame) => (frame.t === "event" ? [frame.seq] : []));
  }
  progress(): (readonly (readonly [string, ProgressValue | null])[])[] {
    return this.frames.flatMap((frame) => (frame.t === "progress" ? [frame.values] : []));
  }
}

const value = (bytes: number): ProgressValue => ({ bytes, total: 100, bytesPerSecond: 1, secondsLeft: null });
const removed = (id: string) => ({ id });

describe("the event hub", () => {
  vi.useFakeTimers();
  let hub = new EventHub();
  afterEach(() => {
    hub.close();
    hub = new EventHub();
  });

  it("R001 lets a client go whose transport throws; the others and the run go on", () => {
    const problems: unknown[] = [];
    const broken = new Recorder();
    const healthy = new Recorder();
    const own = new EventHub((error) => problems.push(error));
    own.join(broken, undefined);
    own.join(healthy, undefined);
    broken.send = () => {
      throw new Error("Object has been destroyed");
    };
    own.emit("endpoint.removed", removed("a"));
    own.progress("run:1", value(1));
    vi.advanceTimersByTime(200);
    own.emit("endpoint.removed", removed("b"));
    expect(healthy.events()).toEqual([1, 2]);
    expect({ clients: own.clients, problems: problems.map(String) }).toEqual({
      clients: 1,
      problems: ["Error: Object has been destroyed"],
    });
    own.close();
  });

  it("P003 keeps fewer events of runs that name many tags, and tells who missed them of the gap", () => {
    const names = Array.from({ length: 100_000 }, (_, at) => `v${at}`);
    const tags = { names, include: [], exclude: [], sets: [] };
    const item = { kind: "repositories" as const, names: ["app"], include: [], exclude: [], tags };
    const id = "0".repeat(26);
    const run: Run = {
      ...{ id, state: "running", stateReason: null, spec: { ...jobSpec, selection: [item] } },
      source: { id: "a", name: "a", address: "a" },
      destination: { id: "b", name: "b", address: "b" },
      ...{ plan: emptyPlanTotals, tallies: emptyRunTallies, error: null, jobId: null },
      ...{ createdAt: 1, startedAt: 2, finishedAt: null, priority: 0, position: 0 },
    };
    for (let at = 0; at < 12; at++) hub.emit("run.changed", run);
    const [near, far] = [new Recorder(), new Recorder()];
    hub.join(near, 4);
    hub.join(far, 2);
    expect(near.events()).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(far.frames).toEqual([{ t: "subscribed", seq: 12, gap: true }]);
  });

  it("numbers events for all clients alike", () => {
    const early = new Recorder();
    const late = new Recorder();
    hub.join(early, undefined);
    hub.emit("endpoint.removed", removed("a"));
    hub.join(late, undefined);
    hub.emit("endpoint.removed", removed("b"));
    expect(early.events()).toEqual([1, 2]);
    expect(late.events()).toEqual([2]);
    expect(late.frames[0]).toEqual({ t: "subscribed", seq: 1, gap: false });
  });

  it("sends what a returning client missed, and tells of a gap where it cannot", () => {
    for (let i = 0; i < 5000; i++) hub.emit("endpoint.removed", removed(`x${i}`));
    const near = new Recorder();
    hub.join(near, 4990);
    expect(near.frames[0]).toEqual({ t: "subscribed", seq: 4990, gap: false });
    expect(near.events()).toEqual([4991, 4992, 4993, 4994, 4995, 4996, 4997, 4998, 4999, 5000]);
    const far = new Recorder();
    hub.join(far, 3);
    expect(far.frames).toEqual([{ t: "subscribed", seq: 5000, gap: true }]);
    const future = new Recorder();
    hub.join(future, 9000);
    expect(future.frames).toEqual([{ t: "subscribed", seq: 5000, gap: true }]);
  });

  it("merges progress to the latest value and sends it only for credit, ten times a second", () => {
    const client = new Recorder();
    const subscriber = hub.join(client, undefined);
    for (let i = 1; i <= 50; i++) hub.progress("run:1", value(i));
    hub.progress("blob:1/a", value(7));
    vi.advanceTimersByTime(500);
    expect(client.progress()).toEqual([]);
    subscriber.grant(1);
    vi.advanceTimersByTime(100);
    expect(client.progress()).toEqual([
      [
        ["run:1", value(50)],
        ["blob:1/a", value(7)],
      ],
    ]);
    subscriber.grant(64);
    for (let i = 0; i < 100; i++) {
      hub.progress("run:1", value(i));
      vi.advanceTimersByTime(10);
    }
    expect(client.progress().length).toBeLessThanOrEqual(12);
  });

  it("shows a client that joins in mid-run where things stand, and forgets what is over", () => {
    hub.progress("run:1", value(10));
    hub.progress("run:2", value(20));
    hub.progress("run:2", null);
    const client = new Recorder();
    hub.join(client, undefined).grant(1);
    vi.advanceTimersByTime(100);
    expect(client.progress()).toEqual([[["run:1", value(10)]]]);
  });

  it("holds back for a client that does not read, and catches up or tells of the gap", () => {
    const client = new Recorder();
    hub.join(client, undefined);
    client.queued = 2 * 1024 * 1024;
    for (let i = 0; i < 100; i++) hub.emit("endpoint.removed", removed(`x${i}`));
    expect(client.events()).toEqual([]);
    client.queued = 0;
    vi.advanceTimersByTime(200);
    expect(client.events().length).toBe(100);
    client.queued = 2 * 1024 * 1024;
    for (let i = 0; i < 10_000; i++) hub.emit("endpoint.removed", removed(`y${i}`));
    client.queued = 0;
    vi.advanceTimersByTime(200);
    expect(client.frames.at(-1)).toEqual({ t: "subscribed", seq: 10_100, gap: true });
    expect(client.frames.length).toBeLessThan(110);
  });

  it("refuses to send what the contract does not name", () => {
    expect(() => hub.emit("endpoint.removed", { id: "NOT AN ID" })).toThrow();
  });

  it("lets go of a client that left", () => {
    const client = new Recorder();
    const subscriber = hub.join(client, undefined);
    subscriber.leave();
    hub.emit("endpoint.removed", removed("a"));
    expect(client.events()).toEqual([]);
    expect(hub.clients).toBe(0);
  });
});
