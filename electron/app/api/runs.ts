// The contract's run methods: plan, start, watch, pause, resume, cancel, retry, history.
import type { Api } from "../../../shared/contract.ts";
import { isDigest } from "../../../shared/digest.ts";
import type { Run, RunBlob } from "../../../shared/run.ts";
import { shortSpec } from "../../../shared/short-spec.ts";
import { commandLine } from "../command-line.ts";
import type { CallContext } from "../dispatch.ts";
import { findRuns } from "../find-runs.ts";
import type { Services } from "../services.ts";

type RunMethods = Omit<
  Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `runs.${string}`>>,
  "runs.report" | "runs.pauseAll" | "runs.resumeAll" | "runs.clear" | "runs.syncFile"
>;

export function runMethods(services: Services): RunMethods {
  const { store, pool, queue, hub, waits } = services;
  const publish = (run: Run): Run => {
    hub.emit("run.changed", run);
    return run;
  };

  return {
    "runs.plan": async (spec) => queue.plan(spec),
    "runs.start": async ({ runId, unselectedImageIds, options }) => {
      pool.assertWritable(store.runs.get(runId).destination.id, "start-run");
      publish(store.runs.start(runId, unselectedImageIds, options));
      queue.enqueue(runId);
      return store.runs.get(runId);
    },
    "runs.discard": async ({ runId }) => {
      await queue.stopPlanning(runId);
      store.runs.remove(runId);
      hub.emit("run.removed", { runId });
      return {};
    },
    "runs.list": async (query, { signal }) => {
      const { runs, total } = await findRuns(store, query, signal);
      return { runs: runs.map((run) => ({ ...waits.mark(run), spec: shortSpec(run.spec) })), total };
    },
    "runs.get": async ({ runId }) => waits.mark(store.runs.get(runId)),
    "runs.images": async ({ runId, ...query }) => {
      const { images, total } = store.runs.images(runId, query);
      return { images: [...images], total };
    },
    "runs.blobs": async ({ runId, imageId }) => {
      const { destinationId } = store.runs.get(runId).spec;
      const uploaded = ({ state, repository, digest }: RunBlob): number =>
        state === "done" || !isDigest(digest)
          ? 0
          : (store.journal.upload(destinationId, repository, digest)?.offset ?? 0);
      const blobs = store.runs.blobs(runId, imageId).map((blob) => {
        const bytesUploaded = uploaded(blob);
        return bytesUploaded === 0 ? blob : { ...blob, bytesUploaded };
      });
      return { blobs };
    },
    "runs.pause": async ({ runId }) => queue.pause(runId),
    "runs.resume": async ({ runId }) => queue.resume(runId),
    "runs.cancel": async ({ runId }) => queue.cancel(runId),
    "runs.retryFailed": async ({ runId, imageIds }) => {
      publish(store.runs.retryFailed(runId, imageIds));
      queue.enqueue(runId);
      return store.runs.get(runId);
    },
    "runs.adjust": async ({ runId, ...change }) => queue.adjust(runId, change),
    "runs.move": async ({ runId, before }) => {
      for (const moved of store.runs.move(runId, before)) publish(moved);
      return store.runs.get(runId);
    },
    "runs.delete": async ({ runId }) => {
      store.runs.remove(runId);
      hub.emit("run.removed", { runId });
      return {};
    },
    "runs.command": async ({ runId, options }) => {
      const kept = store.runs.get(runId);
      const run = options === undefined ? kept : { ...kept, spec: { ...kept.spec, options } };
      return {
        command: commandLine(
          run,
          store.endpoints.get(run.source.id),
          store.endpoints.get(run.destination.id),
        ),
      };
    },
  };
}
