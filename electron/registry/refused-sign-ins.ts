// Stops trying a sign-in that was refused again and again: services lock accounts for that, and each try costs three requests.
import { FreightlinerError } from "../../shared/errors.ts";
import { type Credential, identityName } from "../engine/credential.ts";
import { identityOf } from "./held-credential.ts";

/** In a row, with nothing accepted in between. Some registries say 401 of what is merely hidden, so that a few mean nothing. */
const most = 20;
const pauseMs = 60_000;

/** The circuit breaker of one registry's sign-in (protocol.md 8, row 23). */
export class RefusedSignIns {
  readonly #host: string;
  readonly #now: () => number;
  #identity = "";
  #count = 0;
  #at = 0;

  /** @param now milliseconds of a clock that never jumps. */
  constructor(host: string, now: () => number) {
    this.#host = host;
    this.#now = now;
  }

  noteRefused(credential: Credential): void {
    const identity = identityOf(credential);
    this.#count = identity === this.#identity ? this.#count + 1 : 1;
    this.#identity = identity;
    this.#at = this.#now();
  }

  noteAccepted(): void {
    this.#count = 0;
  }

  /** Another credential may always be tried, and the same one once a minute. @throws FreightlinerError `unauthorized`. */
  assertMayTry(credential: Credential): void {
    if (this.#count < most || this.#now() - this.#at >= pauseMs) return;
    if (identityOf(credential) !== this.#identity) return;
    throw new FreightlinerError({
      code: "unauthorized",
      operation: "sign-in",
      message: `${this.#host} refused the sign-in as "${identityName(credential)}" ${this.#count} times in a row; it is left alone for a minute, as accounts are locked for that.`,
    });
  }
}
