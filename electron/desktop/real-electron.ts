// The one import of Electron in the main process.
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from "electron";
import type { ElectronParts } from "./electron-parts.ts";

export const realElectron: ElectronParts = {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  Menu,
  Notification,
  nativeImage,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
};
