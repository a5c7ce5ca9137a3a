// Repositories that people named at registries that do not list theirs.
import type { Database } from "./database.ts";
import type { Store } from "./store.ts";

export function namedRepositories(database: Database): Store["namedRepositories"] {
  const all = database.prepare("SELECT name FROM named_repositories WHERE endpoint_id = ? ORDER BY name");
  const add = database.prepare(
    "INSERT INTO named_repositories (endpoint_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const remove = database.prepare("DELETE FROM named_repositories WHERE endpoint_id = ? AND name = ?");
  return {
    list: (endpointId) =>
      database.read("list-named-repositories", () => all.all([endpointId]).map((row) => String(row.name))),
    add: (endpointId, names) =>
      database.write("name-repositories", () => {
        for (const name of names) add.run([endpointId, name]);
      }),
    remove: (endpointId, names) =>
      database.write("forget-repositories", () => {
        for (const name of names) remove.run([endpointId, name]);
      }),
  };
}
