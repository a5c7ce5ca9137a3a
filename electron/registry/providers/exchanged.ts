// Credentials that a registry trades for its own first: traded once, again ahead of the end, and after a refusal.
import { type Credential, type CredentialProvider, isSameCredential } from "../../engine/credential.ts";
import { SharedWork } from "../shared-work.ts";

export interface ExchangedOptions {
  readonly credentials: CredentialProvider;
  /** Gives the credential itself back where there is nothing to trade. */
  readonly trade: (credential: Credential, signal: AbortSignal) => Promise<Credential>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Traded {
  readonly from: Credential;
  readonly to: Credential;
  readonly tradedAt: number;
  readonly renewAt: number;
}

/** What does not say when it ends is traded again after that long. */
const unknownLifeMs = 30 * 60_000;
/** One that is refused though it is newer than that is refused for what it may do: another one may do no more. */
const freshMs = 5000;

export class ExchangedCredentials implements CredentialProvider {
  readonly #options: ExchangedOptions;
  readonly #now: () => number;
  readonly #trading = new SharedWork<Credential>();
  #kept: Traded | undefined;
  /** What was being traded when it was forgotten is not kept. */
  #forgotten = 0;

  constructor(options: ExchangedOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  async get(signal: AbortSignal, refused?: Credential): Promise<Credential | undefined> {
    const last = this.#kept;
    const ours = last !== undefined && refused !== undefined && isSameCredential(last.to, refused);
    const stale = ours && this.#now() - last.tradedAt >= freshMs;
    if (stale) this.#kept = undefined;
    // Whoever gave the one that was traded knows that one, not what came of it.
    const from = await this.#options.credentials.get(signal, stale ? last.from : ours ? undefined : refused);
    if (from === undefined) return undefined;
    const kept = this.#kept;
    if (kept !== undefined && this.#now() < kept.renewAt && isSameCredential(kept.from, from)) return kept.to;
    return this.#trading.run("", (inner) => this.#trade(from, inner), signal);
  }

  /** Forgets what came of a password: the place that gave it was locked. False where something came of another kind. */
  forgetPassword(): boolean {
    this.#forgotten += 1;
    if (this.#kept !== undefined && this.#kept.from.kind !== "password") return false;
    this.#kept = undefined;
    return true;
  }

  async #trade(from: Credential, signal: AbortSignal): Promise<Credential> {
    const forgotten = this.#forgotten;
    const to = await this.#options.trade(from, signal);
    const now = this.#now();
    const life = to.expiresAt === undefined ? unknownLifeMs : Math.max(to.expiresAt - now, 0) / 2;
    if (forgotten === this.#forgotten || from.kind !== "password")
      this.#kept = { from, to, tradedAt: now, renewAt: now + life };
    return to;
  }
}
