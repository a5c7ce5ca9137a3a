// A host's circuit breaker: after failures in a row it is left alone, then one request asks whether it is back (blocker R002).

export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly threshold: number;
  /** Milliseconds until the first question; doubled after each that failed. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** A host that has failed for so many milliseconds is given up: whoever waits for it fails. */
  readonly patience: number;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

export const defaultBreaker = {
  threshold: 5,
  firstPause: 2000,
  longestPause: 30_000,
  patience: 60_000,
} as const;

/** `ready` = the next request is the probe. */
export type BreakerState = "closed" | "open" | "ready" | "probing";

/** All times are milliseconds of one clock that never goes back; the caller names them. */
export class Breaker {
  readonly #options: BreakerOptions;
  #failures = 0;
  /** The first and the newest failure since the last answer. */
  #failingSince = 0;
  #failedAt = 0;
  #pause = 0;
  /** Undefined = closed. */
  #opensAt: number | undefined;
  #probing = false;
  #reached = false;
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
    const givenUp = this.#failingSince + this.#options.patience;
    const times = [this.#probing ? undefined : this.#opensAt, givenUp];
    const ahead = times.filter((time) => time !== undefined).filter((time) => time > now);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  /**
   * The host has failed for longer than patience: nobody should wait for it, though a probe goes now and then. One that was
   * never reached is most likely a wrong address and gets no patience.
   */
  isDown(now: number): boolean {
    if (this.#opensAt === undefined) return false;
    return !this.#reached || now - this.#failingSince >= this.#options.patience;
  }

  /** Nobody could ask for so many milliseconds (a computer slept): they are no part of an outage. */
  stoodStill(ms: number): void {
    this.#failingSince += ms;
    this.#failedAt += ms;
  }

  /** A request goes out; true where it is the probe, whose outcome must be told. Only where the state is `closed` or `ready`. */
  enter(now: number): boolean {
    const state = this.state(now);
    if (state === "closed") return false;
    if (state !== "ready") throw new Error(`a request went to a host whose breaker is ${state}`);
    this.#probing = true;
    return true;
  }

  /** The host answered, whatever it said. An answer to what was sent before it failed does not say that it is back. */
  answered(probe: boolean): void {
    if (this.#opensAt !== undefined && !probe) return;
    this.#reached = true;
    this.#failures = 0;
    this.#opensAt = undefined;
    this.#probing = false;
  }

  /** The newest failure was an answer (5xx), so that the next request may fare better and asking costs little. */
  get refuses(): boolean {
    return this.#refuses;
  }

  /** @param answered it was reached, but answered with a failure of its own. */
  failed(probe: boolean, now: number, answered = false): void {
    if (answered) this.#reached = true;
    if (this.#opensAt !== undefined && !probe) return;
    const { threshold, patience, firstPause, longestPause } = this.#options;
    // Failures with hours between them are not one outage.
    if (this.#failures > 0 && now - this.#failedAt > patience && !probe) this.#failures = 0;
    if (this.#failures === 0) this.#failingSince = now;
    this.#failures++;
    this.#failedAt = now;
    this.#refuses = answered;
    if (!probe && this.#failures < threshold) return;
    this.#pause = probe ? Math.min(longestPause, this.#pause * 2) : firstPause;
    this.#probing = false;
    this.#opensAt = now;
    // One bad repository must not be what everything else fails of: after patience each request may ask by itself.
    if (this.isDown(now)) this.#opensAt += answered ? 0 : this.#jittered(Math.min(this.#pause, firstPause));
    else this.#opensAt += this.#jittered(this.#pause);
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
