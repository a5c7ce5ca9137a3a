// Boot order of the desktop program: what must come before Electron is ready, then the shell.
import { join } from "node:path";
import { deepLinkScheme } from "../../shared/deep-link.ts";
import { makeFolder } from "../app/data-folder.ts";
import { appScheme } from "./app-protocol.ts";
import { uncaughtHandler } from "./crash.ts";
import { openExternally } from "./external-links.ts";
import { afterCrashSwitch, type LaunchOptions } from "./launch-options.ts";
import { hardenContents } from "./security.ts";
import { Shell, type ShellOptions } from "./shell.ts";

export interface StartOptions extends Omit<ShellOptions, "smoke"> {
  readonly launch: LaunchOptions;
  /** Where uncaught errors and signals are heard: the process, or a test's own. */
  readonly process: Pick<NodeJS.EventEmitter, "on">;
}

/**
 * Starts the desktop program. Everything up to `whenReady` is synchronous, and nothing here is awaited: a main module
 * that waits for ready before it has been evaluated waits for ever.
 */
export function startDesktop(options: StartOptions): void {
  const { electron, home, launch, log } = options;
  const { app, crashReporter, protocol } = electron;
  app.setName("Freightliner");
  // The single-instance lock lies in userData, so two data folders are two programs.
  const userData = join(home, "desktop");
  makeFolder(userData);
  app.setPath("userData", userData);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  if (app.isPackaged && isDebugged(app.commandLine)) {
    log.error({}, "refused to start under a remote debugger");
    app.exit(1);
    return;
  }
  crashReporter.start({ uploadToServer: false });
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([appScheme]);
  electron.Menu.setApplicationMenu(null);

  const shell = new Shell({ ...options, smoke: launch.smoke });
  hardenContents(app, (address) => {
    setImmediate(
      () => void openExternally(address, electron).catch((error: unknown) => shell.problem(error)),
    );
  });
  app.on("second-instance", (_event, argv) => {
    shell.links.offerAll(argv);
    shell.show();
  });
  // macOS hands links over this way, also before it is ready.
  app.on("open-url", (event, address) => {
    event.preventDefault();
    shell.links.offer(address);
    shell.show();
  });
  shell.links.offerAll(options.argv);
  // An unpackaged program would register the bare Electron binary.
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme);
  app.on("activate", () => shell.show());
  app.on("window-all-closed", () => shell.allWindowsClosed());
  app.on("before-quit", (event) => {
    if (!shell.guard.mayQuit()) event.preventDefault();
  });
  app.on("child-process-gone", (_event, details) =>
    log.error({ details }, "a helper process of Electron ended"),
  );

  const relaunch = (): void => {
    if (!launch.afterCrash) app.relaunch({ args: [...options.argv.slice(1), afterCrashSwitch] });
    app.exit(1);
  };
  options.process.on(
    "uncaughtException",
    uncaughtHandler({ log, checkpoint: () => shell.checkpoint(), end: relaunch }),
  );
  options.process.on("unhandledRejection", (error) =>
    log.error({ err: error }, "a promise that nobody awaited failed"),
  );
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    options.process.on(signal, () => void shell.guard.leave());
  }
  void app
    .whenReady()
    .then(() => shell.boot())
    .catch((error: unknown) => shell.failed(error));
}

function isDebugged(commandLine: Electron.CommandLine): boolean {
  return commandLine.hasSwitch("remote-debugging-port") || commandLine.hasSwitch("remote-debugging-pipe");
}
