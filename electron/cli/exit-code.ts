// The exit codes of the command line, decided from what happened and nothing else.
import type { ErrorCode } from "../../shared/errors.ts";
import type { RunState } from "../../shared/run.ts";

export const exitCodes = {
  done: 0,
  someFailed: 1,
  usage: 2,
  authentication: 3,
  unreachable: 4,
  verification: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For an error that ended the whole command. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  switch (code) {
    case "usage":
    case "configuration":
    case "invalid-reference":
    case "mapping-collision":
    case "not-found":
    case "illegal-transition":
      return exitCodes.usage;
    case "unauthorized":
    case "forbidden":
    case "locked":
      return exitCodes.authentication;
    case "unreachable":
    case "tls":
    case "timeout":
      return exitCodes.unreachable;
    case "verification-failed":
      return exitCodes.verification;
    case "cancelled":
      return exitCodes.interrupted;
    default:
      return exitCodes.someFailed;
  }
}

export interface RunEnd {
  readonly state: RunState;
  readonly stateReason: "user" | "shutdown" | "sign-in-needed" | "secrets-locked" | "lease-lost" | null;
  readonly error: { readonly code: ErrorCode } | null;
  /** Images that are at the destination now. */
  readonly arrived: number;
  readonly failed: number;
  /** The codes of the images that failed, each at least once. */
  readonly failedCodes: readonly ErrorCode[];
}

/**
 * For a run that ended. One image that could not be verified says 5 whatever else happened; where nothing arrived and
 * every image failed for one reason, that reason is the run's.
 */
export function exitCodeOfRun(end: RunEnd): ExitCode {
  if (end.stateReason === "sign-in-needed" || end.stateReason === "secrets-locked")
    return exitCodes.authentication;
  if (end.error !== null) return exitCodeOf(end.error.code);
  if (end.failedCodes.includes("verification-failed")) return exitCodes.verification;
  if (end.failed > 0) {
    const codes = new Set(end.failedCodes.map(exitCodeOf));
    const [only] = codes;
    const stopped = end.arrived === 0 && codes.size === 1 && only !== undefined;
    if (stopped && (only === exitCodes.authentication || only === exitCodes.unreachable)) return only;
    return exitCodes.someFailed;
  }
  if (end.state === "succeeded" || end.state === "planned") return exitCodes.done;
  return end.state === "failed" ? exitCodes.someFailed : exitCodes.interrupted;
}
