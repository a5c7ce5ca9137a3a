// The application menu as a template: the window's commands under the platform's own names and places.
import type { MenuItemConstructorOptions } from "electron";
import type { WindowCommand } from "../../shared/window-command.ts";

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  readonly openLogs: () => void;
  readonly openData: () => void;
  readonly checkForUpdates: () => void;
  /** Brings the window to the front and asks it for something. */
  readonly command: (command: WindowCommand) => void;
}

type Items = MenuItemConstructorOptions[];
const line: MenuItemConstructorOptions = { type: "separator" };

/**
 * Keys that are shown here are heard by the page, which knows what a person changed them to: on Windows and Linux they are
 * for reading only, on macOS the page gets them first.
 */
export function menuTemplate(options: MenuOptions): Items {
  const mac = options.platform === "darwin";
  return [
    ...(mac ? [{ role: "appMenu" as const }] : []),
    { label: "&File", submenu: fileMenu(options, mac) },
    { role: "editMenu" },
    { label: "&View", submenu: viewMenu(options) },
    { label: "&Transfers", submenu: transfersMenu(options) },
    { role: "windowMenu" },
    { role: "help", submenu: helpMenu(options, mac) },
  ];
}

function asks(options: MenuOptions, label: string, id: string, keys?: string): MenuItemConstructorOptions {
  return {
    label,
    ...(keys === undefined ? {} : { accelerator: keys, registerAccelerator: false }),
    click: () => options.command({ kind: "command", id }),
  };
}

function shows(
  options: MenuOptions,
  label: string,
  screen: Extract<WindowCommand, { kind: "screen" }>["screen"],
  keys: string,
): MenuItemConstructorOptions {
  return {
    label,
    accelerator: keys,
    registerAccelerator: false,
    click: () => options.command({ kind: "screen", screen }),
  };
}

function fileMenu(options: MenuOptions, mac: boolean): Items {
  return [
    asks(options, "Add registry…", "registries.add"),
    asks(options, "Import from docker and podman…", "registries.import"),
    line,
    shows(options, "Settings…", "settings", "CmdOrCtrl+,"),
    line,
    mac ? { role: "close" } : { role: "quit" },
  ];
}

function viewMenu(options: MenuOptions): Items {
  return [
    shows(options, "Transfer", "transfer", "CmdOrCtrl+1"),
    shows(options, "Transfers", "transfers", "CmdOrCtrl+2"),
    shows(options, "Jobs", "jobs", "CmdOrCtrl+3"),
    shows(options, "History", "history", "CmdOrCtrl+4"),
    shows(options, "Registries", "registries", "CmdOrCtrl+5"),
    line,
    asks(options, "Command palette…", "app.palette", "CmdOrCtrl+K"),
    asks(options, "Log", "view.log"),
    line,
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
    line,
    { role: "togglefullscreen" },
    ...(options.devTools ? [line, { role: "reload" as const }, { role: "toggleDevTools" as const }] : []),
  ];
}

function transfersMenu(options: MenuOptions): Items {
  return [
    asks(options, "Pause all", "runs.pauseAll"),
    asks(options, "Resume all", "runs.resumeAll"),
    line,
    asks(options, "Copy to other pane", "panes.copyToOther", "F5"),
  ];
}

function helpMenu(options: MenuOptions, mac: boolean): Items {
  return [
    asks(options, "Keyboard shortcuts", "app.shortcuts"),
    { label: "Check for updates…", click: options.checkForUpdates },
    line,
    { label: "Open data folder", click: options.openData },
    { label: "Open log folder", click: options.openLogs },
    ...(mac ? [] : [line, { role: "about" as const }]),
  ];
}
