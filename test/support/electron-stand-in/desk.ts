// Stand-ins for what lies around a window: notifications, the tray, images and screens; everything is recorded.
import { EventEmitter } from "node:events";
import type { MenuItemConstructorOptions, NotificationConstructorOptions } from "electron";
import type { StandInApp } from "./app.ts";

export class StandInNotification extends EventEmitter {
  readonly options: NotificationConstructorOptions;
  shown = false;
  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    this.shown = true;
  }
}

export class StandInTray extends EventEmitter {
  toolTip = "";
  menu: MenuItemConstructorOptions[] = [];
  destroyed = false;

  setToolTip(text: string): void {
    this.#alive();
    this.toolTip = text;
  }
  setContextMenu(menu: unknown): void {
    this.#alive();
    this.menu = menu as MenuItemConstructorOptions[];
  }
  destroy(): void {
    this.destroyed = true;
  }
  /** A person chooses the item with that label. */
  choose(label: string): void {
    const item = this.menu.find((candidate) => candidate.label === label);
    if (item === undefined || item.enabled === false) throw new Error(`nobody can choose "${label}"`);
    item.click?.({} as never, undefined, {} as never);
  }
  #alive(): void {
    if (this.destroyed) throw new TypeError("Object has been destroyed");
  }
}

export interface StandInDesk {
  readonly notifications: StandInNotification[];
  readonly trays: StandInTray[];
  /** The exports of Electron. */
  readonly parts: Readonly<Record<"Notification" | "Tray" | "nativeImage" | "screen", unknown>>;
}

export function standInDesk(app: StandInApp): StandInDesk {
  const notifications: StandInNotification[] = [];
  const trays: StandInTray[] = [];
  class Notification extends StandInNotification {
    static isSupported(): boolean {
      return true;
    }
    constructor(options: NotificationConstructorOptions) {
      app.afterReady("new Notification");
      super(options);
      notifications.push(this);
    }
  }
  class Tray extends StandInTray {
    constructor(_image: unknown) {
      app.afterReady("new Tray");
      super();
      trays.push(this);
    }
  }
  const nativeImage = {
    createFromDataURL: (url: string) => {
      if (!url.startsWith("data:image/png;base64,iVBOR")) throw new Error("not a PNG");
      return { setTemplateImage: () => {} };
    },
  };
  const screen = {
    getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
  };
  return { notifications, trays, parts: { Notification, Tray, nativeImage, screen } };
}
