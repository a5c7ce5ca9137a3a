// The commands about the place of passwords.
import type { CommandDescription } from "../../commands/description.ts";
import { secretsText } from "../../text/secrets.ts";

const { group, commands, needs } = secretsText;

export const secretCommands = [
  {
    id: "secrets.unlock",
    title: commands.unlock,
    group,
    keywords: "vault passphrase password open",
    needs: needs.locked,
  },
  {
    id: "secrets.lock",
    title: commands.lock,
    group,
    keywords: "vault passphrase password close",
    needs: needs.open,
  },
  { id: "secrets.place", title: commands.place, group, keywords: "keychain vault memory clear secret" },
] as const satisfies readonly CommandDescription[];
