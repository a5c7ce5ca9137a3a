// The table of settings: a key and a JSON value each.
import type { Database } from "./database.ts";
import type { Parked } from "./parked.ts";
import { jsonColumn, readRow } from "./row-values.ts";
import type { Store } from "./store.ts";

export function settingRecords(database: Database, parked: Parked): Store["settings"] {
  const all = database.prepare("SELECT key, value FROM settings ORDER BY key");
  const set = database.prepare(
    "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  );
  const remove = database.prepare("DELETE FROM settings WHERE key = ?");
  return {
    all: () =>
      database.read("read-settings", () => {
        const settings: Record<string, unknown> = {};
        for (const row of all.all()) {
          const key = String(row.key);
          const value = readRow(jsonColumn, row.value);
          if (value.ok) settings[key] = value.value;
          else parked.add("settings", key, value.reason);
        }
        return settings;
      }),
    /** `undefined` removes the key. */
    set: (key, value) =>
      database.write("write-setting", () => {
        const text = JSON.stringify(value) as string | undefined;
        if (text === undefined) remove.run([key]);
        else set.run([key, text]);
      }),
  };
}
