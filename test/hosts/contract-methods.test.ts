// The contract's methods about runs in hand, hosts, limits, jobs and comparisons, and their events, over every transport.
import { expect, it, vi } from "vitest";
import { type CallContext, serveClient } from "../../electron/app/dispatch.ts";
import { EventHub } from "../../electron/app/event-hub.ts";
import { silentLog } from "../../electron/app/log.ts";
import { ContractClient } from "../../shared/client.ts";
import {
  type Api,
  type MethodInput,
  type MethodName,
  type MethodResult,
  methods,
} from "../../shared/contract.ts";
import type { HostStatus } from "../../shared/host.ts";
import { limitsSchema } from "../../shared/limits.ts";
import { emptyPlanTotals, emptyRunTallies, type Run } from "../../shared/run.ts";
import { jobSpec } from "../store/samples.ts";
import { direct, ipc, websocket } from "./transports.ts";

const transports = { direct, websocket, ipc };
const id = "0".repeat(25).concat("1");
const jobId = "0".repeat(25).concat("2");
const digest = `sha256:${"0".repeat(64)}`;
const run: Run = {
  ...{ id, state: "running", stateReason: null, spec: jobSpec, jobId, priority: -3, position: 1.5 },
  source: { id: "a", name: "Staging", address: "localhost:1" },
  destination: { id: "b", name: "Production", address: "localhost:2" },
  ...{ plan: emptyPlanTotals, tallies: emptyRunTallies, error: null },
  ...{ createdAt: 1, startedAt: 2, finishedAt: null },
};
const host: HostStatus = {
  ...{ host: "registry.example:5000", limit: 4, most: 8, adaptive: true, bulk: 2, small: 1, waiting: 7 },
  ...{ state: "waiting", until: 1_700_000_000_000, reason: "It asked to wait.", bandwidth: null },
  ...{ bytesPerSecond: 0.5, latencyMs: null },
  quota: { limit: 100, remaining: 3, windowSeconds: 21_600, seenAt: 1 },
};
const limits = limitsSchema.parse({
  bandwidth: 4096,
  timetable: [{ from: "22:00", to: "06:00", bytesPerSecond: null }],
});
const schedule = { cron: "0 2 * * *", timeZone: "Europe/Vienna", missed: "skip" } as const;
const { options, ...where } = run.spec;
const spec = { ...where, options: { ...options, mirror: { maxDelete: 1, maxShare: 0.5 } } };
const job = {
  ...{ id: jobId, name: "nightly", spec, schedule, enabled: true, createdAt: 1, nextRunAt: 2 },
  ...{ lastRunAt: null, lastRunId: null, note: "It was left out." },
};
const at = { endpointId: "a", repository: "app", reference: "v1" };
const sides = { sourceId: "a", destinationId: "b" };

type Sample<M extends MethodName> = {
  readonly input: MethodInput<M>;
  readonly output: MethodResult<M>;
};
const sample = <M extends MethodName>(input: MethodInput<M>, output: MethodResult<M>): Sample<M> => ({
  input,
  output,
});

const samples = {
  "runs.adjust": sample<"runs.adjust">({ runId: id, bandwidth: null, priority: -3 }, run),
  "runs.move": sample<"runs.move">({ runId: id, before: null }, run),
  "runs.report": sample<"runs.report">(
    { runId: id, format: "csv" },
    { fileName: "run.csv", mediaType: "text/csv", text: "a,b\r\n\u2028\u0000" },
  ),
  "hosts.list": sample<"hosts.list">({}, { hosts: [host] }),
  "hosts.adjust": sample<"hosts.adjust">({ host: host.host, bandwidth: null, adaptive: false }, host),
  "limits.get": sample<"limits.get">({}, limits),
  "limits.set": sample<"limits.set">(limits, limits),
  "jobs.list": sample<"jobs.list">({}, { jobs: [job] }),
  "jobs.get": sample<"jobs.get">({ jobId: job.id }, job),
  "jobs.save": sample<"jobs.save">({ name: "nightly", spec, schedule }, job),
  "jobs.remove": sample<"jobs.remove">({ jobId: job.id }, {}),
  "jobs.setEnabled": sample<"jobs.setEnabled">({ jobId: job.id, enabled: false }, job),
  "jobs.run": sample<"jobs.run">({ jobId: job.id }, run),
  "jobs.preview": sample<"jobs.preview">({ schedule, count: 2 }, { times: [1, 2] }),
  "compare.repositories": sample<"compare.repositories">(
    { ...sides, mapping: { kind: "strip", levels: 1, prefix: "" } },
    { rows: [{ source: "team/app", destination: null }], total: 1 },
  ),
  "compare.tags": sample<"compare.tags">(
    { ...sides, sourceRepository: "app", destinationRepository: "app", tags: { sets: [{ regex: "v." }] } },
    {
      missing: [{ tag: "v1", sourceDigest: digest }],
      different: [],
      extra: [{ tag: "v2", destinationDigest: null }],
      same: 3,
      counts: { missing: 1, different: 0, extra: 1 },
    },
  ),
  "compare.image": sample<"compare.image">(
    { source: at, destination: at },
    {
      ...{ equal: false, sourceDigest: digest, destinationDigest: null },
      parts: [
        { what: "layer", digest, mediaType: "text/plain", size: 2 ** 40, platform: null, at: "source" },
      ],
    },
  ),
  "image.attachments": sample<"image.attachments">(at, {
    attachments: [
      { digest, subject: digest, mediaType: "text/plain", artifactType: null, size: 3, tag: null },
    ],
  }),
} satisfies { readonly [M in MethodName]?: Sample<M> };

/** Answers every call with its sample, and remembers what arrived. */
function answering(arrived: Record<string, unknown>): Api<CallContext> {
  const answers = Object.entries(samples).map(([method, { output }]) => [
    method,
    async (params: unknown) => {
      arrived[method] = params;
      return output;
    },
  ]);
  return Object.fromEntries(answers);
}

it.each(["direct", "websocket", "ipc"] as const)("passes them whole over %s", async (name) => {
  const hub = new EventHub();
  const arrived: Record<string, unknown> = {};
  const transport = await transports[name]((pipe) =>
    serveClient(pipe, { api: answering(arrived), hub, log: silentLog }),
  );
  const client = new ContractClient(await transport.open());
  try {
    for (const [method, { input, output }] of Object.entries(samples)) {
      const known = method as keyof typeof samples;
      expect(await client.call(known, input as MethodInput<typeof known>), method).toEqual(output);
      expect(arrived[method], method).toEqual(methods[known].input.parse(input));
    }
    const heard: unknown[] = [];
    const onEvent = (event: string, data: unknown): void => void heard.push([event, data]);
    client.subscribe({ onEvent, onProgress: () => {}, onGap: () => {}, onClose: () => {} });
    await client.call("limits.get", {});
    hub.emit("host.changed", host);
    hub.emit("job.changed", job);
    hub.emit("job.removed", { jobId: job.id });
    await vi.waitFor(() => expect(heard.length).toBe(3));
    expect(heard).toEqual([
      ["host.changed", host],
      ["job.changed", job],
      ["job.removed", { jobId: job.id }],
    ]);
  } finally {
    client.close();
    hub.close();
    await transport.close();
  }
});

it("gives work that waits for registries a day: a limit that slows it down is no reason to fail", () => {
  for (const method of ["image.verify", "compare.tags"] as const)
    expect(methods[method].deadlineMs, method).toBe(24 * 3_600_000);
  expect(methods["tags.list"].deadlineMs).toBe(3_600_000);
});
