// The two sample registries: made on request, started again with the program, kept as ordinary endpoints.
import { join } from "node:path";
import type { startSamples } from "../samples/samples.ts";
import type { Store, StoredEndpoint } from "../store/store.ts";
import { newEndpointId } from "./endpoint-id.ts";

type RunningSamples = Awaited<ReturnType<typeof startSamples>>;

export interface SampleKeeperOptions {
  readonly store: Store;
  /** Where the sample images are kept. */
  readonly folder: string;
  /** The endpoint's address changed: what was open to the old one must go. */
  readonly onChanged: (stored: StoredEndpoint) => void;
}

export class SampleKeeper {
  readonly #options: SampleKeeperOptions;
  #running: Promise<RunningSamples> | undefined;

  constructor(options: SampleKeeperOptions) {
    this.#options = options;
  }

  /** True where an earlier start made samples, which then run with every start. */
  get wanted(): boolean {
    return this.#saved().length > 0;
  }

  /** Starts both registries, if they do not run, and returns their endpoints. */
  async start(): Promise<readonly StoredEndpoint[]> {
    this.#running ??= this.#launch();
    try {
      const { registries } = await this.#running;
      return registries.map((registry) => this.#save(registry.name, registry.host));
    } catch (thrown) {
      this.#running = undefined;
      throw thrown;
    }
  }

  async close(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    // A start that failed has nothing to close; its error went to the caller of start.
    const samples = await running?.catch(() => undefined);
    await samples?.close();
  }

  #saved(): readonly StoredEndpoint[] {
    return this.#options.store.endpoints.list().filter((stored) => stored.sample);
  }

  async #launch(): Promise<RunningSamples> {
    const ports = this.#saved()
      .map((stored) =>
        stored.settings.kind === "registry" ? Number(stored.settings.host.split(":").at(-1)) : 0,
      )
      .filter((port) => port > 0);
    const [first, second] = ports;
    const known = first !== undefined && second !== undefined ? { ports: [first, second] as const } : {};
    // Loaded where they are wanted: a server's parts cost every command 20 ms at its start.
    const { startSamples } = await import("../samples/samples.ts");
    return startSamples({ folder: this.#options.folder, ...known });
  }

  #save(name: string, host: string): StoredEndpoint {
    const { store, onChanged } = this.#options;
    const before = this.#saved().find((stored) => stored.name === name);
    if (before?.settings.kind === "registry" && before.settings.host === host) return before;
    const settings: StoredEndpoint["settings"] = {
      kind: "registry",
      host,
      plainHttp: "always",
      insecureSkipVerify: false,
      trustedTokenHosts: [],
      connections: 8,
    };
    const health = { state: "ok" as const, checkedAt: null, steps: [] };
    const stored: StoredEndpoint =
      before === undefined
        ? {
            id: newEndpointId(),
            name,
            settings,
            sample: true,
            temporary: false,
            username: null,
            health,
            capabilities: null,
          }
        : { ...before, settings };
    if (before === undefined) store.endpoints.insert(stored);
    else store.endpoints.update(stored);
    onChanged(stored);
    return stored;
  }
}

/** The samples' folder inside the data folder. */
export function samplesFolder(home: string): string {
  return join(home, "samples");
}
