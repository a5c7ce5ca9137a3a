// The credential of one registry, as it was given last: kept for moments, and asked for anew where it is refused.
import { createHash } from "node:crypto";
import { type Credential, type CredentialProvider, isSameCredential } from "../engine/credential.ts";
import { SharedWork } from "./shared-work.ts";
import { basicAuthorization } from "./token-service.ts";

interface Held {
  readonly value: Credential | undefined;
  readonly at: number;
}

/** Credential helpers are programs: they are not run for every request. */
const freshMs = 10_000;

export class HeldCredential {
  readonly #credentials: CredentialProvider;
  readonly #now: () => number;
  readonly #asking = new SharedWork<Credential | undefined>();
  #held: Held | undefined;
  /** What was asked for before it was forgotten is not kept. */
  #forgotten = 0;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(credentials: CredentialProvider, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** @throws what the provider throws. */
  async current(signal: AbortSignal): Promise<Credential | undefined> {
    const held = this.#held;
    if (held !== undefined && this.#now() - held.at < freshMs) return held.value;
    return this.#ask(undefined, signal);
  }

  /** In the place of one that was refused; the same where there is no other. Another request may have asked already. */
  async another(refused: Credential, signal: AbortSignal): Promise<Credential | undefined> {
    const held = this.#held?.value;
    if (held !== undefined && !isSameCredential(held, refused)) return held;
    return this.#ask(refused, signal);
  }

  /** The next one asks the provider, who may have been given another one meanwhile. */
  stale(): void {
    if (this.#held !== undefined) this.#held = { ...this.#held, at: Number.NEGATIVE_INFINITY };
  }

  /**
   * Forgets a password: the place that gave it was locked. True where nothing of another kind is held: those come from
   * elsewhere.
   */
  forgetPassword(): boolean {
    this.#forgotten += 1;
    const held = this.#held?.value;
    if (held !== undefined && held.kind !== "password") return false;
    this.#held = undefined;
    return true;
  }

  /** The credential that a request went with as it is; undefined where it went with a token, or with an older one. */
  sentAs(header: string | undefined): Credential | undefined {
    const value = this.#held?.value;
    if (value?.kind === "registry-token") return header === `Bearer ${value.token}` ? value : undefined;
    if (value?.kind !== "password") return undefined;
    return header === basicAuthorization(value) ? value : undefined;
  }

  async #ask(refused: Credential | undefined, signal: AbortSignal): Promise<Credential | undefined> {
    const forgotten = this.#forgotten;
    const value = await this.#asking.run(
      identityOf(refused),
      (inner) => this.#credentials.get(inner, refused),
      signal,
    );
    if (forgotten === this.#forgotten || value?.kind !== "password") this.#held = { value, at: this.#now() };
    return value;
  }
}

/** Tells two sign-ins apart without keeping the password in a key. */
export function identityOf(credential: Credential | undefined): string {
  if (credential === undefined) return "";
  return createHash("sha256").update(JSON.stringify(credential)).digest("base64");
}
