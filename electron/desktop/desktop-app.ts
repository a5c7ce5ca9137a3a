// What the shell needs of the app behind it.
import type { FramePipe, HostFrame } from "../../shared/wire.ts";
import type { Leavable } from "./quit.ts";

export interface DesktopApp extends Leavable {
  connect(pipe: FramePipe<HostFrame>): void;
  onActivity(listener: (active: number) => void): () => void;
  readiness(): Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, string>> }>;
}
