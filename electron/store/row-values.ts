// What SQLite returns is unknown until parsed: JSON columns, flags, and errors that name the row.
import { z } from "zod";
import { FreightlinerError } from "../../shared/errors.ts";

export type Readable<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** A column that holds JSON; a text that is none becomes an issue of the row. */
export const jsonColumn = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

export const flagColumn = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1);

export function readRow<S extends z.ZodType>(schema: S, row: unknown): Readable<z.output<S>> {
  const parsed = schema.safeParse(row);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, reason: z.prettifyError(parsed.error) };
}

export function unreadable(table: string, id: string | number, reason: string): FreightlinerError {
  return new FreightlinerError({
    code: "store",
    operation: "read-row",
    message: `The row ${id} of ${table} cannot be read: ${reason.slice(0, 500)}`,
  });
}

export function notFound(what: string, id: string | number): FreightlinerError {
  return new FreightlinerError({
    code: "not-found",
    operation: `get-${what}`,
    message: `There is no ${what} "${id}".`,
  });
}
