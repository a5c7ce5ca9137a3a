// Makes the pictures of README and docs/window.md anew: npm run build, then npx node e2e/pictures.ts
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { tempFolder } from "../test/support/temp.ts";
import { openPage, startHost } from "./web/stage.ts";
import { left, openRepository, planOf, right, rowOf, transfers } from "./web/window.ts";

const folder = join(import.meta.dirname, "../docs/pictures");
const size = { width: 1280, height: 800 } as const;

/** A window on a home of its own. */
async function withWindow(
  browser: Browser,
  colorScheme: "light" | "dark",
  draw: (page: Page) => Promise<void>,
): Promise<void> {
  const home = await tempFolder("pictures");
  const host = await startHost(home.path);
  const { page } = await openPage(browser, host.url, { colorScheme, ...size });
  try {
    await draw(page);
  } finally {
    await page.context().close();
    await host.stop();
    await home.remove();
  }
}

async function startSamples(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start sample registries" }).click();
  await rowOf(left(page), "shop").waitFor();
}

async function keep(page: Page, name: string): Promise<void> {
  await page.mouse.move(size.width / 2, 2);
  // What fades in is there, and what the mouse left is at rest.
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

async function go(page: Page, screen: string): Promise<void> {
  await page.getByRole("navigation").getByText(screen, { exact: true }).click();
}

async function drop(page: Page): Promise<void> {
  await rowOf(left(page), "shop").dragTo(rowOf(right(page), "All repositories"));
  await planOf(page)
    .getByRole("button", { name: /^Start: move/ })
    .waitFor();
}

/** A transfer under way down to its blobs: in its panel below both panes, and on its own screen. */
async function drawTransfers(page: Page): Promise<void> {
  await startSamples(page);
  await openRepository(left(page), "platform", "base");
  await openRepository(right(page), "platform", "base");
  await right(page).getByText("Different").first().waitFor();
  await rowOf(left(page), "shop").scrollIntoViewIfNeeded();
  await drop(page);
  await planOf(page)
    .getByRole("button", { name: /^Start: move/ })
    .click();
  await transfers(page).getByText(/1\d %/).first().waitFor();
  await keep(page, "transfer-dark");
  await go(page, "Transfers");
  const run = page.getByRole("region", { name: "Transfers" }).getByRole("row").nth(1);
  await run.click();
  if ((await run.getAttribute("aria-expanded")) !== "true") await page.keyboard.press("ArrowRight");
  await keep(page, "transfers-dark");
}

/** First start, comparing, the plan, looking into an image, registries and the palette. */
async function drawRest(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start sample registries" }).waitFor();
  await keep(page, "first-start-light");
  await startSamples(page);
  await openRepository(left(page), "platform", "base");
  await openRepository(right(page), "platform", "base");
  await page.getByRole("switch", { name: "Compare" }).click();
  await page
    .getByRole("region", { name: "Both panes" })
    .getByText(/different/)
    .waitFor();
  await keep(page, "compare-light");
  await page.getByRole("switch", { name: "Compare" }).click();
  await drop(page);
  await keep(page, "plan-light");
  await page.keyboard.press("Escape");
  await planOf(page).waitFor({ state: "detached" });
  await left(page).getByRole("row", { name: "latest", exact: true }).click();
  await page.keyboard.press("F3");
  const image = page.getByRole("dialog", { name: /platform\/base:latest/ });
  await image.getByRole("option").first().click();
  await keep(page, "inspect-light");
  await page.keyboard.press("Escape");
  await image.waitFor({ state: "detached" });
  await go(page, "Registries");
  await keep(page, "registries-light");
  await page.getByRole("button", { name: "Add registry…" }).click();
  const add = page.getByRole("dialog", { name: "Add a registry" });
  await add.getByRole("textbox", { name: "Address" }).fill("123456789012.dkr.ecr.eu-central-1.amazonaws.com");
  await add.getByRole("combobox", { name: "Sign in with" }).click();
  await keep(page, "add-registry-light");
  await page.keyboard.press("Escape");
  await add.getByRole("button", { name: "Cancel" }).click();
  await page.keyboard.press("ControlOrMeta+k");
  await keep(page, "palette-light");
  await page.keyboard.press("Escape");
  await go(page, "Settings");
  await keep(page, "settings-light");
}

const browser = await chromium.launch({
  executablePath: process.env.FREIGHTLINER_BROWSER ?? "/usr/bin/chromium",
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  await withWindow(browser, "dark", drawTransfers);
  await withWindow(browser, "light", drawRest);
} finally {
  await browser.close();
}
