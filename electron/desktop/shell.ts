// The shell once Electron is ready: session, app, window, menu, power; and how they end.
import { join } from "node:path";
import type { BrowserWindow, Session } from "electron";
import { toFreightlinerError } from "../../shared/errors.ts";
import { readRendererFiles } from "../app/renderer-files.ts";
import { serveRenderer } from "./app-protocol.ts";
import { type CrashLog, reviveCrashedPage } from "./crash.ts";
import type { DesktopApp } from "./desktop-app.ts";
import type { ElectronParts } from "./electron-parts.ts";
import { serveWindow } from "./ipc-transport.ts";
import { menuTemplate } from "./menu.ts";
import { keepAwake } from "./power.ts";
import { QuitGuard } from "./quit.ts";
import { hardenSession } from "./security.ts";
import { HelloWatch, smoke } from "./smoke.ts";
import { createWindow, loadStartPage } from "./window.ts";

/** Milliseconds that a quit may take: as long as the engine may need to bring parts of blobs to their end (engine/lingering.ts). */
const quitLimitMs = 9_000;

export interface ShellOptions {
  readonly electron: ElectronParts;
  readonly createApp: () => Promise<DesktopApp>;
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
  readonly #options: ShellOptions;
  readonly #watch = new HelloWatch();
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
      hide: () => this.#window?.hide(),
      deadlineMs: options.deadlines?.quitMs ?? quitLimitMs,
      onProblem: (error) => this.problem(error),
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
    this.#app = await createApp();
    const awake = keepAwake(electron.powerSaveBlocker);
    this.#app.onActivity((active) => {
      awake(active);
      this.guard.onActivity(active);
    });
    // What was interrupted last time already runs again.
    awake(this.#app.activeRuns);
    electron.powerMonitor.on("shutdown", () => void this.guard.leave());
    this.#setMenu(developing);
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
    if (app === undefined || session === undefined) return;
    const devTools = !electron.app.isPackaged;
    const window = createWindow({ electron, session, preload, devTools, show: !this.#options.smoke });
    this.#window = window;
    serveWindow({
      contents: window.webContents,
      connect: (pipe) => app.connect(pipe),
      onProblem: (error) => this.problem(error),
      onRefused: (reason) => log.warn({ reason }, "the window's IPC was refused"),
      onTraffic: (direction, frame) => this.#watch.see(direction, frame),
    });
    reviveCrashedPage({ window, dialog: electron.dialog, log, now });
    window.on("close", (event) => {
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

  #setMenu(devTools: boolean): void {
    const { electron, home, platform } = this.#options;
    const openFolder = (folder: string) => (): void => {
      void electron.shell.openPath(folder).then((problem) => {
        if (problem !== "") this.problem(new Error(problem));
      });
    };
    const template = menuTemplate({
      platform,
      devTools,
      openData: openFolder(home),
      openLogs: openFolder(join(home, "logs")),
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
