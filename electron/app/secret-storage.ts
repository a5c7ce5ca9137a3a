// Builds what keeps the secrets of this data folder, with the choice of where they lie in the store.
import { z } from "zod";
import { secretPlaceSchema } from "../../shared/secrets.ts";
import type { SecretCipher } from "../credentials/secret-box/keychain-box.ts";
import { type SecretChoice, SecretKeeper } from "../credentials/secret-box/secret-keeper.ts";
import type { Store } from "../store/store.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** Only the methods of the secrets change it: what is kept in clear must have been accepted. */
export const secretStorageKey = "secretStorage";

const choiceSchema = z.object({
  place: secretPlaceSchema.optional(),
  lockAfterMinutes: z.number().int().min(1).max(1440).nullable().optional(),
});

export type { SecretCipher };

export interface SecretStorageOptions {
  readonly store: Pick<Store, "settings" | "sealedSecrets">;
  readonly config: Pick<Config, "home" | "vaultPassphrase">;
  readonly cipher: SecretCipher | undefined;
  readonly now: () => number;
  readonly log: Pick<Log, "error">;
  readonly onChange: () => void;
  readonly onLocked: () => void;
}

/** Resolves when it is known whether there is a keychain. */
export async function openSecretStorage(options: SecretStorageOptions): Promise<SecretKeeper> {
  const { store, config, cipher, now, log, onChange, onLocked } = options;
  const { settings } = store;
  const read = (): SecretChoice => {
    const parsed = choiceSchema.safeParse(settings.all()[secretStorageKey] ?? {});
    if (parsed.success) return parsed.data;
    log.error({}, "where secrets are kept cannot be read from the settings; the usual place is taken");
    return {};
  };
  const keeper = new SecretKeeper({
    home: config.home,
    cipher,
    sealed: store.sealedSecrets,
    choice: { read, write: (choice) => settings.set(secretStorageKey, choice) },
    passphrase: config.vaultPassphrase,
    now,
    onChange,
    onLocked,
  });
  await keeper.open();
  return keeper;
}
