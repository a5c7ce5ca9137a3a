// Makes the README's pictures anew from the sample registries: npm run build, then npx node e2e/pictures.ts
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { tempFolder } from "../test/support/temp.ts";
import { openPage, startHost } from "./web/stage.ts";
import { left, openRepository, planOf, right, rowOf, transfers } from "./web/window.ts";

const folder = join(import.meta.dirname, "../docs/pictures");
const size = { width: 1440, height: 900 } as const;

/** A window with both sample registries, in a home of its own. */
async function withSamples(
  browser: Browser,
  colorScheme: "light" | "dark",
  draw: (page: Page) => Promise<void>,
): Promise<void> {
  const home = await tempFolder("pictures");
  const host = await startHost(home.path);
  const { page } = await openPage(browser, host.url, { colorScheme, ...size });
  try {
    await page.getByRole("button", { name: "Start sample registries" }).click();
    await rowOf(left(page), "shop").waitFor();
    await draw(page);
  } finally {
    await page.context().close();
    await host.stop();
    await home.remove();
  }
}

/** Both panes with tags, some the same and some missing, and a transfer under way down to its images. */
async function drawTransfer(page: Page): Promise<void> {
  await openRepository(left(page), "platform", "base");
  await openRepository(right(page), "platform", "base");
  await right(page).getByText("Different").first().waitFor();
  await rowOf(left(page), "shop").dragTo(rowOf(right(page), "All repositories"));
  await planOf(page)
    .getByRole("button", { name: /^Start: move/ })
    .click();
  await page.mouse.move(size.width / 2, 700);
  const first = transfers(page).getByRole("row", { name: /shop\/api:latest/ });
  await first.filter({ hasText: /[6-9]\d %/ }).waitFor();
  await page.screenshot({ path: join(folder, "transfer-dark.png") });
}

async function drawPlan(page: Page): Promise<void> {
  await rowOf(left(page), "All repositories").dragTo(right(page).getByText("No repository chosen"));
  await planOf(page)
    .getByRole("button", { name: /^Start: move/ })
    .waitFor();
  await page.mouse.move(size.width / 2, 10);
  await page.screenshot({ path: join(folder, "plan-light.png") });
}

const browser = await chromium.launch({
  executablePath: process.env.FREIGHTLINER_BROWSER ?? "/usr/bin/chromium",
  args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
try {
  await withSamples(browser, "dark", drawTransfer);
  await withSamples(browser, "light", drawPlan);
} finally {
  await browser.close();
}
