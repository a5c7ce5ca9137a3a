// The little of SQLite that the store uses: prepared statements, one write transaction at a time, errors as ours.
import { FreightlinerError } from "../../shared/errors.ts";

export type SqlValue = string | number | Uint8Array | null;
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/** The driver's shape that is used here; better-sqlite3 fits it (only open.ts names the driver). */
export interface SqliteStatement {
  run(...parameters: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
}
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(text: string, options?: { simple?: boolean }): unknown;
  transaction(work: (inside: () => void) => void): {
    immediate(inside: () => void): void;
    deferred(inside: () => void): void;
  };
  backup(file: string): Promise<unknown>;
  close(): unknown;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Statement {
  /** Rows that were changed. */
  run(parameters?: SqlParameters): number;
  /** The id of the row that was inserted. */
  insert(parameters?: SqlParameters): number;
  get(parameters?: SqlParameters): Row | undefined;
  all(parameters?: SqlParameters): readonly Row[];
}

export interface Database {
  prepare(sql: string): Statement;
  /** One immediate transaction: what it reads nobody changes before it is committed. Joins one that is open. */
  write<T>(operation: string, work: () => T): T;
  /** One snapshot for several reads. */
  read<T>(operation: string, work: () => T): T;
  /** One read by one statement, which is a snapshot by itself: a transaction around it would cost more than it. */
  look<T>(operation: string, work: () => T): T;
  pragma(text: string): unknown;
  exec(sql: string): void;
  /** Copies the whole database into the file, a little at a time, while it is worked with. */
  backup(file: string): Promise<void>;
  close(): void;
}

/** A failure of SQLite or of the disk below it, as code `store`; our own errors pass. */
export function asStoreError(thrown: unknown, operation: string): FreightlinerError {
  if (thrown instanceof FreightlinerError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new FreightlinerError({
    code: "store",
    operation,
    message: `The database could not be used (${detail}).`,
    cause: thrown,
  });
}

export function wrapDatabase(connection: SqliteConnection): Database {
  // The driver builds a transaction anew from each function it is given, so it is given one.
  const transaction = connection.transaction((inside) => inside());

  function inTransaction<T>(kind: "immediate" | "deferred", operation: string, work: () => T): T {
    const results: T[] = [];
    try {
      transaction[kind](() => {
        results.push(work());
      });
    } catch (thrown) {
      throw asStoreError(thrown, operation);
    }
    return results[0] as T;
  }
  function look<T>(operation: string, work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw asStoreError(thrown, operation);
    }
  }
  return {
    look,
    prepare: (sql) => wrapStatement(connection.prepare(sql)),
    write: (operation, work) => inTransaction("immediate", operation, work),
    read: (operation, work) => inTransaction("deferred", operation, work),
    pragma: (text) => connection.pragma(text, { simple: true }),
    exec: (sql) => {
      connection.exec(sql);
    },
    backup: async (file) => {
      try {
        await connection.backup(file);
      } catch (thrown) {
        throw asStoreError(thrown, "backup-store");
      }
    },
    close: () => {
      connection.close();
    },
  };
}

function wrapStatement(statement: SqliteStatement): Statement {
  const bound = (parameters: SqlParameters | undefined): unknown[] =>
    parameters === undefined ? [] : [parameters];
  return {
    run: (parameters) => statement.run(...bound(parameters)).changes,
    insert: (parameters) => Number(statement.run(...bound(parameters)).lastInsertRowid),
    get: (parameters) => statement.get(...bound(parameters)) as Row | undefined,
    all: (parameters) => statement.all(...bound(parameters)) as Row[],
  };
}
