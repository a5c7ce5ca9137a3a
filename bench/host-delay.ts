// Runs one copy in the built web host, over its WebSocket like a window does, and reads the event loop's delay from /metrics.
import { setTimeout as sleep } from "node:timers/promises";
import type { ContractClient } from "../shared/client.ts";
import type { Run } from "../shared/run.ts";
import { startBuiltHost } from "../test/support/built-host.ts";
import { tempFolder } from "../test/support/temp.ts";

export interface HostDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly seconds: number;
}

export interface DelayInput {
  readonly source: { readonly host: string };
  readonly destination: { readonly host: string };
  readonly repository: string;
  readonly tag: string;
}

export async function hostDelay(input: DelayInput): Promise<HostDelay> {
  await using home = await tempFolder("bench-host");
  const host = await startBuiltHost(home.path);
  try {
    const { client, origin } = host;
    const add = async (host: string): Promise<string> =>
      (await client.call("endpoints.add", { settings: { kind: "registry", host, plainHttp: "always" } })).id;
    const sourceId = await add(input.source.host);
    const destinationId = await add(input.destination.host);
    const selection = [{ kind: "image" as const, repository: input.repository, reference: input.tag }];
    const planned = await client.call("runs.plan", { sourceId, destinationId, selection });
    await until(client, planned.id, "planned");
    await fetch(`${origin}/metrics`); // starts a new measurement
    const started = performance.now();
    await client.call("runs.start", { runId: planned.id });
    await until(client, planned.id, "succeeded");
    const seconds = (performance.now() - started) / 1000;
    const text = await (await fetch(`${origin}/metrics`)).text();
    const quantile = (name: string): number =>
      1000 * Number(new RegExp(`event_loop_delay_seconds\\{quantile="${name}"\\} (\\S+)`).exec(text)?.[1]);
    return { p50Ms: quantile("0.5"), p99Ms: quantile("0.99"), seconds };
  } finally {
    await host.stop();
  }
}

async function until(client: ContractClient, runId: string, state: Run["state"]): Promise<void> {
  for (;;) {
    const run = await client.call("runs.get", { runId });
    if (run.state === state) return;
    if (run.state === "failed") throw new Error(`The run failed: ${JSON.stringify(run.error)}`);
    await sleep(50);
  }
}
