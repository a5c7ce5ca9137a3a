// A stage for one journey: two real registries with images, the built web host, and a page that reports what went wrong.
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { hostBundle } from "../../test/support/built-host.ts";
import { startProcess } from "../../test/support/processes.ts";
import { type RealRegistry, startRealRegistry } from "../../test/support/real-registry.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";

export const credential = { user: "mover", password: "correct horse battery" };

export interface RunningHost {
  /** With a fresh one-time token. */
  readonly url: string;
  readonly pid: number;
  /** SIGTERM: pauses what runs, then ends. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Starts the production build and reads its address from what it prints. */
export async function startHost(home: string): Promise<RunningHost> {
  const host = startProcess({ home, args: [], script: hostBundle });
  const [url] = await host.waitFor(/http:\/\/\S+#t=\S+/);
  return {
    url,
    pid: host.pid,
    stop: async () => {
      await host.stop();
    },
    kill9: () => host.kill9(),
  };
}

export interface Registries {
  readonly source: RealRegistry;
  /** Asks for a password. */
  readonly destination: RealRegistry;
  readonly home: TempFolder;
  close(): Promise<void>;
}

export async function startRegistries(): Promise<Registries> {
  const [source, destination, home] = await Promise.all([
    startRealRegistry(),
    startRealRegistry(credential),
    tempFolder("journey"),
  ]);
  return {
    source,
    destination,
    home,
    close: async () => {
      await Promise.all([source.stop(), destination.stop(), home.remove()]);
    },
  };
}

/** What a page must not do; read at the end of a journey. */
export interface Complaints {
  readonly list: string[];
}

/** A page that collects CSP violations, uncaught errors and console errors. */
export async function openPage(
  browser: Browser,
  url: string,
  options: { colorScheme?: "light" | "dark"; width?: number; height?: number } = {},
): Promise<{ page: Page; complaints: Complaints }> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.colorScheme ?? "light",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const complaints: Complaints = { list: [] };
  page.on("pageerror", (error) => complaints.list.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    // A lost connection is part of some journeys and is shown in the window.
    if (message.type() === "error" && !/WebSocket|ERR_CONNECTION_REFUSED/.test(text))
      complaints.list.push(`console: ${text}`);
  });
  await page.goto(url);
  return { page, complaints };
}

const pictures = process.env.FREIGHTLINER_PICTURES;

/** A picture of a step, where a folder for them was named. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

export async function expectNoComplaints(complaints: Complaints): Promise<void> {
  expect(complaints.list).toEqual([]);
}
