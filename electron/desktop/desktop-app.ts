// What the shell needs of the app behind it.
import type { ContractClient } from "../../shared/client.ts";
import type { UpdateStatus } from "../../shared/update.ts";
import type { WindowCommand } from "../../shared/window-command.ts";
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import type { Leavable } from "./quit.ts";

export interface DesktopApp extends Leavable {
  connect(pipe: FramePipe<HostFrame>): void;
  connectDirect(): ContractClient;
  sendCommand(command: WindowCommand): void;
  linkWaiting(waiting: number): void;
  updateChanged(status: UpdateStatus): void;
  onActivity(listener: (active: number) => void): () => void;
  readiness(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, string>> }>;
}
