// The main window and its web preferences: sandboxed, isolated, without Node.
import type { BrowserWindow, Session, WebPreferences } from "electron";
import { startPage } from "./app-protocol.ts";
import type { ElectronParts } from "./electron-parts.ts";
import type { WindowState } from "./window-state.ts";

/** The same for every window. `contextIsolation: false` or `nodeIntegration: true` would silently end the sandbox. */
export const webPreferences = Object.freeze({
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  plugins: false,
  enableWebSQL: false,
  spellcheck: false,
  safeDialogs: true,
  disableWakeLocks: true,
  v8CacheOptions: "code",
} as const) satisfies Readonly<WebPreferences>;

export interface WindowOptions {
  readonly electron: Pick<ElectronParts, "BrowserWindow">;
  readonly session: Session;
  /** Absolute path of the preload bundle. */
  readonly preload: string;
  readonly devTools: boolean;
  /** False keeps it hidden, for the smoke run. */
  readonly show: boolean;
  /** Where it was last time. */
  readonly state?: WindowState | undefined;
}

/** Creates the window; `loadStartPage` then fills it, once everything listens. */
export function createWindow(options: WindowOptions): BrowserWindow {
  const { electron, session, preload, devTools, show, state } = options;
  const window = new electron.BrowserWindow({
    title: "Freightliner",
    width: state?.width ?? 1280,
    height: state?.height ?? 860,
    ...(state === undefined ? {} : { x: state.x, y: state.y }),
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: "#16181d",
    webPreferences: { ...webPreferences, preload, session, devTools },
  });
  if (show)
    window.once("ready-to-show", () => {
      // Shows it, too: earlier it would be an empty one.
      if (state?.maximized === true) window.maximize();
      window.show();
    });
  return window;
}

/** @throws where the page cannot be loaded at all. */
export async function loadStartPage(window: BrowserWindow): Promise<void> {
  await window.loadURL(startPage);
}
