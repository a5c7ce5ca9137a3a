// The lines of the log while the drawer is open: read on once a second, the last ones kept.
import { useEffect, useState } from "react";
import type { MethodInput } from "../../../shared/contract.ts";
import { type FreightlinerError, toFreightlinerError } from "../../../shared/errors.ts";
import type { LogLine } from "../../../shared/log-line.ts";
import { call } from "../../api/client.ts";

export const keptLines = 5000;
const pollMs = 1000;
const pageSize = 1000;

export interface LogQuery {
  readonly runId: string | undefined;
  readonly level: LogLine["level"];
  readonly text: string;
}

export interface LogLines {
  readonly lines: readonly LogLine[];
  readonly error: FreightlinerError | undefined;
  readonly loaded: boolean;
}

const nothing: LogLines = { lines: [], error: undefined, loaded: false };

/** Reads anew where the query changes, then what came since. A hidden page does not ask. */
export function useLogLines({ runId, level, text }: LogQuery): LogLines {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    let after: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState(nothing);
    const read = async (): Promise<void> => {
      try {
        if (!document.hidden || after === undefined) {
          const page = await call("logs.read", paramsOf({ runId, level, text }, after), stop.signal);
          after = page.next;
          setState((before) => added(before, page.lines));
        }
      } catch (thrown) {
        if (stop.signal.aborted) return;
        const error = toFreightlinerError(thrown, "logs.read");
        setState((before) => ({ ...before, error, loaded: true }));
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void read(), pollMs);
    };
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [runId, level, text]);
  return state;
}

function paramsOf({ runId, level, text }: LogQuery, after: number | undefined): MethodInput<"logs.read"> {
  return {
    level,
    limit: pageSize,
    ...(runId === undefined ? {} : { runId }),
    ...(text === "" ? {} : { text }),
    ...(after === undefined ? {} : { after }),
  };
}

/** The same object where nothing came, so that nothing is drawn. */
function added(before: LogLines, lines: readonly LogLine[]): LogLines {
  if (lines.length === 0 && before.loaded && before.error === undefined) return before;
  return { lines: [...before.lines, ...lines].slice(-keptLines), error: undefined, loaded: true };
}

/** One line of the file that is saved. */
export function plainLine({ at, level, message, runId, fields }: LogLine): string {
  const run = runId === null ? "" : ` [${runId}]`;
  return `${new Date(at).toISOString()} ${level.padEnd(5)}${run} ${message}${fields === "{}" || fields === "" ? "" : ` ${fields}`}`;
}
