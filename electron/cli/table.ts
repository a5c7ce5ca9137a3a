// Aligned columns for people: as wide as their widest cell, numbers to the right.
import { plainText } from "../../shared/plain-text.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Lines without a trailing blank; cells are made safe for a terminal. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => columns.map((_, index) => plainText(row[index] ?? "")));
  const widths = columns.map((column, index) =>
    cells.reduce((widest, row) => Math.max(widest, row[index]?.length ?? 0), column.title.length),
  );
  const line = (row: readonly string[]): string =>
    columns
      .map((column, index) => {
        const cell = row[index] ?? "";
        const width = widths[index] ?? 0;
        return column.align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...cells.map(line)];
}

/** `Name   value` lines. */
export function factLines(facts: readonly (readonly [string, string])[]): string[] {
  const width = facts.reduce((widest, [name]) => Math.max(widest, name.length), 0);
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${plainText(value)}`.trimEnd());
}
