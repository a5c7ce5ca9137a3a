// What another process does to runs is told here, once, and what this one does itself is not told again.
import { expect, it } from "vitest";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import { OtherProcesses } from "../../electron/app/other-processes.ts";
import type { Run } from "../../shared/run.ts";
import { blob, insertRun, queuedRun, runningRun, testStore, totals } from "../store/samples.ts";

function stage(clients = 1) {
  const { store, other } = testStore();
  const hub = new EventHub();
  const told: string[] = [];
  const noPipe = { send: () => {}, onFrame: () => {}, onClose: () => {}, close: () => {} };
  for (let at = 0; at < clients; at++) hub.join(noPipe, undefined);
  const others = new OtherProcesses({ store, hub, log: silentLog });
  hub.onEmit((name, data) => {
    if (name === "run.changed") told.push(`${(data as Run).id} ${(data as Run).state}`);
    if (name === "run.removed") told.push(`${(data as { runId: string }).runId} gone`);
  });
  const news = (): string[] => {
    told.length = 0;
    others.look();
    return [...told];
  };
  return { store, hub, other: other("second"), news };
}

it("tells of runs that another process plans, runs, ends and removes", () => {
  const { other, news } = stage();
  const before = queuedRun(other);
  expect(news()).toEqual([]);
  const { id } = runningRun(other);
  expect(news()).toEqual([`${id} running`]);
  expect(news()).toEqual([]);
  other.journal.blobFinished(id, {
    repository: "copy/app",
    descriptor: blob("layer", 20),
    outcome: "transferred",
    bytesTransferred: 20,
  });
  expect(news()).toEqual([`${id} running`]);
  other.journal.finishRun(id, "failed", null, null, 0);
  other.runs.transition(before.id, "paused", "user");
  expect(news().toSorted()).toEqual([`${before.id} paused`, `${id} failed`].toSorted());
  other.runs.retryFailed(id);
  expect(news()).toEqual([`${id} queued`]);
  other.runs.transition(id, "cancelled", "user");
  other.runs.remove(id);
  const short = insertRun(other);
  other.journal.finishPlanning(short.id, totals, null);
  other.runs.transition(short.id, "cancelled", "user");
  expect(news().toSorted()).toEqual([`${id} gone`, `${short.id} cancelled`].toSorted());
  expect(news()).toEqual([]);
});

it("says nothing of what this process did and told itself", () => {
  const { store, hub, other, news } = stage();
  news();
  const own = queuedRun(store);
  hub.emit("run.changed", own);
  const ended = runningRun(store);
  hub.emit("run.changed", ended);
  hub.emit("run.changed", store.journal.finishRun(ended.id, "failed", null, null, 0));
  const removed = queuedRun(store);
  hub.emit("run.changed", store.runs.transition(removed.id, "cancelled", "user"));
  store.runs.remove(removed.id);
  hub.emit("run.removed", { runId: removed.id });
  const running = runningRun(store);
  hub.emit("run.changed", running);
  store.journal.countRetry(running.id);
  const foreign = queuedRun(other);
  expect(news()).toEqual([`${foreign.id} queued`]);
});

it("reads nothing while nobody listens", () => {
  const { other, news } = stage(0);
  queuedRun(other);
  expect(news()).toEqual([]);
});
