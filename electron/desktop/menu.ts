// The application menu as a template; Electron's roles bring names, shortcuts and enabling of the platform.
import type { MenuItemConstructorOptions } from "electron";

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  readonly openLogs: () => void;
  readonly openData: () => void;
}

export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === "darwin";
  const view: MenuItemConstructorOptions[] = [
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
    { type: "separator" },
    { role: "togglefullscreen" },
  ];
  const developer: MenuItemConstructorOptions[] = [
    { type: "separator" },
    { role: "reload" },
    { role: "toggleDevTools" },
  ];
  return [
    ...(mac ? [{ role: "appMenu" as const }] : []),
    { label: "&File", submenu: [mac ? { role: "close" } : { role: "quit" }] },
    { role: "editMenu" },
    { label: "&View", submenu: options.devTools ? [...view, ...developer] : view },
    { role: "windowMenu" },
    {
      role: "help",
      submenu: [
        { label: "Open data folder", click: options.openData },
        { label: "Open log folder", click: options.openLogs },
        ...(mac ? [] : [{ type: "separator" as const }, { role: "about" as const }]),
      ],
    },
  ];
}
