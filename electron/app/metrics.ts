// Counters of this process in the Prometheus text format: https://prometheus.io/docs/instrumenting/exposition_formats/
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HostStatus } from "../../shared/host.ts";
import { type Run, runStates } from "../../shared/run.ts";
import type { HostCounts } from "../engine/host-gate.ts";

/** The event loop is looked at so often, in milliseconds; the histogram counts that pause too, so it is taken off again. */
const sampleMs = 10;

type MetricKind = "counter" | "gauge";

function metric(
  name: string,
  kind: MetricKind,
  help: string,
  samples: readonly (readonly [labels: string, value: number])[],
): string {
  const lines = samples.map(([labels, value]) => `freightliner_${name}${labels} ${value}`);
  return [`# HELP freightliner_${name} ${help}`, `# TYPE freightliner_${name} ${kind}`, ...lines].join("\n");
}

export type HostFigures = HostStatus & HostCounts;

/** Hosts are few: those that this process has talked to. */
function hostMetrics(hosts: readonly HostFigures[]): readonly string[] {
  const each = (read: (host: HostFigures) => number): [string, number][] =>
    hosts.map((host) => [`{host=${JSON.stringify(host.host)}}`, read(host)]);
  return [
    metric(
      "host_requests",
      "gauge",
      "Requests on their way.",
      each((host) => host.bulk + host.small),
    ),
    metric(
      "host_requests_waiting",
      "gauge",
      "Requests that wait for a host.",
      each((host) => host.waiting),
    ),
    metric(
      "host_request_limit",
      "gauge",
      "Requests allowed at once now.",
      each((host) => host.limit),
    ),
    metric(
      "host_breaker_open",
      "gauge",
      "1 while a host does not answer and is left alone.",
      each((host) => (host.state === "open" || host.state === "probing" ? 1 : 0)),
    ),
    metric(
      "host_breaker_opened_total",
      "counter",
      "How often that began.",
      each((host) => host.opened),
    ),
    metric(
      "host_throttles_total",
      "counter",
      "Answers that asked for a pause.",
      each((host) => host.throttles),
    ),
    metric(
      "host_failures_total",
      "counter",
      "Requests that a host failed.",
      each((host) => host.failures),
    ),
  ];
}

export class Metrics {
  readonly #delay = monitorEventLoopDelay({ resolution: sampleMs });
  readonly #runs = new Map<string, number>();
  #images = { succeeded: 0, skipped: 0, failed: 0 };
  #bytes = { transferred: 0, present: 0, mounted: 0 };
  #retries = 0;
  /** What was counted of a run before, so that a resumed run is not counted twice. */
  readonly #counted = new Map<string, Run["tallies"]>();

  constructor() {
    this.#delay.enable();
  }

  /** Adds what a run did since it was counted last. */
  countRun(run: Run): void {
    const before = this.#counted.get(run.id);
    const now = run.tallies;
    this.#runs.set(run.state, (this.#runs.get(run.state) ?? 0) + 1);
    this.#images = {
      succeeded: this.#images.succeeded + now.imagesSucceeded - (before?.imagesSucceeded ?? 0),
      skipped: this.#images.skipped + now.imagesSkipped - (before?.imagesSkipped ?? 0),
      failed: this.#images.failed + Math.max(0, now.imagesFailed - (before?.imagesFailed ?? 0)),
    };
    this.#bytes = {
      transferred: this.#bytes.transferred + now.bytesTransferred - (before?.bytesTransferred ?? 0),
      present: this.#bytes.present + now.bytesPresent - (before?.bytesPresent ?? 0),
      mounted: this.#bytes.mounted + now.bytesMounted - (before?.bytesMounted ?? 0),
    };
    this.#retries += now.retries - (before?.retries ?? 0);
    this.#counted.set(run.id, now);
  }

  /** The run was counted by an earlier process up to here. */
  knowRun(run: Run): void {
    if (!this.#counted.has(run.id)) this.#counted.set(run.id, run.tallies);
  }

  render(activeRuns: number, hosts: readonly HostFigures[] = []): string {
    const delay = (percentile: number): number =>
      Math.max(0, this.#delay.percentile(percentile) / 1e9 - sampleMs / 1000);
    const [median, tail] = [delay(50), delay(99)];
    this.#delay.reset();
    return `${[
      metric("runs_active", "gauge", "Runs worked on now.", [["", activeRuns]]),
      metric(
        "runs_ended_total",
        "counter",
        "Runs that left the state running, by the state they went to.",
        runStates
          .filter((state) => this.#runs.has(state))
          .map((state) => [`{state="${state}"}`, this.#runs.get(state) ?? 0]),
      ),
      metric(
        "images_total",
        "counter",
        "Images of ended runs, by how they ended.",
        Object.entries(this.#images).map(([state, value]) => [`{state="${state}"}`, value]),
      ),
      metric(
        "blob_bytes_total",
        "counter",
        "Bytes of blobs in ended runs: sent, found at the destination, or mounted there.",
        Object.entries(this.#bytes).map(([outcome, value]) => [`{outcome="${outcome}"}`, value]),
      ),
      metric("retries_total", "counter", "Operations that were tried again.", [["", this.#retries]]),
      metric("event_loop_delay_seconds", "gauge", "Delay of the event loop since the last scrape.", [
        ['{quantile="0.5"}', median],
        ['{quantile="0.99"}', tail],
      ]),
      ...(hosts.length === 0 ? [] : hostMetrics(hosts)),
      metric("resident_memory_bytes", "gauge", "Memory of this process.", [["", process.memoryUsage.rss()]]),
    ].join("\n")}\n`;
  }

  close(): void {
    this.#delay.disable();
  }
}
