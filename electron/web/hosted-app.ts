// What the web host needs of the app: its one door and what the operational endpoints show.
import type { FramePipe, HostFrame } from "../../shared/wire.ts";

export interface HostedApp {
  /** Serves one client until its pipe closes. */
  connect(pipe: FramePipe<HostFrame>): void;
  readiness(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, string>> }>;
  /** Prometheus text. */
  metrics(): Promise<string>;
}

/** The part of the app's log that the host writes to. */
export interface HostLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
