// The contract's methods for where secrets lie; each change is written to the log, never with a secret.
import type { Api } from "../../../shared/contract.ts";
import { toFreightlinerError } from "../../../shared/errors.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type SecretMethods = Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `secrets.${string}`>>;

export function secretMethods({ secrets, log }: Pick<Services, "secrets" | "log">): SecretMethods {
  /** S014: what was done to the secrets, and what was tried. */
  const audited = async <T>(action: string, fields: object, work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      log.warn({ audit: "secrets", action, ...fields }, "the place of secrets was changed");
      return result;
    } catch (thrown) {
      const { code } = toFreightlinerError(thrown, action);
      log.warn({ audit: "secrets", action, ...fields, code }, "a change of the place of secrets was refused");
      throw thrown;
    }
  };
  return {
    "secrets.status": () => secrets.status(),

    "secrets.choose": async (choice, { signal }) => {
      const { place, acceptClear } = choice;
      const before = secrets.place;
      await audited("choose", { from: before, to: place, acceptClear }, () => secrets.choose(choice, signal));
      return secrets.status();
    },

    "secrets.unlock": async ({ passphrase }, { signal }) => {
      await audited("unlock", {}, () => secrets.unlock(passphrase, signal));
      return secrets.status();
    },

    "secrets.lock": async () => {
      await audited("lock", {}, async () => secrets.lock());
      return secrets.status();
    },

    "secrets.changePassphrase": async ({ passphrase, next }, { signal }) => {
      await audited("change-passphrase", {}, () => secrets.changePassphrase(passphrase, next, signal));
      return secrets.status();
    },

    "secrets.lockAfter": async ({ minutes }) => {
      await audited("lock-after", { minutes }, async () => secrets.lockAfter(minutes));
      return secrets.status();
    },
  };
}
