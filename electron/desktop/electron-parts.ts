// The parts of Electron that the shell uses, as one value: the real ones come from real-electron.ts, a test brings its own.

export type ElectronParts = Pick<
  typeof import("electron"),
  | "app"
  | "BrowserWindow"
  | "crashReporter"
  | "dialog"
  | "Menu"
  | "nativeImage"
  | "Notification"
  | "powerMonitor"
  | "powerSaveBlocker"
  | "protocol"
  | "safeStorage"
  | "screen"
  | "session"
  | "shell"
  | "Tray"
>;
