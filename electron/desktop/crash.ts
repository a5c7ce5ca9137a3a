// When something breaks: a page that died is loaded again, an uncaught error restarts the program once.
import type { BrowserWindow } from "electron";
import type { ElectronParts } from "./electron-parts.ts";

export interface CrashLog {
  error(fields: object, message: string): void;
}

const windowMs = 60_000;
const reloads = 3;

export interface PageCrashOptions {
  readonly window: BrowserWindow;
  readonly dialog: ElectronParts["dialog"];
  readonly log: CrashLog;
  readonly now: () => number;
}

/** Loads a page again that crashed; after three times in a minute the person is told instead. Transfers go on meanwhile. */
export function reviveCrashedPage({ window, dialog, log, now }: PageCrashOptions): void {
  let crashes: number[] = [];
  window.webContents.on("render-process-gone", (_event, { reason, exitCode }) => {
    if (reason === "clean-exit") return;
    log.error({ reason, exitCode }, "the window's page crashed");
    crashes = [...crashes, now()].filter((at) => now() - at < windowMs);
    if (crashes.length <= reloads) {
      window.webContents.reload();
      return;
    }
    const detail = "Transfers go on without it. Quit and start Freightliner again to see them.";
    dialog.showErrorBox("The window keeps crashing", detail);
  });
}

export interface UncaughtOptions {
  readonly log: CrashLog;
  /** Pauses what runs; must not take longer than a few seconds. */
  readonly checkpoint: () => Promise<void>;
  /** Starts the program again, or ends it where it was already started again after a crash. */
  readonly end: () => void;
}

/** Electron's own handler would show a dialog and go on with a program in an unknown state. */
export function uncaughtHandler({ log, checkpoint, end }: UncaughtOptions): (error: unknown) => void {
  let ending = false;
  return (error) => {
    log.error({ err: error }, "an error that nobody caught");
    if (ending) return;
    ending = true;
    void checkpoint()
      .catch((cause: unknown) => log.error({ err: cause }, "pausing after an uncaught error failed"))
      .then(end);
  };
}
