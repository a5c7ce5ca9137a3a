// Structured logs as JSON lines. Secrets are redacted by key, and nothing that logs ever gets one to begin with.
import { dirname } from "node:path";
import { type Logger, pino } from "pino";
import { makeFolder } from "./data-folder.ts";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;
export type LogLevel = "debug" | "info" | "warn" | "error";

const secretKeys = ["password", "secret", "token", "authorization", "cookie", "credential"];

/** Writes to a file descriptor (2 is stderr) or a file; lines are written at once, so that a crash loses none. */
export function createLog(options: { readonly level: LogLevel; readonly destination: number | string }): Log {
  if (typeof options.destination === "string") makeFolder(dirname(options.destination));
  return pino(
    {
      level: options.level,
      base: null,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "[redacted]" },
    },
    pino.destination({ dest: options.destination, sync: true }),
  );
}

/** For tests and for faces that show errors themselves. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
