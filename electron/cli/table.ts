// Aligned columns for people: as wide as their widest cell, numbers to the right.
import { plainText } from "../../shared/plain-text.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Lines without a trailing blank; cells are made safe for a terminal. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return new PagedTable(columns).lines(rows);
}

/** A table whose rows come in pages: columns get wider where a later page needs it, and never narrower. */
export class PagedTable {
  readonly #columns: readonly Column[];
  #widths: readonly number[];
  #begun = false;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#widths = columns.map((column) => column.title.length);
  }

  /** False while not even the titles were given out. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The lines of one more page; the titles stand before the first. */
  lines(rows: readonly (readonly string[])[]): string[] {
    const cells = rows.map((row) => this.#columns.map((_, index) => plainText(row[index] ?? "")));
    this.#widths = this.#widths.map((width, index) =>
      cells.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), width),
    );
    const lines = cells.map((row) => this.#line(row));
    if (this.#begun) return lines;
    this.#begun = true;
    return [this.#line(this.#columns.map((column) => column.title)), ...lines];
  }

  #line(row: readonly string[]): string {
    return this.#columns
      .map((column, index) => {
        const cell = row[index] ?? "";
        const width = this.#widths[index] ?? 0;
        return column.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  }
}

/** `Name   value` lines. */
export function factLines(facts: readonly (readonly [string, string])[]): string[] {
  const width = facts.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${plainText(value)}`.trimEnd());
}
