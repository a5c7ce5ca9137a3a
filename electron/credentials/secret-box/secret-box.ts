// The port through which secrets are saved: a keychain, a vault, memory, or a file in clear stand behind it.
import { FreightlinerError } from "../../../shared/errors.ts";
import type { SecretPlace } from "../../../shared/secrets.ts";

/** Of a key: what the secret belongs to, never a secret itself; whoever reads the data folder can read it. */
export const secretKeyPattern = /^[A-Za-z0-9._:@/-]{1,300}$/;
/** Characters of one secret, and secrets of one box. */
export const longestSecret = 262_144;
export const mostSecrets = 10_000;

/**
 * Every method that reads or changes a secret throws FreightlinerError `locked` while the box wants its passphrase or the
 * keychain cannot be had for now, `io` or `store` where its file or database cannot be used, `configuration` where what
 * lies there is no box or was changed by somebody else, and the signal's reason. No error holds a secret.
 */
export interface SecretBox {
  readonly place: SecretPlace;
  /** True while it wants its passphrase. `keys` answers all the same. */
  readonly locked: boolean;
  /** One sentence where it cannot be used for another reason; null where it can. */
  readonly problem: string | null;
  /** Keys of what is saved, sorted; without asking for a passphrase or a keychain. Empty where it cannot be read. */
  keys(): readonly string[];
  /** Undefined where nothing is saved under the key. */
  get(key: string, signal: AbortSignal): Promise<string | undefined>;
  /** Saves or replaces. Resolves when it would survive a crash. */
  set(key: string, secret: string, signal: AbortSignal): Promise<void>;
  /** A key that is not there is no error. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}

/** @throws FreightlinerError `usage` for a key or a secret that no box takes. */
export function checkSecret(key: string, secret: string): void {
  const problem = !secretKeyPattern.test(key)
    ? "The name of a secret has characters that are not allowed, or is too long."
    : secret === ""
      ? "The secret is empty."
      : secret.length > longestSecret
        ? `The secret is longer than ${longestSecret} characters.`
        : undefined;
  if (problem !== undefined)
    throw new FreightlinerError({ code: "usage", operation: "save-secret", message: problem });
}
