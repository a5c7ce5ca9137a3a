// A whole run in one process: two memory endpoints, the real store, and everything the engine told.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { z } from "zod";
import {
  createEngineContext,
  type EngineContext,
  type EngineParts,
  type TransferProgress,
} from "../../electron/engine/context.ts";
import { ManifestCache } from "../../electron/engine/manifest-cache.ts";
import type { TransferOptions } from "../../electron/engine/part-sizes.ts";
import { planRun } from "../../electron/engine/plan.ts";
import { PlanSights } from "../../electron/engine/plan-sights.ts";
import type { Clock, RunRequest } from "../../electron/engine/ports.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store } from "../../electron/store/store.ts";
import { jobSpecSchema, type Run, type RunImage } from "../../shared/run.ts";
import { MemoryEndpoint } from "./memory-endpoint.ts";

/** Time that runs a hundred times faster, and chance that is always the middle. */
export function quickClock(): Clock & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => 0.5,
    async sleep(ms, signal) {
      sleeps.push(ms);
      signal.throwIfAborted();
      await wait(Math.min(ms / 100, 20), undefined, { signal }).catch(() => signal.throwIfAborted());
    },
  };
}

export interface Harness {
  readonly store: Store;
  /** The database file, for another process's store. */
  readonly file: string;
  readonly source: MemoryEndpoint;
  readonly destination: MemoryEndpoint;
  readonly context: EngineContext;
  readonly clock: Clock;
  readonly progress: TransferProgress[];
  readonly images: RunImage[];
  readonly never: AbortSignal;
  plan(spec: SpecInput, signal?: AbortSignal): Promise<Run>;
  /** Starts what was planned and runs it. */
  run(planned: Run, signal?: AbortSignal): Promise<Run>;
  planAndRun(spec: SpecInput, signal?: AbortSignal): Promise<Run>;
  rows(run: Run): readonly RunImage[];
  /** From here on as in another process: nothing is known of what the plan saw but what the journal says. */
  forgetPlans(): void;
  /** One more process or context on the same store and endpoints. */
  request(run: Run): RunRequest;
}

export type SpecInput = Omit<z.input<typeof jobSpecSchema>, "sourceId" | "destinationId">;

export interface HarnessOptions {
  readonly clock?: Clock;
  readonly sameHost?: boolean;
  readonly slots?: number;
  readonly patience?: EngineParts["patience"];
  readonly transfer?: TransferOptions;
}

export function harness(options: HarnessOptions = {}): Harness {
  const clock = options.clock ?? quickClock();
  const folder = mkdtempSync(join(tmpdir(), "freightliner-engine-"));
  const file = join(folder, "test.db");
  const store = openStore({ file, owner: "test", now: () => Date.now() });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const source = new MemoryEndpoint("source.test:5000");
  const destination = options.sameHost === true ? source : new MemoryEndpoint("destination.test:5000");
  for (const id of ["src", "dst"])
    store.endpoints.insert({
      id,
      name: id,
      settings: {
        kind: "registry",
        host: `${id}.test`,
        plainHttp: "auto",
        insecureSkipVerify: false,
        trustedTokenHosts: [],
        connections: 8,
      },
      sample: false,
      temporary: false,
      username: null,
      health: { state: "unknown", checkedAt: null, steps: [] },
      capabilities: null,
    });
  const progress: TransferProgress[] = [];
  const images: RunImage[] = [];
  const context = createEngineContext({
    journal: store.journal,
    clock,
    requestsAtOnce: options.slots ?? 8,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.transfer === undefined ? {} : { transfer: options.transfer }),
    listener: {
      imageChanged: (image) => images.push(image),
      progress: (one) => progress.push(one),
    },
  });
  const never = new AbortController().signal;
  const request = (run: Run): RunRequest => ({
    runId: run.id,
    spec: run.spec,
    options: run.spec.options,
    source,
    destination,
    destinationId: "dst",
    run,
  });
  const plan = async (input: SpecInput, signal = never): Promise<Run> => {
    const spec = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", ...input });
    const end = (id: string) => ({ id, name: id, address: `${id}.test` });
    const inserted = store.runs.insert({ spec, source: end("src"), destination: end("dst") });
    return planRun(request(inserted), context, signal);
  };
  const run = async (planned: Run, signal = never): Promise<Run> => {
    if (planned.state === "planned") store.runs.start(planned.id, []);
    const claimed = store.runs.claim(planned.id);
    if (claimed === undefined) throw new Error(`the run is ${store.runs.get(planned.id).state}`);
    return replicateRun(request(claimed), context, signal);
  };
  return {
    store,
    file,
    source,
    destination,
    context,
    clock,
    progress,
    images,
    never,
    plan,
    run,
    forgetPlans: () =>
      void Object.assign(context, {
        manifests: new ManifestCache(clock),
        sights: new PlanSights(clock, store.journal),
      }),
    planAndRun: async (spec, signal) => run(await plan(spec, signal), signal),
    rows: (of) => store.runs.images(of.id, { offset: 0, limit: 1000 }).images,
    request,
  };
}

/** Repositories by pattern with tags by pattern, the most usual selection. */
export function everything(include: readonly string[] = []): SpecInput {
  return {
    selection: [{ kind: "repositories", include: [...include], tags: {} }],
  };
}

export function image(repository: string, reference: string): SpecInput["selection"][number] {
  return { kind: "image", repository, reference };
}
