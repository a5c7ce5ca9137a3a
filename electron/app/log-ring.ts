// The last lines of the log in memory, as the window reads them; what comes here is redacted already.
import type { MethodParams, MethodResult } from "../../shared/contract.ts";
import type { LogLine } from "../../shared/log-line.ts";

const keptLines = 20_000;
/** Characters of a line's message and of its fields; what is longer is cut, as 20 000 long ones would be a gigabyte. */
const longestText = 4096;
/** Characters of one answer; what goes beyond it is left to the next. */
const longestAnswer = 2 * 1024 * 1024;

interface Kept {
  readonly id: number;
  readonly level: number;
  readonly text: string;
}

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

export class LogRing {
  readonly #lines: Kept[] = [];
  #lastId = 0;

  /** A line of JSON as pino writes it. */
  write(line: string): void {
    const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? levels.info);
    this.#lines.push({ id: ++this.#lastId, level, text: shortened(line.trimEnd()) });
    // In portions, as each shift moves all lines.
    if (this.#lines.length > keptLines + 1000) this.#lines.splice(0, this.#lines.length - keptLines);
  }

  /** @param query without `after` the last lines, with it the first ones behind it. */
  read(query: MethodParams<"logs.read">): MethodResult<"logs.read"> {
    const { after, limit } = query;
    const kept = this.#lines.slice(-keptLines);
    const matching = kept.filter((line) => line.id > (after ?? 0) && matches(line, query));
    const chosen =
      after === undefined
        ? fitting(matching.slice(-limit).reverse()).reverse()
        : fitting(matching.slice(0, limit));
    const isAll = after === undefined || chosen.length === matching.length;
    return { lines: chosen.map(lineOf), next: isAll ? this.#lastId : (chosen.at(-1)?.id ?? this.#lastId) };
  }
}

/** As many of the first lines as one answer takes. */
function fitting(lines: readonly Kept[]): Kept[] {
  let room = longestAnswer;
  return lines.filter(({ text }, at) => {
    room -= text.length;
    return at === 0 || room >= 0;
  });
}

/** The same line where it is long, with its texts cut: it stays JSON, and keeps whose run it is. */
function shortened(text: string): string {
  if (text.length <= longestText) return text;
  const { time, level, msg, runId, ...fields } = parsed(text);
  const cut = JSON.stringify(fields).slice(0, longestText);
  return JSON.stringify({ level, time, msg: messageOf(msg), ...(runId === undefined ? {} : { runId }), cut });
}

function messageOf(msg: unknown): string {
  return typeof msg === "string" ? msg.slice(0, longestText) : "";
}

function matches(line: Kept, { level, runId, text }: MethodParams<"logs.read">): boolean {
  if (line.level < levels[level]) return false;
  if (runId !== undefined && parsed(line.text).runId !== runId) return false;
  return text === undefined || line.text.toLowerCase().includes(text.toLowerCase());
}

function lineOf({ id, level, text }: Kept): LogLine {
  const { time, msg, level: _, ...fields } = parsed(text);
  return {
    id,
    at: typeof time === "number" ? time : 0,
    level:
      level >= levels.error
        ? "error"
        : level >= levels.warn
          ? "warn"
          : level >= levels.info
            ? "info"
            : "debug",
    message: messageOf(msg),
    runId: typeof fields.runId === "string" ? fields.runId : null,
    fields: JSON.stringify(fields).slice(0, 2 * longestText),
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
