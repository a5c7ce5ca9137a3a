// Rows that cannot be read stay in their table, are left out of lists, and are told here.

export interface ParkedRow {
  readonly table: "endpoints" | "runs" | "saved_jobs" | "settings";
  readonly id: string;
  /** What was wrong when it was read last. */
  readonly reason: string;
}

export class Parked {
  readonly #rows = new Map<string, ParkedRow>();

  add(table: ParkedRow["table"], id: string, reason: string): void {
    this.#rows.set(`${table}/${id}`, { table, id, reason: reason.slice(0, 500) });
  }

  /** Ids of one table as a JSON array, for json_each in a statement. */
  ids(table: ParkedRow["table"]): string {
    const ids = [...this.#rows.values()].filter((row) => row.table === table).map((row) => row.id);
    return JSON.stringify(ids);
  }

  /** Forgets what is known, so that a full read can find it anew. */
  clear(): void {
    this.#rows.clear();
  }

  all(): readonly ParkedRow[] {
    return [...this.#rows.values()];
  }
}
