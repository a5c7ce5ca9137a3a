// Pause, cancel, shutdown, lost leases: within a second at every stage, and nothing that is finished is done again.
import { describe, expect, it } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { Stopped, type StopReason } from "../../electron/engine/ports.ts";
import type { Run } from "../../shared/run.ts";
import { everything, type Harness, harness } from "./harness.ts";
import { putImage, putIndex, reachable } from "./images.ts";
import { failure } from "./memory-endpoint.ts";

function filled(): Harness {
  const h = harness({ clock: systemClock });
  for (let at = 0; at < 6; at++)
    putIndex(h.source, {
      repository: `app${at % 2}`,
      tag: `v${at}`,
      children: [
        {
          architecture: "amd64",
          layers: [
            ["base", 50_000],
            [`${at}`, 20_000],
          ],
        },
        { architecture: "arm64", layers: [[`arm${at}`, 20_000]] },
      ],
    });
  return h;
}

/** Runs until a call of that kind hangs, then stops; the endpoint answers the signal, as adapters must. */
async function stopAt(
  h: Harness,
  planned: Run,
  stage: { side: "source" | "destination"; operation: string; deaf: boolean },
  reason: StopReason,
): Promise<{ run: Run | undefined; thrown: unknown; took: number }> {
  const controller = new AbortController();
  let stoppedAt = 0;
  h[stage.side].fault = ({ operation, signal }) => {
    if (operation !== stage.operation) return;
    if (stoppedAt === 0) {
      stoppedAt = performance.now();
      setTimeout(() => controller.abort(new Stopped(reason)), 5);
    }
    return new Promise((resolve, reject) => {
      if (stage.deaf) setTimeout(resolve, 3000);
      else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  try {
    const run = await h.run(planned, controller.signal);
    return { run, thrown: undefined, took: performance.now() - stoppedAt };
  } catch (thrown) {
    return { run: undefined, thrown, took: performance.now() - stoppedAt };
  }
}

const stages = [
  ["destination", "head-manifest"],
  ["source", "get-manifest"],
  ["destination", "head-blob"],
  ["source", "get-blob"],
  ["destination", "put-blob"],
  ["destination", "commit-blob"],
  ["destination", "mount-blob"],
  ["destination", "put-manifest"],
  ["destination", "get-manifest"],
] as const;

describe("a stop", () => {
  it.each(stages)("is over within a second at %s %s", async (side, operation) => {
    const h = filled();
    const planned = await h.plan(everything());
    h.forgetPlans();
    const { run, took } = await stopAt(h, planned, { side, operation, deaf: false }, "user-cancel");
    expect(took).toBeLessThan(1000);
    expect(run).toMatchObject({ state: "cancelled", stateReason: "user" });
    expect(h.rows(planned).filter((row) => row.state === "running" || row.state === "failed")).toEqual([]);
  });

  it.each([
    ["destination", "put-blob"],
    ["destination", "put-manifest"],
  ] as const)("does not wait for an endpoint that does not listen at %s %s", async (side, operation) => {
    const h = filled();
    const planned = await h.plan(everything());
    const { run, took } = await stopAt(h, planned, { side, operation, deaf: true }, "user-pause");
    expect(took).toBeLessThan(1100);
    expect(run).toMatchObject({ state: "paused", stateReason: "user" });
  });

  it("is over within a second in the wait before another try", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    const controller = new AbortController();
    h.destination.fault = ({ operation }) => {
      if (operation === "put-blob") throw failure("rate-limited", operation, { retryAfterMs: 60_000 });
    };
    setTimeout(() => controller.abort(new Stopped("shutdown")), 50);
    const before = performance.now();
    expect(await h.run(planned, controller.signal)).toMatchObject({
      state: "paused",
      stateReason: "shutdown",
    });
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it.each([
    ["user-pause", { state: "paused", stateReason: "user" }],
    ["shutdown", { state: "paused", stateReason: "shutdown" }],
    ["user-cancel", { state: "cancelled", stateReason: "user" }],
    ["deadline", { state: "queued", stateReason: null }],
    ["caller", { state: "paused", stateReason: "user" }],
  ] as const)("for %s leaves the run as it should", async (reason, expected) => {
    const h = filled();
    const planned = await h.plan(everything());
    const { run } = await stopAt(
      h,
      planned,
      { side: "destination", operation: "put-manifest", deaf: false },
      reason,
    );
    expect(run).toMatchObject(expected);
    const left = expected.state === "cancelled" ? "cancelled" : "planned";
    expect(new Set(h.rows(planned).map((row) => row.state))).toEqual(new Set([left]));
    expect(run?.tallies.activeMs).toBeGreaterThan(0);
  });

  it("for a lost lease leaves quietly and writes nothing", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    const { thrown } = await stopAt(
      h,
      planned,
      { side: "destination", operation: "put-manifest", deaf: false },
      "lease-lost",
    );
    expect(thrown).toMatchObject({ reason: "lease-lost" });
    expect(h.store.runs.get(planned.id).state).toBe("running");
  });

  it("before anything began runs nothing", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    const run = await h.run(planned, AbortSignal.abort(new Stopped("user-pause")));
    expect(run.state).toBe("paused");
    expect(h.destination.count("put-blob")).toBe(0);
  });

  it("after the last image changes nothing", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    const controller = new AbortController();
    let left = 6;
    const { imageFinished } = h.context.journal;
    Object.assign(h.context, {
      journal: {
        ...h.context.journal,
        imageFinished: (...args: Parameters<typeof imageFinished>) => {
          const row = imageFinished(...args);
          if (--left === 0) controller.abort(new Stopped("user-pause"));
          return row;
        },
      },
    });
    expect((await h.run(planned, controller.signal)).state).toBe("succeeded");
  });
});

describe("a resumed run", () => {
  it("never sends a finished blob again", async () => {
    const h = filled();
    const planned = await h.plan(everything());
    let run = planned;
    for (let stop = 1; stop <= 5; stop++) {
      const controller = new AbortController();
      const target = h.destination.uploads.length + 2;
      h.destination.fault = ({ operation }) => {
        if (operation === "put-blob" && h.destination.uploads.length >= target)
          controller.abort(new Stopped("user-pause"));
      };
      run = await h.run(run, controller.signal);
      if (run.state !== "paused") break;
      h.store.runs.transition(run.id, "queued", null);
    }
    h.destination.fault = () => undefined;
    if (run.state === "paused") run = await h.run(run);
    expect(run.state).toBe("succeeded");
    expect(new Set(h.destination.uploads).size).toBe(h.destination.uploads.length);
    expect(run.tallies.bytesTransferred).toBe(planned.plan.bytesToTransfer);
    for (const [name, repository] of h.source.repositories)
      for (const [tag, digest] of repository.tags) {
        expect(h.destination.repository(name).tags.get(tag)).toBe(digest);
        reachable(h.destination, name, digest);
      }
  });

  it("counts its progress on from what was moved", async () => {
    const h = harness();
    putImage(h.source, {
      repository: "app",
      tag: "v1",
      layers: [
        ["one", 1000],
        ["two", 2000],
      ],
    });
    const planned = await h.plan(everything());
    const { run } = await stopAt(
      h,
      planned,
      { side: "destination", operation: "put-manifest", deaf: false },
      "user-pause",
    );
    expect(run?.state).toBe("paused");
    h.destination.fault = () => undefined;
    h.progress.length = 0;
    h.store.runs.transition(planned.id, "queued", null);
    await h.run(h.store.runs.get(planned.id));
    const total = planned.plan.bytesToTransfer;
    const last = h.progress.filter((one) => one.kind === "run").at(-1);
    expect(last).toMatchObject({ bytes: total, total, over: true });
  });
});
