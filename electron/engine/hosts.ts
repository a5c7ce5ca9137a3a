// The one way every request of the engine goes: each host's door, slots and limits, one set per process.
import { FreightlinerError, type Side } from "../../shared/errors.ts";
import type { HostQuota, HostStatus } from "../../shared/host.ts";
import { Bandwidth } from "./bandwidth.ts";
import { type BreakerOptions, defaultBreaker, type Waiter } from "./breaker.ts";
import {
  type HostCounts,
  HostGate,
  type Outcome,
  type Outlook,
  type Pass,
  type Passing,
} from "./host-gate.ts";
import { HostSlots, type SlotsInUse, type SlotsRequest } from "./host-slots.ts";
import { type Verdict, verdictOf } from "./host-verdict.ts";
import type { Clock } from "./ports.ts";
import { defaultPullQuota, type PullQuotaOptions } from "./pull-quota.ts";

/** A body that is on its way for so long as a probe has shown that the host is back; longer than a connection may take. */
const longProbe = 15_000;

export interface HostsOptions {
  readonly clock: Clock;
  readonly bandwidth?: Bandwidth;
  /** The most requests at once to a host without a limit of its own, at least 1. */
  readonly defaultLimit?: number;
  readonly breaker?: Partial<Omit<BreakerOptions, "random">>;
  readonly quota?: Partial<PullQuotaOptions>;
}

export interface HostRequest extends SlotsRequest {
  /** It counts against a pull limit, as a GET of a manifest does. */
  readonly counted?: boolean;
  /** The caller holds slots of these hosts already and only passes their doors. */
  readonly inSlot?: boolean;
  /** How long it waits for a host that fails; a call where it is not said. */
  readonly waiter?: Waiter;
}

export interface HostLimits {
  /** The most requests at once. */
  readonly connections?: number | undefined;
  /** False = always the most. */
  readonly adaptive?: boolean | undefined;
  /** Bytes per second, both directions together; null = no limit. */
  readonly bandwidth?: number | null | undefined;
}

interface Entered {
  readonly gate: HostGate;
  readonly pass: Pass;
}

export class Hosts {
  readonly #options: HostsOptions;
  /** What limits the bytes of every host, of each run and of all together. */
  readonly bandwidth: Bandwidth;
  readonly #slots: HostSlots;
  readonly #gates = new Map<string, HostGate>();
  readonly #listeners = new Set<(host: string) => void>();

  constructor(options: HostsOptions) {
    this.#options = options;
    this.#slots = new HostSlots({ defaultLimit: this.#defaultLimit });
    this.bandwidth = options.bandwidth ?? new Bandwidth(options);
  }

  /** Applied at once. What runs above a lowered limit finishes first. */
  configure(host: string, limits: HostLimits): void {
    const gate = this.#gate(host);
    const { connections = gate.limit.most, adaptive = gate.limit.adaptive, bandwidth } = limits;
    gate.limit.configure(connections, adaptive);
    if (bandwidth !== undefined) this.bandwidth.limitHost(host, bandwidth);
    this.#follow(gate);
    this.#tell(host);
  }

  /** An answer of the host told how many pulls are left, and perhaps in how many milliseconds there are more. */
  learnQuota(host: string, figures: HostQuota, resetsInMs?: number): void {
    this.#gate(host).learnQuota(figures, resetsInMs);
  }

  /** It was asked or configured before. */
  knows(host: string): boolean {
    return this.#gates.has(host);
  }

  inUse(host: string): SlotsInUse {
    return this.#slots.inUse(host);
  }

  /** `resting` = it fails and is left alone for a while; `down` = for so long that this waiter should not wait for it. */
  outlook(host: string, waiter: Waiter): Outlook {
    return this.#gate(host).outlook(waiter);
  }

  /** It answered this process as it should, some time: its address is right. */
  served(host: string): boolean {
    return this.#gate(host).served;
  }

  counts(host: string): HostCounts {
    return this.#gate(host).counts;
  }

  /** How it stands with a host; one that was never heard of has its defaults. */
  status(host: string): HostStatus {
    const { limit, state, waiting } = this.#gate(host);
    return {
      host,
      limit: limit.limit,
      most: limit.most,
      adaptive: limit.adaptive,
      ...this.inUse(host),
      waiting: waiting + this.#slots.waiting(host),
      ...state,
      bandwidth: this.bandwidth.limitOf(host),
      bytesPerSecond: Math.round(this.bandwidth.speedOf(host)),
      latencyMs: limit.latencyMs === null ? null : Math.round(limit.latencyMs),
    };
  }

  /** Every host that was asked or configured, by name. */
  list(): readonly HostStatus[] {
    return [...this.#gates.keys()].sort().map((host) => this.status(host));
  }

  /** Called often, with the host of which something changed; it must return at once. Returns how to stop that. */
  onChange(listener: (host: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs one request: waits until no host of it asked for a pause or fails, then for slots, and learns from the outcome. Of
   * two hosts the source comes first; an error that does not say `source` is the last one's.
   * @throws what `work` throws; what a host failed with last, where it was given up; the signal's reason.
   */
  async within<T>(request: HostRequest, work: () => Promise<T>): Promise<T> {
    const gates = [...new Set(request.hosts)].map((host) => this.#gate(host));
    const { entered, release } = await this.#throughDoors(gates, request);
    try {
      return await this.#run(entered, request, work);
    } finally {
      release();
      for (const { host } of gates) this.#tell(host);
    }
  }

  async #throughDoors(
    gates: readonly HostGate[],
    request: HostRequest,
  ): Promise<{ readonly entered: readonly Entered[]; readonly release: () => void }> {
    const { counted = false } = request;
    const small = request.lane === "small";
    if (small) for (const gate of gates) gate.approached(counted);
    try {
      for (;;) {
        if (!this.#areOpen(gates, request)) await this.#untilOpen(gates, request);
        const release = request.inSlot === true ? () => undefined : await this.#slots.acquire(request);
        const entered = this.#enter(gates, request);
        if (entered !== undefined) return { entered, release };
        // A door was shut while this one waited for slots.
        release();
      }
    } finally {
      if (small) for (const gate of gates) gate.arrived(counted);
    }
  }

  async #untilOpen(gates: readonly HostGate[], request: HostRequest): Promise<void> {
    const passing = passingOf(request);
    for (;;) {
      const shut = gates.find((gate) => !gate.mayEnter(passing));
      if (shut === undefined) return;
      this.#tell(shut.host);
      try {
        await shut.wait(passing.waiter, request.signal);
      } catch (error) {
        throw error instanceof FreightlinerError ? error.at(sideOf(gates, shut)) : error;
      }
    }
  }

  #areOpen(gates: readonly HostGate[], request: HostRequest): boolean {
    const passing = passingOf(request);
    return gates.every((gate) => gate.mayEnter(passing));
  }

  /** All doors or none, without anything in between. */
  #enter(gates: readonly HostGate[], request: HostRequest): readonly Entered[] | undefined {
    if (!this.#areOpen(gates, request)) return undefined;
    const passing = passingOf(request);
    return gates.map((gate) => {
      this.#tell(gate.host);
      return { gate, pass: gate.enter(passing) };
    });
  }

  async #run<T>(entered: readonly Entered[], request: HostRequest, work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const began = clock.monotonic();
    const stop = request.lane === "bulk" ? this.#watchProbes(entered) : undefined;
    try {
      const result = await work();
      for (const one of entered) {
        this.#left(one, { verdict: "answered" });
        this.#measure(one.gate, request.lane === "small" ? clock.monotonic() - began : undefined);
      }
      return result;
    } catch (error) {
      this.#blame(entered, error);
      throw error;
    } finally {
      stop?.();
    }
  }

  /** Returns how to stop the watch; undefined where no probe is among them. */
  #watchProbes(entered: readonly Entered[]): (() => void) | undefined {
    const probes = entered.filter(({ pass }) => pass.probe);
    if (probes.length === 0) return undefined;
    const done = new AbortController();
    this.#options.clock.sleep(longProbe, done.signal).then(
      () => {
        for (const { gate, pass } of probes) gate.stillRuns(pass);
      },
      // It ended before.
      () => undefined,
    );
    return () => done.abort(new Error("the probe ended"));
  }

  /** An error is one host's; of the other it says nothing. */
  #blame(entered: readonly Entered[], thrown: unknown): void {
    const error = thrown instanceof FreightlinerError ? thrown : undefined;
    const verdict: Verdict = error === undefined ? "none" : verdictOf(error);
    const guilty = error?.side === "source" ? entered[0] : entered.at(-1);
    for (const one of entered) this.#left(one, one === guilty ? { verdict, error } : { verdict: "none" });
  }

  #left({ gate, pass }: Entered, outcome: Outcome): void {
    gate.left(pass, outcome);
    this.#follow(gate);
  }

  #measure(gate: HostGate, latencyMs: number | undefined): void {
    const { host } = gate;
    const { bulk, small } = this.inUse(host);
    const saturated = this.#slots.waiting(host) > 0 && bulk + small >= gate.limit.limit - 1;
    gate.limit.measured({ latencyMs, bytes: this.bandwidth.bytesOf(host), saturated }, gate.now);
    this.#follow(gate);
  }

  /** The slots follow what the measurements decided. */
  #follow(gate: HostGate): void {
    gate.limitChanged();
    this.#slots.setLimit(gate.host, gate.limit.limit);
  }

  get #defaultLimit(): number {
    return this.#options.defaultLimit ?? 8;
  }

  #gate(host: string): HostGate {
    let gate = this.#gates.get(host);
    if (gate !== undefined) return gate;
    gate = new HostGate({
      host,
      clock: this.#options.clock,
      most: this.#defaultLimit,
      breaker: { ...defaultBreaker, ...this.#options.breaker },
      quota: { ...defaultPullQuota, ...this.#options.quota },
      onChange: () => this.#tell(host),
    });
    this.#gates.set(host, gate);
    this.#slots.setLimit(host, gate.limit.limit);
    return gate;
  }

  #tell(host: string): void {
    for (const listener of this.#listeners) listener(host);
  }
}

function passingOf({ lane, counted = false, waiter = "call" }: HostRequest): Passing {
  return { lane, counted, waiter };
}

/** Of two hosts the first is the source's; of one, whoever asked knows the side. */
function sideOf(gates: readonly HostGate[], gate: HostGate): Side {
  if (gates.length < 2) return "local";
  return gate === gates[0] ? "source" : "destination";
}
