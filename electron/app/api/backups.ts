// The contract's methods for backups of the database.
import type { Api } from "../../../shared/contract.ts";
import type { CallContext } from "../dispatch.ts";
import type { Services } from "../services.ts";

type BackupMethods = Pick<Api<CallContext>, Extract<keyof Api<CallContext>, `backups.${string}`>>;

export function backupMethods({ backups }: Services): BackupMethods {
  return {
    "backups.list": async () => ({ backups: backups.list() }),
    "backups.create": () => backups.create(),
    "backups.restore": async ({ name }) => {
      backups.restore(name);
      return {};
    },
  };
}
