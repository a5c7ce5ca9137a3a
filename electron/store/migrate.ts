// Brings a database to the newest schema: numbered SQL files, one transaction each, counted in PRAGMA user_version.
import { FreightlinerError } from "../../shared/errors.ts";
import type { Database } from "./database.ts";
import firstTables from "./migrations/0001-first-tables.sql?raw";
import fullStrength from "./migrations/0002-full-strength.sql?raw";
import foundByName from "./migrations/0003-found-by-name.sql?raw";
import registriesPeopleHave from "./migrations/0004-registries-people-have.sql?raw";
import signIns from "./migrations/0005-sign-ins.sql?raw";
import signInsHeard from "./migrations/0006-sign-ins-heard.sql?raw";

/** The n-th entry leads from schema n to n + 1. Never changed once released; new ones are appended. */
export const migrations: readonly string[] = [
  firstTables,
  fullStrength,
  foundByName,
  registriesPeopleHave,
  signIns,
  signInsHeard,
];

/**
 * @param file names the database in errors.
 * @throws FreightlinerError `configuration` where the file is a newer program's or another program's; it is left as it is.
 */
export function migrate(database: Database, file: string, steps: readonly string[] = migrations): void {
  refuseForeign(database, file, steps.length);
  for (const [index, sql] of steps.entries()) {
    database.write("migrate-store", () => {
      // Read again inside the transaction: another process may have been faster.
      if (schemaVersion(database) !== index) return;
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    });
  }
}

export function schemaVersion(database: Database): number {
  return Number(database.pragma("user_version"));
}

function refuseForeign(database: Database, file: string, known: number): void {
  const version = schemaVersion(database);
  if (version > known) {
    throw new FreightlinerError({
      code: "configuration",
      operation: "open-store",
      message: `The database ${file} was written by a newer Freightliner (schema ${version}; this one knows up to ${known}). Use the newer program, or another data folder.`,
    });
  }
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get();
  if (version === 0 && Number(tables?.count) > 0) {
    throw new FreightlinerError({
      code: "configuration",
      operation: "open-store",
      message: `${file} is a database of another program; expected one of Freightliner's, or a file that does not exist yet.`,
    });
  }
}
