// Runs of the engine whose destination or source is reached over HTTP, by the real client.
import { onTestFinished } from "vitest";
import type { Credential } from "../../electron/engine/credential.ts";
import { planRun } from "../../electron/engine/plan.ts";
import type { ImageEndpoint } from "../../electron/engine/ports.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { Registry, type RegistryOptions } from "../../electron/registry/registry.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";
import {
  type FixtureOptions,
  type FixtureRegistry,
  startFixtureRegistry,
} from "../support/fixture-registry.ts";
import type { Harness, SpecInput } from "./harness.ts";

export async function fixture(options: FixtureOptions = {}): Promise<FixtureRegistry> {
  const started = await startFixtureRegistry(options);
  onTestFinished(() => started.stop());
  return started;
}

export function client(
  host: string,
  credential?: Credential,
  options: Pick<RegistryOptions, "onQuota"> = {},
): Registry {
  const registry = new Registry({
    settings: {
      host,
      plainHttp: "always",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    },
    credentials: { get: async () => credential },
    userAgent: "freightliner-test",
    // What is given up is given back within this time, also where nobody answers.
    deadlines: { cancelMs: 200 },
    ...options,
  });
  onTestFinished(() => registry.close());
  return registry;
}

export interface Ends {
  readonly source?: ImageEndpoint;
  readonly destination?: ImageEndpoint;
}

export function planBetween(h: Harness, ends: Ends, input: SpecInput, signal = h.never): Promise<Run> {
  const spec = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...input });
  const end = (id: string) => ({ id, name: id, address: `${id}.test` });
  const run = h.store.runs.insert({ spec, source: end("src"), destination: end("dst") });
  return planRun({ ...h.request(run), ...ends }, h.context, signal);
}

export function runBetween(h: Harness, ends: Ends, planned: Run, signal = h.never): Promise<Run> {
  h.store.runs.start(planned.id, []);
  const run = h.store.runs.claim(planned.id);
  if (run === undefined) throw new Error(`the run is ${h.store.runs.get(planned.id).state}`);
  return replicateRun({ ...h.request(run), ...ends }, h.context, signal);
}
