// The real main, preload and page without Electron: Chromium shows what main serves, IPC goes to what main listens on.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright";
import { launchChromium } from "../chromium.ts";
import { boot } from "./boot.ts";
import type { StandIn } from "./stand-in.ts";

/** Chromium knows no app: scheme without Electron, so the page lies under a name that is routed to main's handler. */
const origin = "http://bundle.localhost";

export interface Shown {
  readonly browser: Browser;
  readonly page: Page;
  readonly standIn: StandIn;
  /** What the page's console said at warning level or above, and violations of the content policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Gives the preload bundle the `require` of a sandboxed preload: nothing but electron's renderer side. */
function preloadScript(bundle: string): string {
  return `(() => {
    const listeners = new Map();
    const of = (channel) => listeners.get(channel) ?? listeners.set(channel, new Set()).get(channel);
    globalThis.deliverIpc = (channel, ...args) => { for (const f of [...of(channel)]) f({}, ...args); };
    const electron = {
      contextBridge: { exposeInMainWorld: (name, api) => Object.defineProperty(globalThis, name, { value: api }) },
      ipcRenderer: {
        send: (channel, ...args) => void globalThis.sendIpc(channel, ...args),
        on: (channel, f) => void of(channel).add(f),
        removeListener: (channel, f) => void of(channel).delete(f),
      },
      webUtils: { getPathForFile: (file) => "/dropped/" + file.name },
    };
    const require = (name) => {
      if (name !== "electron") throw new Error("module not found: " + name);
      return electron;
    };
    const module = { exports: {} };
    (function (require, module, exports) { ${bundle}
    })(require, module, module.exports);
  })();`;
}

export async function showDesktop(options: { readonly main: string; readonly home: string }): Promise<Shown> {
  const standIn = await boot({ main: options.main, argv: ["--home", options.home] });
  const window = await openedWindow(standIn);
  const session = window.webContents.session;
  const browser = await launchChromium();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.route(`${origin}/**`, async (route) => {
    const answer = await session.load(route.request().url().replace(origin, "app://bundle"));
    const body = Buffer.from(await answer.arrayBuffer());
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body });
  });
  await page.exposeFunction("sendIpc", (channel: string, ...args: unknown[]) => {
    if (!window.webContents.isDestroyed()) window.webContents.receive(channel, args);
  });
  // One after the other: frames must arrive in the order in which they were sent.
  let delivered = Promise.resolve();
  window.webContents.onSend = (...sent) => {
    delivered = delivered
      .then(() => page.evaluate((args) => Reflect.get(globalThis, "deliverIpc")(...args), sent))
      .catch(() => {
        // The page was closed or loaded again meanwhile; its frames are void.
      });
  };
  const preload = window.options.webPreferences?.preload ?? "";
  await page.addInitScript(preloadScript(await readFile(preload, "utf8")));
  await page.goto(`${origin}/`);
  return {
    browser,
    page,
    standIn,
    complaints,
    async close() {
      await browser.close();
      const quit = new Promise((resolve) => standIn.app.once("quit", resolve));
      standIn.app.quit();
      await quit;
    },
  };
}

/** The shell reads files and opens the database before it shows a window. */
export async function openedWindow(standIn: StandIn) {
  for (let i = 0; i < 200; i++) {
    if (standIn.app.exits.length > 0) throw new Error(standIn.errorBoxes.join("\n"));
    const [window] = standIn.windows;
    if (window !== undefined && window.webContents.url !== "") return window;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("no window was opened within ten seconds");
}
