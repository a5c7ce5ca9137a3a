// Identity tokens that the token service renews with every answer: https://www.rfc-editor.org/rfc/rfc6749#section-6
import { FreightlinerError } from "../../shared/errors.ts";
import type { Token, TokenRequest } from "./token-service.ts";

/** A newer identity token, which the token service gave for an older one. */
interface Rotated {
  readonly from: string;
  readonly to: string;
}

/** Tries of one question: with the newest, with one that came meanwhile, and as it was given. */
const mostTries = 3;

export class RotatedToken {
  #rotated: Rotated | undefined;

  /** Asks with the identity token as it was renewed last; where that one is refused, with a newer one, else as it was given. */
  async fetch(request: TokenRequest, fetch: (request: TokenRequest) => Promise<Token>): Promise<Token> {
    const given = request.credential;
    if (given?.kind !== "identity-token") return fetch(request);
    for (let tries = 1; ; tries += 1) {
      const used = this.#newest(given.token);
      try {
        const token = await fetch({ ...request, credential: { ...given, token: used } });
        if (token.refreshToken !== undefined) this.#rotated = { from: given.token, to: token.refreshToken };
        return token;
      } catch (error) {
        const ended = error instanceof FreightlinerError && error.code === "unauthorized";
        if (!ended || tries === mostTries) throw error;
        // Another request may have brought a newer one while this one was under way.
        if (this.#newest(given.token) !== used) continue;
        if (used === given.token) throw error;
        this.#rotated = undefined;
      }
    }
  }

  #newest(given: string): string {
    return this.#rotated?.from === given ? this.#rotated.to : given;
  }
}
