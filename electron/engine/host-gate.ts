// One host's door: nothing goes out while it asked for a pause, does not answer, or has no pulls left.
import { FreightlinerError } from "../../shared/errors.ts";
import type { HostQuota, HostStatus } from "../../shared/host.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import { Bell } from "./bell.ts";
import { Breaker, type BreakerOptions, type Waiter } from "./breaker.ts";
import { failedAnswerOf, failureWords } from "./host-failure.ts";
import type { Verdict } from "./host-verdict.ts";
import type { Clock } from "./ports.ts";
import { PullQuota, type PullQuotaOptions } from "./pull-quota.ts";

/** The longest wait that a registry's Retry-After is granted, and those of our own where it names none; milliseconds. */
const longestAskedPause = 10 * 60_000;
const firstPause = 1000;
const longestPause = 60_000;

export interface HostGateOptions {
  readonly host: string;
  readonly clock: Clock;
  readonly most: number;
  readonly breaker: Omit<BreakerOptions, "random">;
  readonly quota: PullQuotaOptions;
  /** Something that `status` tells is different. */
  readonly onChange: () => void;
}

export interface Passing {
  readonly lane: "bulk" | "small";
  /** It counts against a pull limit. */
  readonly counted: boolean;
  readonly waiter: Waiter;
}

/** A request that went out, until `left` is told how it ended. */
export interface Pass {
  probe: boolean;
  readonly counted: number | undefined;
  /** Milliseconds of the gate's clock. */
  readonly sentAt: number;
  /** What went out together is refused together: that is one refusal. */
  readonly round: number;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly error?: FreightlinerError | undefined;
}

export type Outlook = "up" | "resting" | "down";

/** Counted since the process began. */
export interface HostCounts {
  readonly throttles: number;
  readonly failures: number;
  readonly opened: number;
}

export class HostGate {
  readonly host: string;
  readonly limit: AdaptiveLimit;
  readonly #options: HostGateOptions;
  readonly #breaker: Breaker;
  readonly #quota: PullQuota;
  readonly #bell: Bell;
  readonly #counts = { throttles: 0, failures: 0, opened: 0 };
  #notBefore = Number.NEGATIVE_INFINITY;
  #round = 0;
  #throttles = 0;
  #lastError: FreightlinerError | undefined;
  #reason: string | null = null;
  #limitReason: string | null = null;
  /** Small requests on their way to the door, and those of them that count against a pull limit. */
  #smallAhead = 0;
  #countedAhead = 0;

  constructor(options: HostGateOptions) {
    const { host, clock, most, breaker, quota } = options;
    this.host = host;
    this.limit = new AdaptiveLimit(most);
    this.#options = options;
    this.#breaker = new Breaker({ ...breaker, random: () => clock.random() });
    this.#quota = new PullQuota(quota);
    const nextChange = (): number | undefined => this.#nextChange();
    const onStandstill = (ms: number): void => this.#breaker.stoodStill(ms);
    this.#bell = new Bell({ clock, nextChange, onAlarm: options.onChange, onStandstill });
  }

  get now(): number {
    return this.#bell.now;
  }

  get waiting(): number {
    return this.#bell.waiting;
  }

  get counts(): HostCounts {
    return this.#counts;
  }

  /** `resting` = it fails and is left alone for a while; `down` = for so long that this waiter should not wait for it. */
  outlook(waiter: Waiter): Outlook {
    if (this.#breaker.state(this.now) === "closed") return "up";
    return this.#breaker.isDown(this.now, waiter) ? "down" : "resting";
  }

  /** It answered this process as it should, some time. */
  get served(): boolean {
    return this.#breaker.served;
  }

  mayEnter({ lane, counted, waiter }: Passing): boolean {
    const { now } = this;
    if (now < this.#notBefore) return false;
    if (!this.#breaker.admits(now, waiter)) return false;
    // A small request is the better probe: its answer comes at once.
    if (lane === "bulk" && this.#breaker.state(now) !== "closed" && this.#isSmallNext(now)) return false;
    return !counted || this.#quota.mayEnter(now);
  }

  /** What waits for pulls may wait for long, and nobody should wait for it. */
  #isSmallNext(now: number): boolean {
    const held = this.#quota.mayEnter(now) ? 0 : this.#countedAhead;
    return this.#smallAhead > held;
  }

  /** A small request is on its way to the door. */
  approached(counted: boolean): void {
    this.#smallAhead++;
    if (counted) this.#countedAhead++;
  }

  /** It is through, or has turned back. */
  arrived(counted: boolean): void {
    this.#smallAhead--;
    if (counted) this.#countedAhead--;
    // Bodies may have waited for it.
    if (!this.#isSmallNext(this.now)) this.#bell.ring();
  }

  /** Only where `mayEnter`, and without anything in between. */
  enter({ counted, waiter }: Passing): Pass {
    const { now } = this;
    const pass = {
      probe: this.#breaker.enter(now, waiter),
      counted: counted ? this.#quota.enter() : undefined,
      sentAt: now,
      round: this.#round,
    };
    if (pass.probe) this.#decided(`Asking ${this.host} whether it is back.`);
    return pass;
  }

  /** Resolves when it makes sense to look again. @throws what the host last failed with, where it was given up; the signal's reason. */
  async wait(waiter: Waiter, signal: AbortSignal): Promise<void> {
    this.#throwIfDown(waiter);
    await this.#bell.wait(signal);
    this.#throwIfDown(waiter);
  }

  /** The request ended. */
  left(pass: Pass, { verdict, error }: Outcome): void {
    const { now } = this;
    if (pass.counted !== undefined) this.#quota.leave(pass.counted, verdict === "answered", now);
    const before = this.#breaker.state(now);
    switch (verdict) {
      case "none":
        this.#breaker.abandoned(pass.probe);
        break;
      case "answered":
        this.#breaker.answered(pass.probe);
        if (pass.round === this.#round) this.#throttles = 0;
        break;
      case "throttled":
        this.#breaker.answered(pass.probe);
        this.#throttled(pass, error, now);
        break;
      case "timed-out":
        this.limit.timedOut(pass.sentAt, now);
        this.#failed(pass, error, now);
        break;
      case "failed":
        this.#failed(pass, error, now);
        break;
    }
    this.#tellBreaker(before);
    this.#bell.ring();
  }

  /** A probe that takes long, as a big body does, and has not failed: others need not wait for its end. */
  stillRuns(pass: Pass): void {
    const before = this.#breaker.state(this.now);
    this.#breaker.answered(pass.probe);
    // From here on it is a request like any other.
    pass.probe = false;
    this.#tellBreaker(before);
    this.#bell.ring();
  }

  learnQuota(figures: HostQuota, resetsInMs?: number): void {
    if (this.#quota.learn(figures, this.now, resetsInMs))
      this.#decided(
        figures.remaining > 0
          ? `${this.host} allows pulls again.`
          : `No pulls are left at ${this.host} (limit ${figures.limit}); what counts waits.`,
      );
    else this.#options.onChange();
    this.#bell.ring();
  }

  /** The limit was changed: its reason is the newest decision, once. */
  limitChanged(): void {
    const { reason } = this.limit;
    if (reason === null || reason === this.#limitReason) return;
    this.#limitReason = reason;
    this.#decided(reason);
  }

  get state(): Pick<HostStatus, "state" | "until" | "reason" | "quota" | "failure"> {
    const { now } = this;
    const breaker = this.#breaker.state(now);
    const wall = (at: number): number => Math.round((this.#options.clock.now() + at - now) / 100) * 100;
    const common = { reason: this.#reason, quota: this.#quota.figures };
    if (breaker !== "closed") {
      const failure = this.#failure;
      if (breaker === "probing") return { ...common, failure, state: "probing", until: null };
      const change = this.#breaker.opensAt;
      return { ...common, failure, state: "open", until: change === undefined ? null : wall(change) };
    }
    if (now < this.#notBefore) return { ...common, state: "waiting", until: wall(this.#notBefore) };
    const quota = this.#quota.opensAt;
    if (quota !== undefined) return { ...common, state: "waiting", until: wall(quota) };
    return { ...common, state: "ok", until: null };
  }

  #throttled(pass: Pass, error: FreightlinerError | undefined, now: number): void {
    this.#counts.throttles++;
    this.limit.throttled(pass.sentAt, now);
    this.limitChanged();
    const asked = error?.retryAfterMs;
    if (asked !== undefined && asked > 0)
      this.#pauseUntil(now + Math.min(asked, longestAskedPause), now, "asked for");
    else if (pass.round === this.#round) {
      const pause = Math.min(longestPause, firstPause * 2 ** Math.min(this.#throttles++, 10));
      this.#pauseUntil(
        now + (pause * (1 + this.#options.clock.random())) / 2,
        now,
        "refuses more requests without naming",
      );
    }
    if (pass.round === this.#round) this.#round++;
  }

  #pauseUntil(at: number, now: number, verb: string): void {
    if (at <= this.#notBefore) return;
    this.#notBefore = at;
    this.#decided(`${this.host} ${verb} a pause; nothing is sent for ${seconds(at - now)}.`);
  }

  #failed(pass: Pass, error: FreightlinerError | undefined, now: number): void {
    this.#counts.failures++;
    this.#lastError = error ?? this.#lastError;
    this.#breaker.failed(pass.probe, now, failedAnswerOf(error?.status));
  }

  #tellBreaker(before: ReturnType<Breaker["state"]>): void {
    const { now } = this;
    const after = this.#breaker.state(now);
    if (after === before && after !== "open") return;
    if (after === "closed" && before !== "closed") this.#decided(`${this.host} answers again.`);
    if (after !== "open" || this.#breaker.opensAt === undefined) return;
    if (before === "closed") this.#counts.opened++;
    else if (before === "open") return;
    this.#decided(
      `${this.host} does not answer (${this.#failure}) and is left alone for ${seconds(this.#breaker.opensAt - now)}.`,
    );
  }

  #mayBeProbe(waiter: Waiter): boolean {
    return this.#breaker.admits(this.now, waiter);
  }

  get #failure(): string {
    return this.#lastError === undefined ? "no answer" : failureWords(this.#lastError);
  }

  #throwIfDown(waiter: Waiter): void {
    if (this.outlook(waiter) !== "down" || this.#mayBeProbe(waiter) || this.#breaker.refuses) return;
    const last = this.#lastError;
    throw new FreightlinerError({
      code: last?.code ?? "unreachable",
      operation: last?.operation ?? "connect",
      message: `${this.host} was given up for now: ${last?.message ?? "it does not answer."}`,
      cause: last,
      ...(last?.status === undefined ? {} : { status: last.status }),
    });
  }

  #decided(reason: string): void {
    this.#reason = reason;
    this.#options.onChange();
  }

  #nextChange(): number | undefined {
    const { now } = this;
    const times = [this.#notBefore, this.#breaker.nextChange(now), this.#quota.opensAt];
    const ahead = times.filter((at) => at !== undefined).filter((at) => at > now);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }
}

function seconds(ms: number): string {
  const whole = Math.max(1, Math.round(ms / 1000));
  return whole === 1 ? "1 second" : `${whole} seconds`;
}
