// Secrets that the system's keychain encrypted; what lies here is of no use without it.
import { z } from "zod";
import type { Database } from "./database.ts";
import type { SealedSecrets } from "./store.ts";

const sealedColumn = z.instanceof(Uint8Array);

export function sealedSecrets(database: Database, now: () => number): SealedSecrets {
  const keys = database.prepare("SELECT key FROM sealed_secrets ORDER BY key");
  const find = database.prepare("SELECT sealed FROM sealed_secrets WHERE key = ?");
  const save = database.prepare(
    `INSERT INTO sealed_secrets (key, sealed, changed_at) VALUES (:key, :sealed, :now)
     ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at`,
  );
  const drop = database.prepare("DELETE FROM sealed_secrets WHERE key = ?");
  return {
    keys: () => database.read("list-secrets", () => keys.all().map((row) => String(row.key))),
    get: (key) =>
      database.read("get-secret", () => {
        const row = find.get([key]);
        return row === undefined ? undefined : sealedColumn.parse(row.sealed);
      }),
    setAll: (all) =>
      database.write("save-secret", () => {
        for (const [key, sealed] of all) save.run({ key, sealed: Buffer.from(sealed), now: now() });
      }),
    remove: (key) =>
      database.write("remove-secret", () => {
        drop.run([key]);
      }),
  };
}
