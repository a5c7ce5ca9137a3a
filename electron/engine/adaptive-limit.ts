// How many requests at once a host gets: fewer when it says so or slows down, more while more gets done (blocker P002).

/** Milliseconds that are looked at together. */
const windowMs = 1000;
/** Without word of its own, an adaptive host begins here: what a registry on one machine is served best with. */
const startsAt = 8;
/** Latency so many times its baseline, and so many milliseconds above it, counts as slow: a busy machine jumps by less. */
const slowFactor = 4;
const slowBy = 500;
/** More than this share more is a gain. */
const gainFactor = 1.03;
/** Windows between two tries to grow where growing did not help. */
const restWindows = 10;

export interface Measured {
  /** Milliseconds since the request was sent; undefined for bodies, which take as long as they are big. */
  readonly latencyMs: number | undefined;
  /** Bytes moved with the host so far. */
  readonly bytes: number;
  /** All slots are in use and somebody waits. */
  readonly saturated: boolean;
}

interface Window {
  readonly startedAt: number;
  readonly bytes: number;
  requests: number;
  saturated: boolean;
}

/** All times are milliseconds of one clock that never goes back. */
export class AdaptiveLimit {
  #most: number;
  #adaptive: boolean;
  #limit: number;
  #window: Window | undefined;
  /** What the window before got done a second. */
  #rate: { readonly bytes: number; readonly requests: number } | undefined;
  #raisedLast = false;
  #rest = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;
  #latency: number | undefined;
  #baseline: number | undefined;
  #reason: string | null = null;

  constructor(most: number, adaptive = true) {
    this.#most = most;
    this.#adaptive = adaptive;
    this.#limit = this.#start();
  }

  get limit(): number {
    return this.#limit;
  }

  get most(): number {
    return this.#most;
  }

  get adaptive(): boolean {
    return this.#adaptive;
  }

  /** Milliseconds, smoothed; null before the first. */
  get latencyMs(): number | null {
    return this.#latency ?? null;
  }

  /** One plain sentence about the newest change; null where nothing was decided yet. */
  get reason(): string | null {
    return this.#reason;
  }

  configure(most: number, adaptive: boolean): void {
    if (most === this.#most && adaptive === this.#adaptive) return;
    const wasAtMost = this.#limit === this.#most;
    this.#most = most;
    this.#adaptive = adaptive;
    if (!adaptive) this.#limit = most;
    else if (this.#limit > most || (wasAtMost && this.#reason === null)) this.#limit = this.#start();
    this.#reason = adaptive ? null : `Fixed at ${requests(most)} by hand.`;
  }

  /** The host asked for less: once for everything that was on its way together. @param sentAt when the request went out. */
  throttled(sentAt: number, now: number): void {
    this.#lower(0.5, sentAt, now, "it asked for fewer requests");
  }

  timedOut(sentAt: number, now: number): void {
    this.#lower(0.7, sentAt, now, "it did not answer in time");
  }

  /** A request was answered. */
  measured({ latencyMs, bytes, saturated }: Measured, now: number): void {
    if (latencyMs !== undefined) this.#smooth(latencyMs);
    this.#window ??= { startedAt: now, bytes, requests: 0, saturated: false };
    const window = this.#window;
    window.requests++;
    window.saturated ||= saturated;
    const elapsed = now - window.startedAt;
    if (elapsed < windowMs) return;
    this.#window = undefined;
    // Between two runs nothing was asked for, so nothing can be learned.
    if (elapsed > 5 * windowMs) this.#rate = undefined;
    this.#decide(
      { bytes: (bytes - window.bytes) / elapsed, requests: window.requests / elapsed },
      window.saturated,
      now,
    );
  }

  #decide(
    rate: { readonly bytes: number; readonly requests: number },
    saturated: boolean,
    now: number,
  ): void {
    const before = this.#rate;
    this.#rate = rate;
    if (!this.#adaptive) return;
    const gained =
      before === undefined || isGain(rate.bytes, before.bytes) || isGain(rate.requests, before.requests);
    if (this.#isSlow() && !gained) {
      this.#lower(0.7, now, now, "its answers took much longer without more getting done");
      return;
    }
    if (!saturated || this.#limit >= this.#most) return;
    if (this.#raisedLast && !gained) {
      this.#raisedLast = false;
      this.#rest = restWindows;
    }
    if (this.#rest > 0) {
      this.#rest--;
      return;
    }
    this.#limit++;
    this.#raisedLast = true;
    this.#reason = `Raised to ${requests(this.#limit)} as all were in use and more got done.`;
  }

  #lower(factor: number, sentAt: number, now: number, why: string): void {
    if (!this.#adaptive || sentAt < this.#loweredAt || now - this.#loweredAt < windowMs) return;
    this.#loweredAt = now;
    this.#raisedLast = false;
    this.#rest = 2;
    this.#window = undefined;
    this.#rate = undefined;
    this.#limit = Math.max(1, Math.floor(this.#limit * factor));
    this.#reason = `Lowered to ${requests(this.#limit)} because ${why}.`;
  }

  /** The baseline falls at once and rises slowly, as the way to a host may change for good. */
  #smooth(latencyMs: number): void {
    this.#latency = this.#latency === undefined ? latencyMs : this.#latency + (latencyMs - this.#latency) / 8;
    this.#baseline =
      this.#baseline === undefined
        ? latencyMs
        : Math.min(latencyMs, this.#baseline + (this.#latency - this.#baseline) / 512);
  }

  #isSlow(): boolean {
    if (this.#latency === undefined || this.#baseline === undefined) return false;
    return this.#latency > this.#baseline * slowFactor && this.#latency > this.#baseline + slowBy;
  }

  #start(): number {
    return this.#adaptive ? Math.min(this.#most, startsAt) : this.#most;
  }
}

function isGain(now: number, before: number): boolean {
  return now > before * gainFactor;
}

function requests(count: number): string {
  return count === 1 ? "1 request at a time" : `${count} requests at once`;
}
