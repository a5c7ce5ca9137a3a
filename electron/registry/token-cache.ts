// Tokens by what they are good for, each fetched by one flight and renewed ahead of its end.
import { SharedWork } from "./shared-work.ts";
import type { Token } from "./token-service.ts";

interface Entry {
  readonly token: string;
  /** On the clock's milliseconds. */
  readonly renewAt: number;
}

/** One per repository and kind of access is kept; a run over more repositories asks again. */
const capacity = 2000;

export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  readonly #work = new SharedWork<string>();
  readonly #now: () => number;
  /** What was fetched before they were forgotten is not kept. */
  #forgotten = 0;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The token of `key`, fetched where there is none, where its end is near, or where it is `refused`:
   * the one that the registry has just turned down. A newer one of another request is used instead of a third.
   */
  async get(
    key: string,
    refused: string | undefined,
    fetch: (signal: AbortSignal) => Promise<Token>,
    signal: AbortSignal,
  ): Promise<string> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.token !== refused && this.#now() < known.renewAt) return known.token;
    return this.#work.run(key, (inner) => this.#fetch(key, fetch, inner), signal);
  }

  /** What they were given for may not be used any more. */
  forget(): void {
    this.#forgotten += 1;
    this.#entries.clear();
  }

  async #fetch(
    key: string,
    fetch: (signal: AbortSignal) => Promise<Token>,
    signal: AbortSignal,
  ): Promise<string> {
    const forgotten = this.#forgotten;
    const token = await fetch(signal);
    return forgotten === this.#forgotten ? this.#keep(key, token) : token.value;
  }

  #keep(key: string, token: Token): string {
    const lifetime = token.lifetimeSeconds * 1000;
    const early = Math.max(10_000, lifetime / 10);
    this.#entries.delete(key);
    this.#entries.set(key, { token: token.value, renewAt: this.#now() + lifetime - early });
    // A Map keeps the order of insertion, so the first one is the oldest.
    const oldest = this.#entries.keys().next().value;
    if (this.#entries.size > capacity && oldest !== undefined) this.#entries.delete(oldest);
    return token.value;
  }
}
