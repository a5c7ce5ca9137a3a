// Finds an installed browser of the Chromium family and opens a page in it as a window of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../app/data-folder.ts";

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  /** A browser that the user named; it is taken without looking further. */
  readonly preferred: string | undefined;
  /** The user's home folder. */
  readonly userHome: string;
  exists(file: string): boolean;
}

export function realSurroundings(preferred: string | undefined): Surroundings {
  return { platform: process.platform, preferred, userHome: homedir(), exists: existsSync };
}

const macBrowsers = ["Google Chrome", "Microsoft Edge", "Chromium", "Brave Browser"];
const windowsBrowsers = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
  "Chromium\\Application\\chrome.exe",
  "BraveSoftware\\Brave-Browser\\Application\\brave.exe",
];
const linuxNames = [
  "google-chrome-stable",
  "google-chrome",
  "chromium",
  "chromium-browser",
  "microsoft-edge-stable",
  "microsoft-edge",
  "brave-browser",
];

/** The executable, or undefined where no such browser lies at its usual place. */
export function findBrowser(where: Surroundings): string | undefined {
  if (where.preferred !== undefined) return where.preferred;
  return candidates(where).find((file) => where.exists(file));
}

function candidates({ platform, userHome }: Surroundings): string[] {
  if (platform === "darwin") {
    const folders = ["/Applications", join(userHome, "Applications")];
    return macBrowsers.flatMap((name) =>
      folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (platform === "win32") {
    const folders = ["C:\\Program Files", "C:\\Program Files (x86)", `${userHome}\\AppData\\Local`];
    return windowsBrowsers.flatMap((name) => folders.map((folder) => `${folder}\\${name}`));
  }
  const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin", "/var/lib/flatpak/exports/bin"];
  return linuxNames.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
}

export interface WindowOptions {
  readonly browser: string;
  readonly url: string;
  /** Data folder of Freightliner. */
  readonly home: string;
  readonly userHome: string;
  /** Chromium refuses its sandbox for root; for nobody else is it switched off. */
  readonly asRoot: boolean;
}

/** Without a profile of our own the browser hands over to the one that runs and its end says nothing. */
export function windowArguments({ browser, url, home, userHome, asRoot }: WindowOptions): string[] {
  // A browser from a snap may not use hidden folders of the home folder.
  const profile = browser.startsWith("/snap/")
    ? join(userHome, "snap", "chromium", "common", "freightliner")
    : join(home, "browser");
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    "--no-first-run",
    "--no-default-browser-check",
    "--window-size=1280,860",
    ...(asRoot ? ["--no-sandbox", "--test-type"] : []),
  ];
}

export interface BrowserWindow {
  /** How the browser's process ended; never rejects. */
  readonly ended: Promise<{ readonly failed: boolean; readonly ranMs: number; readonly reason: string }>;
  /** Resolves when it is gone; one that does not go by itself is ended. */
  close(): Promise<void>;
}

/** Milliseconds that a browser has to write down what it keeps. */
const closeMs = 3_000;

/**
 * Starts the browser. `close` ends it, and where the host ends without that, as at a second Ctrl+C, it goes with it. It has
 * a process group of its own, as Ctrl+C at the terminal would ask it a first time and `close` a second, at which it dies at
 * once.
 */
export function openWindow(options: WindowOptions): BrowserWindow {
  makeFolder(options.home);
  const started = performance.now();
  const child = spawn(options.browser, windowArguments(options), {
    stdio: "ignore",
    detached: process.platform !== "win32",
  });
  const ended = endOf(child, () => performance.now() - started);
  // At SIGTERM Chromium leaves a folder of its own among the system's temporary ones.
  const ask = (): boolean => child.kill("SIGINT");
  // A second one, where `close` had asked already, ends it at once.
  process.once("exit", ask);
  void ended.then(() => process.off("exit", ask));
  return {
    ended,
    async close() {
      ask();
      const rest = setTimeout(() => child.kill("SIGKILL"), closeMs);
      await ended;
      clearTimeout(rest);
    },
  };
}

function endOf(child: ChildProcess, ranMs: () => number): BrowserWindow["ended"] {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ failed: true, ranMs: ranMs(), reason: error.message }));
    child.once("exit", (code, signal) => {
      const reason = signal === null ? `code ${code}` : `signal ${signal}`;
      resolve({ failed: code !== 0 && signal === null, ranMs: ranMs(), reason });
    });
  });
}
