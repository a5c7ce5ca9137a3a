// One large layer between two real or fixture registries, with the engine in this process, stopped and taken up at will.
import { onTestFinished } from "vitest";
import { systemClock } from "../../electron/engine/clock.ts";
import { createEngineContext, type EngineContext } from "../../electron/engine/context.ts";
import { defaultTransfer, type TransferOptions } from "../../electron/engine/part-sizes.ts";
import { planRun } from "../../electron/engine/plan.ts";
import { type ImageEndpoint, Stopped, type StopReason } from "../../electron/engine/ports.ts";
import { replicateRun } from "../../electron/engine/replicate.ts";
import { Registry } from "../../electron/registry/registry.ts";
import { openStore } from "../../electron/store/open.ts";
import type { Store } from "../../electron/store/store.ts";
import { jobSpecSchema, type Run } from "../../shared/run.ts";
import { tempFolder } from "./temp.ts";

export function openRegistry(
  host: string,
  user?: { readonly username: string; readonly password: string },
): Registry {
  const registry = new Registry({
    settings: {
      host,
      plainHttp: "auto",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    },
    credentials: { get: async () => (user === undefined ? undefined : { kind: "password", ...user }) },
    userAgent: "freightliner-test",
  });
  onTestFinished(() => registry.close());
  return registry;
}

export class ResumeStage {
  readonly store: Store;
  readonly source: ImageEndpoint;
  readonly destination: ImageEndpoint;
  readonly #transfer: TransferOptions;
  #context: EngineContext;

  private constructor(
    store: Store,
    ends: { source: ImageEndpoint; destination: ImageEndpoint },
    transfer: TransferOptions,
  ) {
    this.store = store;
    this.source = ends.source;
    this.destination = ends.destination;
    this.#transfer = transfer;
    this.#context = this.#newContext();
  }

  static async open(
    ends: { source: ImageEndpoint; destination: ImageEndpoint },
    transfer: TransferOptions = defaultTransfer,
  ): Promise<ResumeStage> {
    const folder = await tempFolder("resume");
    const store = openStore({ file: `${folder.path}/test.db`, owner: "test", now: () => Date.now() });
    onTestFinished(async () => {
      store.close();
      await folder.remove();
    });
    return new ResumeStage(store, ends, transfer);
  }

  /** From here on everything is as after a restart: only the store remembers. */
  forgetEverything(): void {
    this.#context = this.#newContext();
  }

  #newContext(): EngineContext {
    return createEngineContext({
      journal: this.store.journal,
      clock: systemClock,
      listener: { imageChanged: () => undefined, progress: () => undefined },
      transfer: this.#transfer,
    });
  }

  async plan(repository: string): Promise<Run> {
    const selection = [{ kind: "image" as const, repository, reference: "v1" }];
    const spec = jobSpecSchema.parse({ sourceId: "src", destinationId: "dst", selection });
    const end = (id: string) => ({ id, name: id, address: id });
    const run = this.store.runs.insert({ spec, source: end("src"), destination: end("dst") });
    return planRun(this.#request(run), this.#context, new AbortController().signal);
  }

  /** Starts the run, or takes it up again; stopped when `until` resolves. */
  async run(run: Run, until?: Promise<unknown>, reason: StopReason = "user-pause"): Promise<Run> {
    if (run.state === "planned") this.store.runs.start(run.id, []);
    else this.store.runs.transition(run.id, "queued", null);
    const claimed = this.store.runs.claim(run.id);
    if (claimed === undefined) throw new Error("The run was not claimed.");
    const controller = new AbortController();
    void until?.then(() => controller.abort(new Stopped(reason)));
    return replicateRun({ ...this.#request(claimed), run: claimed }, this.#context, controller.signal);
  }

  #request(run: Run) {
    const { source, destination } = this;
    const { spec } = run;
    return { runId: run.id, spec, options: spec.options, source, destination, destinationId: "dst" };
  }
}
