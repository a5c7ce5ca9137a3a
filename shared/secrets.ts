// Where saved passwords and tokens lie, and whether they can be read at the moment.
import { z } from "zod";

/**
 * `keychain`: encrypted by the operating system's keychain. `vault`: a file encrypted with a passphrase. `memory`: only in
 * this process, gone when it ends. `clear`: a file that whoever can read the data folder can read; only by explicit choice.
 */
export const secretPlaceSchema = z.enum(["keychain", "vault", "memory", "clear"]);
export type SecretPlace = z.infer<typeof secretPlaceSchema>;

export const passphraseSchema = z.string().min(1).max(1024);
/** Characters of a new passphrase (S006: short secrets are refused). */
export const shortestPassphrase = 12;

export const secretsStatusSchema = z.object({
  place: secretPlaceSchema,
  /** Places that can be chosen here. */
  offered: z.array(secretPlaceSchema),
  /** Why the keychain is not offered; null where it is. */
  keychainProblem: z.string().nullable(),
  /** The vault needs its passphrase before a secret can be read or saved. False for all other places. */
  locked: z.boolean(),
  /** True where a vault was made already. */
  vaultExists: z.boolean(),
  /** Minutes without use after which the vault locks itself; null = never. */
  lockAfterMinutes: z.number().int().min(1).max(1440).nullable(),
  /** Number of saved secrets; null while they cannot be read. */
  saved: z.number().int().nonnegative().nullable(),
  /** What is wrong with the place, e.g. a vault file that cannot be read; null where nothing is. */
  problem: z.string().nullable(),
});
export type SecretsStatus = z.infer<typeof secretsStatusSchema>;
