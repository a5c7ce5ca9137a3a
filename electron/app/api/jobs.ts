// The contract's job methods: saved jobs, their schedules, and running one now.
import type { Api } from "../../../shared/contract.ts";
import { shortSpec } from "../../../shared/short-spec.ts";
import { nextTimes } from "../cron-times.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type JobMethods = Omit<
  Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `jobs.${string}`>>,
  "jobs.syncFile" | "jobs.fromSyncFile"
>;

export function jobMethods({ store, jobs, clock }: Services): JobMethods {
  return {
    "jobs.list": async () => ({
      jobs: store.jobs.list().map((job) => ({ ...job, spec: shortSpec(job.spec) })),
    }),
    "jobs.get": async ({ jobId }) => store.jobs.get(jobId),
    "jobs.save": async (input) => jobs.save(input),
    "jobs.remove": async ({ jobId }) => {
      jobs.remove(jobId);
      return {};
    },
    "jobs.setEnabled": async ({ jobId, enabled }) => jobs.setEnabled(jobId, enabled),
    "jobs.run": async ({ jobId }) => jobs.run(jobId),
    "jobs.preview": async ({ schedule, count }) => ({ times: nextTimes(schedule, clock.now(), count) }),
  };
}
