// A whole Electron main process without Electron: typed against electron.d.ts, everything it is told is recorded.
import { EventEmitter } from "node:events";
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  MenuItemConstructorOptions,
  MessageBoxOptions,
} from "electron";
import type { ElectronParts } from "../../../electron/desktop/electron-parts.ts";
import { PreventableEvent, StandInApp } from "./app.ts";
import { type StandInNotification, type StandInTray, standInDesk } from "./desk.ts";
import { StandInSafeStorage } from "./safe-storage.ts";
import { StandInSession } from "./session.ts";
import { StandInWindow } from "./window.ts";

export interface StandIn {
  readonly electron: ElectronParts;
  readonly app: StandInApp;
  readonly windows: StandInWindow[];
  readonly sessions: Map<string, StandInSession>;
  readonly schemes: CustomScheme[];
  readonly safeStorage: StandInSafeStorage;
  readonly powerMonitor: EventEmitter;
  /** Ids of the running power-save blockers. */
  readonly blockers: Set<number>;
  readonly opened: string[];
  readonly errorBoxes: string[];
  readonly messages: MessageBoxOptions[];
  /** Answers of the next message boxes: the button's number, or a promise of it. */
  readonly answers: (number | Promise<number>)[];
  menu: MenuItemConstructorOptions[] | null | undefined;
  crashReporter: unknown;
  readonly notifications: StandInNotification[];
  readonly trays: StandInTray[];
  /** The window that is shown; throws where there is none. */
  window(): StandInWindow;
}

export function createStandIn(): StandIn {
  const app = new StandInApp();
  const windows: StandInWindow[] = [];
  const sessions = new Map<string, StandInSession>();
  const sessionOf = (name: string): StandInSession => {
    app.afterReady("session");
    const known = sessions.get(name) ?? new StandInSession();
    sessions.set(name, known);
    return known;
  };
  let nextBlocker = 1;
  let registered = false;

  class BrowserWindow extends StandInWindow {
    constructor(options: BrowserWindowConstructorOptions) {
      app.afterReady("new BrowserWindow");
      const given = options.webPreferences?.session as unknown as StandInSession | undefined;
      super(options, given ?? sessionOf("default"));
      windows.push(this);
      this.on("closed", () => {
        windows.splice(windows.indexOf(this), 1);
        if (windows.length === 0 && !closing) app.emit("window-all-closed");
      });
      app.emit("web-contents-created", new PreventableEvent(), this.webContents);
    }
  }
  let closing = false;
  app.hooks = {
    closeWindows: () => {
      closing = true;
      for (const window of [...windows]) window.close();
      closing = false;
      return windows.length === 0;
    },
  };

  const desk = standInDesk(app);
  const self: StandIn = {
    app,
    notifications: desk.notifications,
    trays: desk.trays,
    windows,
    sessions,
    schemes: [],
    safeStorage: new StandInSafeStorage(app),
    powerMonitor: new EventEmitter(),
    blockers: new Set(),
    opened: [],
    errorBoxes: [],
    messages: [],
    answers: [],
    menu: undefined,
    crashReporter: undefined,
    window() {
      const [window] = windows;
      if (window === undefined) throw new Error("no window is open");
      return window;
    },
    electron: {
      app,
      ...desk.parts,
      BrowserWindow,
      crashReporter: {
        start: (options: unknown) => {
          self.crashReporter = options;
        },
      },
      dialog: {
        showErrorBox: (title: string, content: string) => self.errorBoxes.push(`${title}: ${content}`),
        showMessageBox: async (options: MessageBoxOptions) => {
          self.messages.push(options);
          return { response: (await self.answers.shift()) ?? options.cancelId ?? 0, checkboxChecked: false };
        },
      },
      Menu: {
        buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: MenuItemConstructorOptions[] | null) => {
          self.menu = menu;
        },
      },
      powerMonitor: self_powerMonitor(() => self),
      powerSaveBlocker: {
        start: (_type: string) => {
          app.afterReady("powerSaveBlocker");
          self.blockers.add(nextBlocker);
          return nextBlocker++;
        },
        stop: (id: number) => self.blockers.delete(id),
      },
      protocol: {
        registerSchemesAsPrivileged: (schemes: CustomScheme[]) => {
          app.beforeReady("registerSchemesAsPrivileged");
          if (registered) throw new Error("registerSchemesAsPrivileged can only be called once");
          registered = true;
          self.schemes.push(...schemes);
        },
      },
      get safeStorage() {
        return self.safeStorage;
      },
      session: {
        fromPartition: sessionOf,
        get defaultSession() {
          return sessionOf("default");
        },
      },
      shell: {
        openExternal: async (url: string) => void self.opened.push(url),
        openPath: async (path: string) => {
          self.opened.push(path);
          return "";
        },
      },
    } as unknown as ElectronParts,
  };
  return self;
}

/** Listening to the power monitor is only allowed after ready, too. */
function self_powerMonitor(of: () => StandIn): Pick<EventEmitter, "on"> {
  return {
    on: (name, listener) => {
      of().app.afterReady("powerMonitor");
      return of().powerMonitor.on(name, listener);
    },
  };
}
