// The port through which secrets are saved: a keychain, a vault, memory, or a file in clear stand behind it.
import { type ErrorCode, FreightlinerError } from "../../../shared/errors.ts";
import type { SecretPlace } from "../../../shared/secrets.ts";

/** Of a key: what the secret belongs to, never a secret itself; whoever reads the data folder can read it. */
const keyPattern = /^[A-Za-z0-9._:@/-]{1,300}$/;
/** Characters of one secret, and secrets of one box. */
const longestSecret = 262_144;
const mostSecrets = 10_000;

/**
 * What reads or saves a secret throws FreightlinerError `locked` while the box wants its passphrase or the keychain cannot
 * be had for now, `io` or `store` where its file or database cannot be used, `configuration` where what lies there is no
 * box or was changed by somebody else, and the signal's reason. No error holds a secret.
 */
export interface SecretBox {
  readonly place: SecretPlace;
  /** True while it wants its passphrase. `keys` and `remove` do not. */
  readonly locked: boolean;
  /** One sentence where it cannot be used for another reason; null where it can. */
  readonly problem: string | null;
  /** Keys of what is saved, sorted; without asking for a passphrase or a keychain. Empty where it cannot be read. */
  keys(): readonly string[];
  /** Undefined where nothing is saved under the key. */
  get(key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Saves or replaces. Resolves when it would survive a crash. @throws also `usage` for what no box takes. */
  set(key: string, secret: string, signal: AbortSignal): Promise<void>;
  /** A key that is not there is no error. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}

export type Secrets = ReadonlyMap<string, string>;

/** A box whose secrets can be taken to another place. */
export interface MovableBox extends SecretBox {
  all(signal: AbortSignal): Promise<Secrets>;
  /** Saves or replaces all of them, or none. */
  setAll(secrets: Secrets, signal: AbortSignal): Promise<void>;
  /** Removes every secret and what it kept them in. */
  destroy(signal: AbortSignal): Promise<void>;
}

export function boxError(
  code: ErrorCode,
  operation: string,
  message: string,
  cause?: unknown,
): FreightlinerError {
  return new FreightlinerError({ code, operation, message, cause });
}

/** @throws FreightlinerError `usage` for a key or a secret that no box takes. */
export function checkSecrets(secrets: Secrets): void {
  for (const [key, secret] of secrets) {
    const problem = problemOf(key, secret);
    if (problem !== undefined) throw boxError("usage", "save-secret", problem);
  }
}

function problemOf(key: string, secret: string): string | undefined {
  if (!keyPattern.test(key))
    return "The name of a secret has characters that are not allowed, or is too long.";
  if (secret === "") return "The secret is empty.";
  return secret.length > longestSecret ? `The secret is longer than ${longestSecret} characters.` : undefined;
}

/** @throws FreightlinerError `too-large` where a box would hold more than any box should. */
export function checkCount(count: number): void {
  if (count > mostSecrets)
    throw boxError("too-large", "save-secret", `At most ${mostSecrets} secrets can be saved.`);
}
