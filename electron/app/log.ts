// Structured logs as JSON lines. Secrets are redacted by key, and nothing that logs ever gets one to begin with.
import { dirname } from "node:path";
import { type DestinationStream, type Logger, pino } from "pino";
import { makeFolder } from "./data-folder.ts";
import { LogRing } from "./log-ring.ts";

export interface Log extends Pick<Logger, "debug" | "info" | "warn" | "error"> {
  /** The last lines in memory, where somebody may read them. */
  readonly ring?: LogRing;
}
export type LogLevel = "debug" | "info" | "warn" | "error";

const secretKeys = ["password", "secret", "token", "authorization", "cookie", "credential"];

/**
 * Writes to a file descriptor (2 is stderr) or a file; lines are written at once, so that a crash loses none. What goes to
 * a file is kept in memory, too, to be shown: from `info` on, also where the file takes less.
 */
export function createLog(options: { readonly level: LogLevel; readonly destination: number | string }): Log {
  const { level, destination } = options;
  if (typeof destination !== "string") return written(level, toDestination(destination));
  makeFolder(dirname(destination));
  const ring = new LogRing();
  const shown = level === "debug" ? "debug" : "info";
  const streams = pino.multistream([
    { level, stream: toDestination(destination) },
    { level: shown, stream: ring },
  ]);
  return Object.assign(written(shown, streams), { ring });
}

function toDestination(dest: number | string): DestinationStream {
  return pino.destination({ dest, sync: true });
}

function written(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[redacted]" },
    },
    destination,
  );
}

/** For tests and for faces that show errors themselves. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
