// A host's circuit breaker: after failures in a row it is left alone, then one request asks whether it is back (blocker R002).

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** Milliseconds until the first question; doubled after each that failed. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** Calls give a host up that has failed for so many milliseconds: whoever waits for it fails. */
  readonly patience: number;
  /** Runs give it up after so many, where it has served this process before and nothing reaches it now. */
  readonly outage: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export const defaultBreaker = {
  threshold: 5,
  firstPause: 2000,
  longestPause: 30_000,
  patience: 60_000,
  outage: 15 * 60_000,
} as const;

/** Who waits: a `call` has somebody sitting before it, a `run` would rather take longer than fail. */
export type Waiter = "call" | "run";

/**
 * How a request failed: `none` = nothing came back, `gateway` = what stands before the host could not reach it (502, 503,
 * 504), `refusal` = the host itself said that it failed.
 */
export type FailedAnswer = "none" | "gateway" | "refusal";

/** `ready` = the next request is the probe. */
export type BreakerState = "closed" | "open" | "ready" | "probing";

/** All times are milliseconds of one clock that never goes back; the caller names them. */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  /** The first and the newest failure since the last answer. */
  #failingSince = 0;
  #failedAt = 0;
  /** The first of the refusals in a row up to now. */
  #refusingSince = 0;
  #pause = 0;
  /** Undefined = closed. */
  #opensAt: number | undefined;
  #probing = false;
  /** Something came back from there, be it from a gateway; and it answered as it should. */
  #reached = false;
  #served = false;
  #refuses = false;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  state(now: number): BreakerState {
    if (this.#opensAt === undefined) return "closed";
    if (this.#probing) return "probing";
    return now < this.#opensAt ? "open" : "ready";
  }

  /** When the next request may ask; undefined while closed. */
  get opensAt(): number | undefined {
    return this.#opensAt;
  }

  /** When the state or `isDown` changes by itself; undefined where only an outcome can change it. */
  nextChange(now: number): number | undefined {
    if (this.#opensAt === undefined) return undefined;
    const times = [
      this.#probing ? undefined : this.#opensAt,
      this.#givenUpAt("call"),
      this.#givenUpAt("run"),
    ];
    const ahead = times.filter((time) => time !== undefined).filter((time) => time > now);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  /** It answered this process as it should, some time. */
  get served(): boolean {
    return this.#served;
  }

  /**
   * The host has failed for so long that this waiter should not wait for it, though a probe goes now and then. One that
   * was never reached is most likely a wrong address and gets no patience.
   */
  isDown(now: number, waiter: Waiter): boolean {
    return this.#opensAt !== undefined && now >= this.#givenUpAt(waiter);
  }

  /** A host that says itself that it fails may do so for one bad repository alone, so that waiting long helps nobody. */
  #givenUpAt(waiter: Waiter): number {
    if (!this.#reached) return Number.NEGATIVE_INFINITY;
    const { patience, outage } = this.#options;
    if (waiter === "call") return this.#failingSince + patience;
    const lasting = this.#failingSince + outage;
    if (!this.#served) return Math.min(lasting, this.#failingSince + patience);
    return this.#refuses ? Math.min(lasting, this.#refusingSince + patience) : lasting;
  }

  /** Nobody could ask for so many milliseconds (a computer slept): they are no part of an outage. */
  stoodStill(ms: number): void {
    this.#failingSince += ms;
    this.#refusingSince += ms;
    this.#failedAt += ms;
  }

  /** A call that would not wait any more may ask earlier than it is a run's turn: somebody sits before it. */
  admits(now: number, waiter: Waiter): boolean {
    const state = this.state(now);
    if (state !== "open") return state !== "probing";
    return waiter === "call" && this.isDown(now, waiter) && now - this.#failedAt >= this.#options.firstPause;
  }

  /** A request goes out; true where it is the probe, whose outcome must be told. Only where it `admits` it. */
  enter(now: number, waiter: Waiter): boolean {
    const state = this.state(now);
    if (state === "closed") return false;
    if (!this.admits(now, waiter)) throw new Error(`a request went to a host whose breaker is ${state}`);
    this.#notAskedSince(this.#opensAt ?? now, now);
    this.#probing = true;
    return true;
  }

  /** Nobody wanted anything for so long that what was before says nothing of now: its next failure begins another outage. */
  #notAskedSince(since: number, now: number): void {
    if (now - since < this.#options.patience) return;
    this.#failingSince = now;
    this.#refusingSince = now;
  }

  /** The host answered, whatever it said. An answer to what was sent before it failed does not say that it is back. */
  answered(probe: boolean): void {
    if (this.#opensAt !== undefined && !probe) return;
    this.#reached = true;
    this.#served = true;
    this.#failures = 0;
    this.#opensAt = undefined;
    this.#probing = false;
  }

  /** The newest failure was the host's own answer, so that the next request may fare better and asking costs little. */
  get refuses(): boolean {
    return this.#refuses;
  }

  failed(probe: boolean, now: number, answer: FailedAnswer = "none"): void {
    if (answer !== "none") this.#reached = true;
    if (this.#opensAt !== undefined && !probe) return;
    const { threshold, patience, firstPause, longestPause } = this.#options;
    // Failures with hours between them are not one outage.
    if (this.#failures > 0 && now - this.#failedAt > patience && !probe) this.#failures = 0;
    if (this.#failures === 0) this.#failingSince = now;
    if (this.#failures === 0 || !this.#refuses) this.#refusingSince = now;
    this.#failures++;
    this.#failedAt = now;
    this.#refuses = answer === "refusal";
    if (!probe && this.#failures < threshold) return;
    this.#pause = probe ? Math.min(longestPause, this.#pause * 2) : firstPause;
    this.#probing = false;
    this.#opensAt = now;
    // One bad repository must not be what everything else fails of: after patience each request may ask by itself.
    if (!this.isDown(now, "run")) this.#opensAt += this.#jittered(this.#pause);
    else this.#opensAt += this.#refuses ? 0 : this.#jittered(Math.min(this.#pause, firstPause));
  }

  /** The probe was stopped before it had an outcome: the next request may ask. */
  abandoned(probe: boolean): void {
    if (probe) this.#probing = false;
  }

  /** Many that wait for one host in many processes should not come back together. */
  #jittered(pause: number): number {
    return pause * (0.75 + this.#options.random() / 2);
  }
}
