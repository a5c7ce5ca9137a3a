// What the desktop does around the window by itself: notices, taskbar, tray, keeping awake, the end of the queue.
import type { BrowserWindow } from "electron";
import type { WindowCommand } from "../../shared/window-command.ts";
import { watchQueueEnd } from "./after-queue.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { ElectronParts } from "./electron-parts.ts";
import { DeskNews } from "./news.ts";
import { Notifier } from "./notifier.ts";
import { keepAwake } from "./power.ts";
import { showInTaskbar } from "./taskbar.ts";
import { DeskTray } from "./tray.ts";

export interface MannersOptions {
  readonly electron: ElectronParts;
  readonly app: DesktopApp;
  readonly platform: NodeJS.Platform;
  readonly window: () => BrowserWindow | undefined;
  /** Brings the window to the front. */
  readonly show: () => void;
  readonly onProblem: (error: unknown) => void;
}

export interface Manners {
  readonly tray: DeskTray;
  /** Closing the window leaves the program in the tray. */
  readonly closesToTray: () => boolean;
  readonly looksForUpdates: () => boolean;
}

/** Starts them all; they end with the app. */
export async function haveManners(options: MannersOptions): Promise<Manners> {
  const { electron, app, platform, window, show, onProblem } = options;
  const news = new DeskNews(app.connectDirect(), onProblem);
  await news.open();
  const bring = (command: WindowCommand): void => {
    show();
    app.sendCommand(command);
  };
  const notifier = new Notifier({
    Notification: electron.Notification,
    news,
    isFocused: () => window()?.isFocused() ?? false,
    onOpen: ([runId]) =>
      bring(runId === undefined ? { kind: "screen", screen: "transfers" } : { kind: "run", runId }),
  });
  showInTaskbar({ app: electron.app, news, window });
  watchQueueEnd({
    app,
    news,
    notify: (notice) => notifier.show({ ...notice, runIds: [] }),
    quit: () => electron.app.quit(),
  });
  const tray = new DeskTray({
    electron,
    news,
    platform,
    onShow: show,
    onRun: (runId) => bring({ kind: "run", runId }),
    onQuit: () => electron.app.quit(),
    onProblem,
  });
  const closesToTray = (): boolean => news.setting("closeToTray");
  if (closesToTray()) tray.show();
  stayAwake(electron, app, news);
  news.listen({
    settingChanged: (key) => {
      if (key !== "closeToTray") return;
      if (closesToTray()) tray.show();
      else if (window()?.isVisible() === true) tray.hide();
    },
  });
  return { tray, closesToTray, looksForUpdates: () => news.setting("checkForUpdates") };
}

/** While transfers run, unless the person does not want that. */
function stayAwake(electron: ElectronParts, app: DesktopApp, news: DeskNews): void {
  const awake = keepAwake(electron.powerSaveBlocker);
  const update = (): void => awake(news.setting("keepAwake") ? app.activeRuns : 0);
  app.onActivity(update);
  news.listen({ settingChanged: update });
  // What was interrupted last time already runs again.
  update();
}
