// The desktop program in real Electron. Where its binary is absent these tests are skipped and say so.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { _electron, type ElectronApplication, expect, type Page, test } from "@playwright/test";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";

/** Never `require("electron")` to find out: under Node that starts a download. */
function electronBinary(): string | undefined {
  const pathFile = resolve("node_modules/electron/path.txt");
  if (!existsSync(pathFile)) return undefined;
  const file = resolve("node_modules/electron/dist", readFileSync(pathFile, "utf8").trim());
  return existsSync(file) ? file : undefined;
}

const binary = electronBinary();
const reason = 'Electron\'s binary is not installed ("npx install-electron" fetches it)';
// The list of skipped tests does not name the reason; once, from the runner and not from each worker.
if (binary === undefined && process.env.TEST_WORKER_INDEX === undefined)
  console.log(`e2e/desktop is skipped: ${reason}`);
const asRoot = process.platform === "linux" && process.getuid?.() === 0;

test.describe("in Electron", () => {
  test.skip(binary === undefined, reason);

  let app: ElectronApplication;
  let home: TempFolder;
  let page: Page;
  const complaints: string[] = [];

  test.beforeAll(async () => {
    home = await tempFolder("electron");
    app = await _electron.launch({ args: [resolve("."), "--home", home.path], chromiumSandbox: !asRoot });
    page = await app.firstWindow();
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
  });
  test.afterAll(async () => {
    await app?.close();
    await home?.remove();
  });

  test("the page is sandboxed, isolated and greets the engine", async () => {
    expect(page.url()).toBe("app://bundle/");
    const seen = await page.evaluate(async () => ({
      node: typeof Reflect.get(globalThis, "process"),
      require: typeof Reflect.get(globalThis, "require"),
      bridge: Object.keys(Reflect.get(globalThis, "freightliner")),
      secure: isSecureContext,
    }));
    expect(seen).toEqual({
      node: "undefined",
      require: "undefined",
      bridge: ["send", "onFrame", "pathForFile"],
      secure: true,
    });
    await expect(page.locator("body")).toContainText("Transfer");
    expect(complaints).toEqual([]);
  });

  test("the page cannot leave, open windows or reach a network", async () => {
    const outcome = await page.evaluate(async () => ({
      opened: window.open("https://example.com") === null,
      fetched: await fetch("https://example.com").then(
        () => true,
        () => false,
      ),
      permission: (await navigator.permissions.query({ name: "geolocation" })).state,
    }));
    expect(outcome).toEqual({ opened: true, fetched: false, permission: "denied" });
    await page.evaluate(() => {
      location.href = "https://example.com";
    });
    await page.waitForTimeout(300);
    expect(page.url()).toBe("app://bundle/");
  });

  test("one program per data folder", async () => {
    const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(windows).toBe(1);
    expect(await app.evaluate(({ app: electron }) => electron.hasSingleInstanceLock())).toBe(true);
  });
});

test("the smoke run greets the engine, opens the database and ends", async () => {
  test.skip(binary === undefined, reason);
  await using home = await tempFolder("smoke");
  const args = [...(asRoot ? ["--no-sandbox"] : []), resolve("."), "--smoke", "--home", home.path];
  const { status, stdout } = spawnSync(binary ?? "", args, { encoding: "utf8", timeout: 60_000 });
  const line = stdout.split("\n").find((text) => text.startsWith("{")) ?? "";
  expect(JSON.parse(line)).toMatchObject({ ok: true, hello: true, checks: { database: "ok" } });
  expect(status).toBe(0);
});
