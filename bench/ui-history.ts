// Ten thousand ended runs for `bench:ui`: copies of one real run in the database, with times and ids of the days before.
import { join } from "node:path";
import Database from "better-sqlite3";
import { createRunIds } from "../electron/store/run-id.ts";

const hour = 3_600_000;

/** Call it while no host is open. The run that is copied is the newest that succeeded. */
export function fillHistory(home: string, runs: number): void {
  const database = new Database(join(home, "freightliner.db"));
  try {
    const newest = database
      .prepare("SELECT id, created_at AS at FROM runs WHERE state = 'succeeded' ORDER BY id DESC LIMIT 1")
      .get() as { readonly id: string; readonly at: number };
    const copyRun = copyOf(database, "runs", "id");
    const copyTallies = copyOf(database, "run_tallies", "run_id");
    const move = database.prepare(
      "UPDATE runs SET created_at = @at, planned_at = @at, started_at = @at, finished_at = @at + 60000 WHERE id = @id",
    );
    database.transaction(() => {
      for (let back = runs; back > 0; back -= 1) {
        const at = newest.at - back * hour;
        const id = createRunIds(() => at)();
        copyRun.run(id, newest.id);
        copyTallies.run(id, newest.id);
        move.run({ at, id });
      }
    })();
  } finally {
    database.close();
  }
}

/** A row again under another key; whatever columns the table has. */
function copyOf(database: Database.Database, table: string, key: string): Database.Statement {
  const columns = (database.pragma(`table_info(${table})`) as { readonly name: string }[])
    .map(({ name }) => name)
    .filter((name) => name !== key)
    .join(", ");
  return database.prepare(
    `INSERT INTO ${table} (${key}, ${columns}) SELECT ?, ${columns} FROM ${table} WHERE ${key} = ?`,
  );
}
