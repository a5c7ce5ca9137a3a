// What credential helpers answered, kept for a while: a helper may ask a keychain or a cloud.
import { type Credential, isSameCredential } from "../engine/credential.ts";
import { tokenUser } from "./auth-entry.ts";
import { askHelper, type HelperPlace } from "./credential-helper.ts";

export interface HelperAnswersOptions extends HelperPlace {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Short enough for the tokens of clouds, which helpers renew well ahead of their end (protocol.md 7.2). */
const keptMs = 5 * 60_000;

export class HelperAnswers {
  readonly #options: HelperAnswersOptions;
  readonly #kept = new Map<string, { readonly until: number; readonly credential: Credential }>();

  constructor(options: HelperAnswersOptions) {
    this.#options = options;
  }

  /**
   * Undefined where the helper holds nothing for the server; that is not kept.
   * @param refused the credential that the registry just turned down: an answer that says it is not given again from memory.
   * @throws FreightlinerError `configuration`, or the signal's reason.
   */
  async ask(
    name: string,
    server: string,
    signal: AbortSignal,
    refused?: Credential,
  ): Promise<Credential | undefined> {
    signal.throwIfAborted();
    const { path, environment, deadlineMs, now } = this.#options;
    const key = `${name} ${server}`;
    const kept = this.#kept.get(key);
    const turnedDown =
      kept !== undefined && refused !== undefined && isSameCredential(kept.credential, refused);
    if (kept !== undefined && kept.until > now() && !turnedDown) return kept.credential;
    this.#kept.delete(key);
    const answer = await askHelper({ name, server, path, environment, deadlineMs, signal });
    if (answer === undefined) return undefined;
    const { username, secret } = answer;
    const credential: Credential =
      username === tokenUser
        ? { kind: "identity-token", username: "", token: secret }
        : { kind: "password", username, password: secret };
    this.#kept.set(key, { until: now() + keptMs, credential });
    return credential;
  }
}
