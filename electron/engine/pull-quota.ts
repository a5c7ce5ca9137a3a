// A registry's pull limit: what counts against it waits when nothing is left, everything else goes on ("take longer, do not fail").
import type { HostQuota } from "../../shared/host.ts";

export interface PullQuotaOptions {
  /** Milliseconds until one counted request asks again, doubled each time up to `longestPause`. */
  readonly firstPause: number;
  readonly longestPause: number;
}

export const defaultPullQuota = { firstPause: 60_000, longestPause: 600_000 } as const;

/** All times are milliseconds of one clock that never goes back. */
export class PullQuota {
  readonly #options: PullQuotaOptions;
  #figures: HostQuota | null = null;
  #opensAt: number | undefined;
  #pause: number;
  #probing = false;
  #inFlight = 0;
  /** Grows with every figure that was told. */
  #told = 0;

  constructor(options: PullQuotaOptions) {
    this.#options = options;
    this.#pause = options.firstPause;
  }

  get figures(): HostQuota | null {
    return this.#figures;
  }

  /** When one may ask again, while nothing is left. */
  get opensAt(): number | undefined {
    return this.#opensAt;
  }

  /** An answer told how much is left, and perhaps in how many milliseconds there is more. True where that ends or begins a wait. */
  learn(figures: HostQuota, now: number, resetsInMs?: number): boolean {
    const waited = this.#opensAt !== undefined;
    this.#figures = figures;
    this.#told++;
    if (figures.remaining > 0) {
      this.#opensAt = undefined;
      this.#pause = this.#options.firstPause;
    } else if (resetsInMs !== undefined)
      this.#opensAt = now + Math.min(resetsInMs, this.#options.longestPause);
    else if (!waited) this.#opensAt = now + this.#pause;
    return waited !== (this.#opensAt !== undefined);
  }

  mayEnter(now: number): boolean {
    if (this.#figures === null) return true;
    if (this.#opensAt !== undefined) return !this.#probing && now >= this.#opensAt;
    // What is on its way may not have been counted yet.
    return this.#inFlight === 0 || this.#figures.remaining > this.#inFlight;
  }

  /** A counted request goes out; the result is handed back to `leave`. */
  enter(): number {
    this.#inFlight++;
    if (this.#opensAt !== undefined) this.#probing = true;
    return this.#told;
  }

  /** @param answered it was served, not refused or broken off. */
  leave(told: number, answered: boolean, now: number): void {
    this.#inFlight--;
    const wasProbe = this.#probing;
    this.#probing = false;
    // Served without a word of a limit: there is none any more, as after a sign-in.
    if (answered && told === this.#told) this.#forget();
    if (!wasProbe || this.#opensAt === undefined) return;
    this.#pause = Math.min(this.#options.longestPause, this.#pause * 2);
    this.#opensAt = now + this.#pause;
  }

  #forget(): void {
    this.#figures = null;
    this.#opensAt = undefined;
    this.#pause = this.#options.firstPause;
  }
}
