// What the desktop program can do beside the engine's work.
import type { Capabilities } from "../../shared/contract.ts";

export function desktopCan(updates: boolean): Capabilities["can"] {
  return {
    notify: true,
    badge: true,
    tray: true,
    keepAwake: true,
    menus: true,
    openFolders: true,
    filePaths: true,
    deepLinks: true,
    updates,
  };
}
