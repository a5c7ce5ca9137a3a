// The shell once Electron is ready: session, app, window, menu, power; and how they end.
import { join } from "node:path";
import type { BrowserWindow, Session } from "electron";
import { toFreightlinerError } from "../../shared/errors.ts";
import type { Desk } from "../app/desk.ts";
import { readRendererFiles } from "../app/renderer-files.ts";
import { version } from "../app/version.ts";
import { serveRenderer } from "./app-protocol.ts";
import { type CrashLog, reviveCrashedPage } from "./crash.ts";
import { makeDesk, openFolder } from "./desk.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { ElectronParts } from "./electron-parts.ts";
import { serveWindow } from "./ipc-transport.ts";
import { LinkInbox } from "./links.ts";
import { haveManners, type Manners } from "./manners.ts";
import { menuTemplate } from "./menu.ts";
import { QuitGuard } from "./quit.ts";
import { refusedLinks } from "./refused-links.ts";
import { hardenSession } from "./security.ts";
import { HelloWatch, smoke } from "./smoke.ts";
import { type Updater, Updates, updateEveryMs } from "./updates.ts";
import { createWindow, loadStartPage } from "./window.ts";
import { keepWindowState, readWindowState } from "./window-state.ts";

/** Milliseconds that a quit may take: as long as the engine may need to bring parts of blobs to their end (engine/lingering.ts). */
const quitLimitMs = 9_000;

export interface ShellOptions {
  readonly electron: ElectronParts;
  readonly createApp: (desk: Desk) => Promise<DesktopApp>;
  /** What finds and installs newer versions; undefined where this installation cannot. */
  readonly loadUpdater: () => Promise<Updater | undefined>;
  readonly log: CrashLog & { warn(fields: object, message: string): void };
  /** Data folder. */
  readonly home: string;
  /** Folder of the built renderer. */
  readonly rendererFolder: string;
  /** Absolute path of the preload bundle. */
  readonly preload: string;
  readonly argv: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly now: () => number;
  readonly smoke: boolean;
  /** Writes the smoke run's report. */
  readonly print: (line: string) => void;
  /** Milliseconds; for tests. */
  readonly deadlines?: { readonly quitMs?: number; readonly smokeMs?: number };
}

export class Shell {
  readonly guard: QuitGuard;
  readonly links: LinkInbox;
  readonly #options: ShellOptions;
  readonly #watch = new HelloWatch();
  #manners: Manners | undefined;
  #app: DesktopApp | undefined;
  #session: Session | undefined;
  #window: BrowserWindow | undefined;

  constructor(options: ShellOptions) {
    this.#options = options;
    const { electron } = options;
    this.guard = new QuitGuard({
      app: () => this.#app,
      dialog: electron.dialog,
      quit: () => electron.app.quit(),
      hide: () => this.#putAway(),
      deadlineMs: options.deadlines?.quitMs ?? quitLimitMs,
      onProblem: (error) => this.problem(error),
    });
    this.links = new LinkInbox({
      onWaiting: (waiting) => this.#app?.linkWaiting(waiting),
      onRefused: refusedLinks({ electron, onProblem: (error) => this.problem(error) }),
    });
  }

  /** Builds everything, in the order in which one part needs the other. */
  async boot(): Promise<void> {
    const { electron, createApp } = this.#options;
    const developing = !electron.app.isPackaged;
    const session = electron.session.fromPartition("freightliner-ui");
    const files = await readRendererFiles(this.#options.rendererFolder);
    session.protocol.handle("app", serveRenderer(files));
    hardenSession(session, { developing });
    hardenSession(electron.session.defaultSession, { developing: false });
    this.#session = session;
    const updates = new Updates({
      updater: await this.#options.loadUpdater(),
      version,
      onChanged: (status) => this.#app?.updateChanged(status),
      activeRuns: () => this.#app?.activeRuns ?? 0,
      leave: () => this.guard.prepare(),
      quit: () => electron.app.quit(),
    });
    const app = await createApp(makeDesk({ shell: electron.shell, links: this.links, updates }));
    this.#app = app;
    app.onActivity((active) => {
      // An update that waits for this ends the program by itself, and begins it again.
      updates.onActivity(active);
      this.guard.onActivity(active);
    });
    const manners = await haveManners({
      electron,
      app,
      platform: this.#options.platform,
      window: () => this.#window,
      show: () => this.show(),
      onProblem: (error) => this.problem(error),
    });
    this.#manners = manners;
    this.#lookForUpdates(updates, manners);
    electron.powerMonitor.on("shutdown", () => void this.guard.leave());
    this.#setMenu(developing, updates);
    await this.#open();
    if (this.#options.smoke) await this.#smoke();
  }

  /** Brings the window to the front, or opens it again. */
  show(): void {
    this.guard.shown();
    const window = this.#window;
    if (window === undefined) {
      if (this.#app !== undefined) void this.#open().catch((error: unknown) => this.problem(error));
      return;
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    if (this.#manners?.closesToTray() === false) this.#manners.tray.hide();
  }

  allWindowsClosed(): void {
    // On macOS a program stays without windows.
    if (this.#options.platform !== "darwin") this.#options.electron.app.quit();
  }

  /** Pauses what runs, with the deadline of a quit. */
  async checkpoint(): Promise<void> {
    const limit = this.#options.deadlines?.quitMs ?? quitLimitMs;
    const late = new Promise<void>((resolve) => setTimeout(resolve, limit).unref());
    await Promise.race([this.#app?.close(), late]);
  }

  problem(error: unknown): void {
    this.#options.log.error({ err: error }, "something failed in the shell");
  }

  /** Nothing can be shown: say why and end. */
  failed(error: unknown): void {
    const { electron } = this.#options;
    this.problem(error);
    const { message } = toFreightlinerError(error, "start");
    if (this.#options.smoke) this.#options.print(JSON.stringify({ ok: false, error: message }));
    else electron.dialog.showErrorBox("Freightliner cannot start", message);
    electron.app.exit(1);
  }

  async #open(): Promise<void> {
    const { electron, preload, log, now } = this.#options;
    const app = this.#app;
    const session = this.#session;
    // A link or a second start may ask for the window before the boot has come to it.
    if (app === undefined || session === undefined || this.#window !== undefined) return;
    const devTools = !electron.app.isPackaged;
    const stateFile = join(this.#options.home, "desktop", "window.json");
    const state = readWindowState(stateFile, electron.screen);
    const window = createWindow({ electron, session, preload, devTools, state, show: !this.#options.smoke });
    this.#window = window;
    keepWindowState(stateFile, window, (error) => this.problem(error));
    serveWindow({
      contents: window.webContents,
      connect: (pipe) => app.connect(pipe),
      onProblem: (error) => this.problem(error),
      onRefused: (reason) => log.warn({ reason }, "the window's IPC was refused"),
      onTraffic: (direction, frame) => this.#watch.see(direction, frame),
    });
    reviveCrashedPage({ window, dialog: electron.dialog, log, now });
    window.on("close", (event) => {
      if (this.guard.isLeaving) return;
      if (this.#manners?.closesToTray() === true && this.#manners.tray.show()) {
        event.preventDefault();
        window.hide();
        return;
      }
      if (this.#options.platform === "darwin" || this.guard.mayCloseWindow()) return;
      event.preventDefault();
      electron.app.quit();
    });
    window.on("closed", () => {
      this.#window = undefined;
    });
    // Windows says goodbye this way and sends no before-quit.
    window.on("session-end", () => void this.guard.leave());
    await loadStartPage(window);
  }

  /** Transfers go on without a window; the tray says so and brings it back. */
  #putAway(): void {
    this.#manners?.tray.show();
    this.#window?.hide();
  }

  #lookForUpdates(updates: Updates, manners: Manners): void {
    if (updates.get().state === "unsupported" || this.#options.smoke) return;
    const look = (): void => {
      if (!manners.looksForUpdates()) return;
      updates.check(AbortSignal.timeout(60_000)).catch((error: unknown) => this.problem(error));
    };
    look();
    setInterval(look, updateEveryMs).unref();
  }

  /** Where the person asked for it: what was found is shown in the settings. */
  #checkForUpdates(updates: Updates): void {
    updates.check(AbortSignal.timeout(60_000)).catch((error: unknown) => this.problem(error));
    this.show();
    this.#app?.sendCommand({ kind: "screen", screen: "settings" });
  }

  #setMenu(devTools: boolean, updates: Updates): void {
    const { electron, home, platform } = this.#options;
    const open = (folder: string) => (): void => {
      openFolder(electron.shell, folder).catch((error: unknown) => this.problem(error));
    };
    const template = menuTemplate({
      platform,
      devTools,
      openData: open(home),
      openLogs: open(join(home, "logs")),
      checkForUpdates: () => this.#checkForUpdates(updates),
      command: (command) => {
        this.show();
        this.#app?.sendCommand(command);
      },
    });
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template));
  }

  async #smoke(): Promise<void> {
    const app = this.#app;
    if (app === undefined) return;
    const report = await smoke({
      watch: this.#watch,
      readiness: () => app.readiness(),
      deadlineMs: this.#options.deadlines?.smokeMs ?? 30_000,
    });
    this.#options.print(JSON.stringify(report));
    await this.checkpoint();
    this.#options.electron.app.exit(report.ok ? 0 : 1);
  }
}
