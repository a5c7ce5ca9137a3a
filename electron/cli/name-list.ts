// Names on stdout while they are read: one a line, or one a line inside the one JSON document.
import { type FreightlinerError, toFreightlinerError, toWire } from "../../shared/errors.ts";
import { LateValue, PagedList } from "../app/json-pieces.ts";
import { errorDocument } from "../app/run-document.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import { errorLines } from "./run-text.ts";
import { printDocument, printLines, printNote, type Session } from "./session.ts";

export interface NameList {
  /** The names, page by page. */
  readonly pages: AsyncIterable<readonly string[]>;
  /** The list's name in the JSON document, and what stands before it there. */
  readonly name: string;
  readonly before?: object;
  /** What stands behind it there; asked for when all names are read. */
  readonly complete?: () => boolean;
}

/**
 * Prints them as they come. A list that breaks off in the middle keeps what was printed: with --json the document says
 * why and is whole all the same. @throws what the first page throws.
 */
export async function printNames({ io, globals }: Session, list: NameList): Promise<ExitCode> {
  const pages = list.pages[Symbol.asyncIterator]();
  let page = await pages.next();
  let failure: FreightlinerError | undefined;
  const names = async function* (): AsyncGenerator<readonly string[]> {
    try {
      for (; page.done !== true; page = await pages.next()) yield page.value;
    } catch (thrown) {
      failure = toFreightlinerError(thrown, "list");
    }
  };
  if (globals.json) {
    const isWhole = (): boolean => failure === undefined && (list.complete?.() ?? true);
    const error = (): object | undefined =>
      failure === undefined ? undefined : errorDocument(toWire(failure));
    await printDocument(io, {
      ...list.before,
      [list.name]: new PagedList(names),
      complete: list.complete === undefined ? undefined : new LateValue(isWhole),
      error: new LateValue(error),
    });
  } else {
    for await (const some of names()) {
      printLines(io, some);
      await io.stdout.drained?.();
    }
  }
  if (failure === undefined) return exitCodes.done;
  const { message, causes } = toWire(failure);
  printNote(io, errorLines(message, causes).join("\n"));
  return exitCodeOf(failure.code);
}
