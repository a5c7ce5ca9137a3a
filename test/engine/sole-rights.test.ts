// Two runs on one reference, in one process or two, and the number of images at once that changes while a run runs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEngineContext, type EngineContext } from "../../electron/engine/context.ts";
import { ImageQueue } from "../../electron/engine/image-queue.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { WorkerPool } from "../../electron/engine/worker-pool.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store } from "../../electron/store/store.ts";
import type { Run, RunImage } from "../../shared/run.ts";
import { everything, type Harness, harness, quickClock } from "./harness.ts";
import { putImage } from "./images.ts";

function putMany(h: Harness, count: number): void {
  for (let at = 0; at < count; at++)
    putImage(h.source, { repository: "app", tag: `v${at}`, layers: [[`layer ${at}`, 300]] });
}

/** Every reference that two runs worked on at the same time. */
class Watch {
  readonly overlaps: string[] = [];
  readonly #busy = new Map<string, string>();

  context(store: Store): EngineContext {
    return createEngineContext({
      journal: store.journal,
      clock: quickClock(),
      requestsAtOnce: 8,
      listener: { imageChanged: (image) => this.#see(image), progress: () => undefined },
    });
  }

  #see({ state, runId, destinationReference }: RunImage): void {
    const key = destinationReference ?? "";
    const holder = this.#busy.get(key);
    if (state === "running") {
      if (holder !== undefined && holder !== runId) this.overlaps.push(key);
      this.#busy.set(key, runId);
    } else if (holder === runId) this.#busy.delete(key);
  }
}

function start(h: Harness, store: Store, context: EngineContext, planned: Run): Promise<Run> {
  store.runs.start(planned.id, []);
  const claimed = store.runs.claim(planned.id);
  if (claimed === undefined) throw new Error("not queued");
  return replicateRun(h.request(claimed), context, h.never);
}

describe("two runs onto the same references", () => {
  it("R011 never write one at the same time in one process, and both end with everything there", async () => {
    const h = harness();
    putMany(h, 12);
    h.destination.latency = 1;
    const spec = { ...everything(), options: { overwrite: "always" as const, parallelImages: 3 } };
    const [one, two] = [await h.plan(spec), await h.plan(spec)];
    const watch = new Watch();
    const context = watch.context(h.store);
    const ended = await Promise.all([start(h, h.store, context, one), start(h, h.store, context, two)]);
    expect(ended.map((run) => run.state)).toEqual(["succeeded", "succeeded"]);
    expect(watch.overlaps).toEqual([]);
    expect(ended.map((run) => run.tallies.imagesSucceeded)).toEqual([12, 12]);
  });

  it("R011 never write one at the same time from two processes on one database", async () => {
    const folder = mkdtempSync(join(tmpdir(), "freightliner-rights-"));
    const open = (owner: string): Store =>
      openStore({ file: join(folder, "test.db"), owner, now: () => Date.now() });
    const stores = [open("first"), open("second")] as const;
    onTestFinished(() => {
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const h = harness();
    putMany(h, 10);
    h.destination.latency = 1;
    const watch = new Watch();
    const runs: Promise<Run>[] = [];
    for (const store of stores) {
      for (const endpoint of store === stores[0] ? h.store.endpoints.list() : [])
        store.endpoints.insert(endpoint);
      const planning = store.runs.insert({
        spec: (await h.plan({ ...everything(), options: { overwrite: "always" } })).spec,
        source: { id: "src", name: "src", address: "src.test" },
        destination: { id: "dst", name: "dst", address: "dst.test" },
      });
      const { planRun } = await import("../../electron/engine/plan.ts");
      const context = watch.context(store);
      const planned = await planRun(h.request(planning), context, h.never);
      runs.push(start(h, store, context, planned));
    }
    const ended = await Promise.all(runs);
    expect(ended.map((run) => run.state)).toEqual(["succeeded", "succeeded"]);
    expect(watch.overlaps).toEqual([]);
  });

  it("go on with other images and come back to the one that is held, which is then looked at anew", async () => {
    const h = harness();
    putMany(h, 3);
    const [one, two] = [await h.plan(everything()), await h.plan(everything())];
    const gate = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let first = true;
    h.destination.fault = async ({ operation, reference }) => {
      if (operation !== "put-manifest" || reference !== "v0" || !first) return;
      first = false;
      held.resolve();
      await gate.promise;
    };
    const slow = h.run(one);
    await held.promise;
    const order: string[] = [];
    const quick = start(
      h,
      h.store,
      createEngineContext({
        journal: h.store.journal,
        clock: quickClock(),
        listener: {
          imageChanged: (image) => {
            order.push(`${image.destinationReference} ${image.state}`);
            if (image.destinationReference === "v2" && image.state !== "running") gate.resolve();
          },
          progress: () => undefined,
        },
      }),
      two,
    );
    expect((await slow).state).toBe("succeeded");
    expect(await quick).toMatchObject({ state: "succeeded" });
    expect(order.findLast((line) => line.startsWith("v0"))).toBe("v0 skipped");
    expect(order.indexOf("v0 running")).toBeGreaterThan(order.findIndex((line) => /^v2 s/.test(line)));
  });

  it("are stopped in the middle of a wait", async () => {
    const asleep = Promise.withResolvers<void>();
    // Time stands still: only a stop ends a sleep.
    const sleep = (_: number, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        asleep.resolve();
      });
    const h = harness({ clock: { ...quickClock(), sleep } });
    putMany(h, 1);
    const [one, two] = [await h.plan(everything()), await h.plan(everything())];
    h.store.runs.start(one.id, []);
    h.store.runs.claim(one.id);
    expect(h.store.journal.claim(one.id, "ref:destination.test:5000/app:v0")).toBe(true);
    const stop = new AbortController();
    const waiting = h.run(two, stop.signal);
    await asleep.promise;
    stop.abort();
    expect(await waiting).toMatchObject({ state: "paused", tallies: { imagesRemaining: 1 } });
  });
});

describe("the number of images at once", () => {
  it("follows what is wanted while the run runs, up and down", async () => {
    const h = harness({ slots: 64 });
    putMany(h, 40);
    const planned = await h.plan({ ...everything(), options: { parallelImages: 1 } });
    let wanted = 2;
    let listener = (): void => undefined;
    const control = {
      get parallelImages() {
        return wanted;
      },
      onChange: (changed: () => void) => {
        listener = changed;
        return () => {
          listener = () => undefined;
        };
      },
    };
    let now = 0;
    let done = 0;
    const most = new Map<number, number>();
    const least = new Map<number, number>();
    const context: EngineContext = {
      ...h.context,
      listener: {
        ...h.context.listener,
        imageChanged: (image) => {
          if (image.state === "running") now++;
          else {
            now--;
            done++;
            least.set(wanted, Math.min(least.get(wanted) ?? 99, now));
          }
          most.set(wanted, Math.max(most.get(wanted) ?? 0, now));
          if (done === 10 && wanted === 2) {
            wanted = 8;
            listener();
          }
          if (done === 25 && wanted === 8) {
            wanted = 1;
            listener();
          }
        },
      },
    };
    h.destination.latency = 1;
    h.store.runs.start(planned.id, []);
    const claimed = h.store.runs.claim(planned.id);
    if (claimed === undefined) throw new Error("not queued");
    const ended = await replicateRun({ ...h.request(claimed), control }, context, h.never);
    expect(ended).toMatchObject({ state: "succeeded", tallies: { imagesSucceeded: 40 } });
    expect(most.get(2)).toBe(2);
    expect(most.get(8)).toBe(8);
    // Who is too many leaves after the image that he works on.
    expect(least.get(1)).toBe(0);
  });
});

describe("a pool of workers", () => {
  it("ends with the first failure, after all who work have ended", async () => {
    let ended = 0;
    let begun = 0;
    const pool = new WorkerPool(
      () => 3,
      async () => {
        const mine = ++begun;
        await new Promise((resolve) => setImmediate(resolve));
        if (mine === 2) throw new Error("broken");
        await new Promise((resolve) => setTimeout(resolve, 5));
        ended++;
        return true;
      },
    );
    await expect(pool.run()).rejects.toThrow("broken");
    expect(ended).toBe(2);
  });
});

describe("the queue of images", () => {
  const row = (id: number, more: Partial<RunImage> = {}): RunImage =>
    ({ id, action: "copy", destinationRepository: "app", ...more }) as RunImage;

  it("gives what waits back when its time has come, and waits longer each time", () => {
    let now = 0;
    const rows = [row(1), row(2)];
    const queue = new ImageQueue(
      (after) => rows.filter((one) => one.id > after),
      () => now,
    );
    const first = queue.turn();
    if (first === undefined) throw new Error("nothing");
    queue.postpone(first);
    expect(queue.turn()).toMatchObject({ image: { id: 2 }, wait: 0 });
    now = 30;
    const again = queue.turn();
    expect(again).toMatchObject({ image: { id: 1 }, wait: 70, held: 1 });
    if (again === undefined) throw new Error("nothing");
    queue.postpone(again);
    expect(queue.turn()).toMatchObject({ image: { id: 1 }, wait: 200 });
    expect(queue.turn()).toBeUndefined();
    expect(queue.isEmpty).toBe(true);
  });

  it("begins nothing new while too many wait", () => {
    const rows = Array.from({ length: 1000 }, (_, at) => row(at + 1));
    const queue = new ImageQueue(
      (after, limit) => rows.filter((one) => one.id > after).slice(0, limit),
      () => 0,
    );
    for (let at = 0; at < 256; at++) {
      const turn = queue.turn();
      if (turn !== undefined) queue.postpone(turn);
    }
    expect(queue.turn()?.held).toBe(1);
  });

  it("keeps deletes behind everything else, one repository at a time", () => {
    const rows = [
      row(1),
      row(2, { action: "delete", destinationRepository: "a" }),
      row(3, { action: "delete", destinationRepository: "a" }),
      row(4, { action: "delete", destinationRepository: "b" }),
    ];
    const queue = new ImageQueue(
      (after) => rows.filter((one) => one.id > after),
      () => 0,
    );
    expect(queue.turn()?.image.id).toBe(1);
    expect(queue.turn()).toBeUndefined();
    expect(queue.deletes().map((one) => one.id)).toEqual([2, 3]);
    expect(queue.deletes().map((one) => one.id)).toEqual([4]);
    expect(queue.deletes()).toEqual([]);
  });
});
