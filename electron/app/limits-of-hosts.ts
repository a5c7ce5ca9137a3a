// Limits of hosts that were changed by hand while they were worked with: kept, and stronger than what an endpoint's settings say.
import { z } from "zod";
import type { HostLimits } from "../engine/hosts.ts";
import type { Store } from "../store/store.ts";
import type { Log } from "./log.ts";

const key = "host-limits";
/** Hosts whose limits are kept; the one that was changed longest ago is forgotten first. */
const mostKept = 1000;

const keptSchema = z.record(
  z.string(),
  z.object({
    connections: z.number().int().min(1).max(64).optional(),
    adaptive: z.boolean().optional(),
    bandwidth: z.number().int().min(1024).nullable().optional(),
  }),
);

export class LimitsOfHosts {
  readonly #settings: Store["settings"];
  readonly #log: Pick<Log, "error">;

  constructor(settings: Store["settings"], log: Pick<Log, "error">) {
    this.#settings = settings;
    this.#log = log;
  }

  /** What was set for the host by hand, in this process or another; parts that never were are left out. */
  of(host: string): HostLimits {
    return this.#read().get(host) ?? {};
  }

  /** Adds to what was set before. */
  set(host: string, limits: HostLimits): void {
    const kept = this.#read();
    const merged = { ...kept.get(host), ...given(limits) };
    kept.delete(host);
    kept.set(host, merged);
    this.#write(kept);
  }

  /** The endpoint's settings were changed: the last word counts. */
  forget(host: string): void {
    const kept = this.#read();
    if (kept.delete(host)) this.#write(kept);
  }

  #write(kept: ReadonlyMap<string, HostLimits>): void {
    this.#settings.set(key, Object.fromEntries([...kept].slice(-mostKept)));
  }

  /** What a newer version may have written there is not understood here: then nothing is changed by it, and the log says so. */
  #read(): Map<string, HostLimits> {
    const read = keptSchema.safeParse(this.#settings.all()[key] ?? {});
    if (read.success) return new Map(Object.entries(read.data));
    this.#log.error({ err: read.error }, "the stored limits of hosts cannot be read; none are applied");
    return new Map();
  }
}

function given(limits: HostLimits): HostLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
