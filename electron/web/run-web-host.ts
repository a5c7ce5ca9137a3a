// `serve` from start to end: builds the app and its host, prints the address, opens a window where asked, quits in order.
import { join } from "node:path";
import type { Config } from "../app/config.ts";
import { createApp } from "../app/create-app.ts";
import { createLog } from "../app/log.ts";
import { findBrowser, openWindow, realSurroundings } from "./browser.ts";
import { Fault } from "./fault.ts";
import { type LeaveRules, windowIsGone } from "./leave.ts";
import { startWebHost, type WebHost } from "./web-host.ts";
import { howToWish, listenForWishes } from "./wishes.ts";

export interface RunWebHostOptions {
  readonly config: Config;
  /** 0 for any free port. */
  readonly port: number;
  /** `window`: an installed Chromium-family browser, as a window of its own; `none`: the address is only printed. */
  readonly open: "window" | "none";
  /** Quit when the window is closed and nothing runs. */
  readonly leaveWithWindow: boolean;
  /** Lines for the person at the terminal. */
  readonly print: (line: string) => void;
  /** Ends the host in order, as SIGINT and SIGTERM do. */
  readonly stop: AbortSignal;
  /** Folder of the built renderer; by default beside the bundle that this is part of. */
  readonly rendererFolder?: string;
  readonly leaveRules?: Partial<LeaveRules>;
  /** Where errors are heard that nobody caught: the process, or a test's own. */
  readonly faults?: Pick<NodeJS.EventEmitter, "on" | "off">;
}

/**
 * Runs until told to stop, or until the window is gone where that was asked. Running transfers are paused and go on at
 * the next start; so it is at an error that nobody caught, which ends the host because its state is unknown then.
 * @throws FreightlinerError `internal` after such an error.
 * @throws FreightlinerError `configuration` where the port is taken or the renderer is not built.
 */
export async function runWebHost(options: RunWebHostOptions): Promise<void> {
  const { config, print, stop } = options;
  const log = createLog({ level: config.logLevel, destination: join(config.home, "logs", "web.log") });
  const app = await createApp({ face: "web", config, log });
  const fault = new Fault(options.faults ?? process, log);
  try {
    const host = await startWebHost({
      app,
      rendererFolder: options.rendererFolder ?? join(import.meta.dirname, "..", "renderer"),
      port: options.port,
      log,
      now: Date.now,
    });
    let stopListening = (): void => {};
    try {
      const window = show(options, host);
      stopListening = listenForWishes(process, () => print(`Freightliner is at ${host.newLaunchUrl()}`));
      const idle = (): boolean => host.connections === 0 && app.activeRuns === 0;
      await Promise.race([aborted(stop), window.gone(idle), fault.met]);
      print(app.activeRuns > 0 ? "Pausing transfers…" : "Stopping…");
      // While clients are still connected, so that they see their runs pause.
      await app.pauseAll();
      await window.close();
    } finally {
      stopListening();
      await host.close();
    }
  } finally {
    await app.close();
    fault.forget();
  }
  fault.rethrow(join(config.home, "logs", "web.log"));
}

interface Shown {
  /** Resolves when the window is gone and nothing is left to do; never where the host stays. */
  gone(idle: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const stays: Shown = { gone: () => new Promise<never>(() => {}), close: async () => {} };

function show(options: RunWebHostOptions, host: WebHost): Shown {
  const { config, print } = options;
  if (options.open === "none") return invite(host, print);
  const where = realSurroundings(config.browser);
  const browser = findBrowser(where);
  if (browser === undefined) {
    print("No browser of the Chromium family was found; FREIGHTLINER_BROWSER can name one.");
    return invite(host, print);
  }
  const url = host.newLaunchUrl("isolated");
  const asRoot = process.getuid?.() === 0;
  const window = openWindow({ browser, url, home: config.home, userHome: where.userHome, asRoot });
  print(`Opened Freightliner in a window of ${browser}.`);
  return {
    close: () => window.close(),
    async gone(idle) {
      const end = await window.ended;
      if (end.failed) {
        print(`The browser did not open a window (${end.reason}).`);
        return invite(host, print).gone(idle);
      }
      if (!options.leaveWithWindow) return stays.gone(idle);
      if (!idle())
        print("The window was closed. Freightliner stops when nothing runs any more; Ctrl+C pauses at once.");
      await windowIsGone(
        { handedOver: end.ranMs < 2_000, idle, connected: () => host.connections > 0 },
        options.leaveRules,
      );
    },
  };
}

function invite(host: WebHost, print: (line: string) => void): Shown {
  print(`Freightliner is at ${host.newLaunchUrl()}`);
  print("The address signs one browser in, once, within ten minutes.");
  print(howToWish(process));
  return stays;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
