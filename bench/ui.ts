// `npm run bench:ui`: how fluid the window is at size, measured with Chromium's own tracing on the production build.
// Options: --repositories N (10000), --tags N (100000), --images N (10000), --moving N (16). Build first (`npm run build`).
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Browser, Page } from "playwright";
import { hostBundle } from "../test/support/built-host.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { startProcess } from "../test/support/processes.ts";
import { prepareStage } from "./ui-stage.ts";
import { type Traced, traced } from "./ui-trace.ts";

const { values } = parseArgs({
  options: {
    repositories: { type: "string", default: "10000" },
    tags: { type: "string", default: "100000" },
    images: { type: "string", default: "10000" },
    moving: { type: "string", default: "16" },
  },
});
const sizes = {
  repositories: Number(values.repositories),
  tags: Number(values.tags),
  images: Number(values.images),
  movingImages: Number(values.moving),
  layerBytes: 6 * 1024 * 1024,
};
const limits = { frameMs: 50, heapMiB: 150, firstWindowMs: 1000 };

function verdict(met: boolean): string {
  return met ? "met" : "MISSED";
}

function print(name: string, result: Traced): void {
  const { longestMs, over50, busy, seconds, frames } = result;
  console.log(
    `  ${name.padEnd(58)} longest ${longestMs.toFixed(1).padStart(6)} ms, over 50 ms: ${over50}, main thread ${(busy * 100).toFixed(0).padStart(3)} % of ${seconds.toFixed(1)} s, ${frames} frames: ${verdict(longestMs <= limits.frameMs)}`,
  );
}

async function step(page: Page, name: string, work: () => Promise<void>): Promise<void> {
  print(name, await traced(page, work));
}

/** Turns the wheel over the middle of something, thirty times a second. */
async function scroll(page: Page, over: string, turns: number): Promise<void> {
  const box = await page.locator(over).first().boundingBox();
  if (box === null) throw new Error(`There is nothing to scroll at ${over}.`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, turn % 40 < 30 ? 700 : -500);
    await page.waitForTimeout(33);
  }
}

async function heapMiB(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1024 / 1024;
}

/** From the start of the host's process, and from the request for the page, to the first contents. */
async function firstWindow(browser: Browser, home: string): Promise<Page> {
  const started = performance.now();
  const host = startProcess({ home, args: [], script: hostBundle });
  process.once("exit", () => process.kill(host.pid, "SIGKILL"));
  const [url] = await host.waitFor(/http:\/\/\S+#t=\S+/);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const listening = performance.now() - started;
  await page.goto(url);
  await page.getByRole("navigation").waitFor();
  const painted = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
  );
  const first = listening + painted;
  console.log(
    `  first contents after ${first.toFixed(0)} ms (host listens after ${listening.toFixed(0)} ms, first contentful paint ${painted.toFixed(0)} ms after the request): ${verdict(first <= limits.firstWindowMs)}`,
  );
  return page;
}

const left = "section[aria-label='Left registry']";
const right = "section[aria-label='Right registry']";

async function repositories(page: Page): Promise<void> {
  const tree = `${left} [role=tree]`;
  await step(page, "read and show all repositories", async () => {
    await page.locator(`${tree} [role=treeitem]`).first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(3_000);
  });
  await page.locator(`${tree} [role=treeitem]`).nth(1).click();
  await step(page, "unfold every folder (*)", async () => {
    await page.keyboard.press("*");
    await page.waitForTimeout(500);
  });
  await step(page, "scroll the repositories", () => scroll(page, tree, 90));
  await step(page, "filter the repositories while typing", async () => {
    await page.locator(`${left} input[type=search], ${left} input`).first().click();
    await page.keyboard.type("app-09", { delay: 60 });
    await page.waitForTimeout(500);
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await page.waitForTimeout(500);
  });
}

async function tags(page: Page): Promise<void> {
  const tree = `${right} [role=tree]`;
  await page.locator(`${tree} [role=treeitem]`).nth(1).click();
  await page.keyboard.press("ArrowRight");
  const table = `${right} [role=grid]`;
  await step(page, `open a repository of ${sizes.tags} tags`, async () => {
    await page.locator(`${tree} [role=treeitem]`).nth(2).click();
    await page.locator(`${table} [role=row]`).nth(3).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1_000);
  });
  await step(page, "scroll the tags", () => scroll(page, table, 120));
  await step(page, "jump to the end and back, select all", async () => {
    await page.locator(`${table} [role=row]`).nth(3).click();
    for (const key of ["End", "Home", "Control+A", "End", "Shift+Home"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(250);
    }
  });
  await step(page, "filter the tags while typing", async () => {
    const field = page.locator(right).getByRole("searchbox", { name: /tags/i }).first();
    await field.click();
    await page.keyboard.type("*1*7*", { delay: 80 });
    await page.waitForTimeout(1_500);
  });
}

async function showScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByText(name, { exact: true }).click();
}

async function transfers(page: Page): Promise<void> {
  await showScreen(page, "Transfers");
  await page.getByRole("button", { name: /^Resume all/ }).click();
  const list = "[role=treegrid]";
  await page.locator(`${list} [role=row]`).nth(1).waitFor();
  await page.locator(`${list} [role=row]`).nth(1).click();
  await page.keyboard.press("*");
  await page.waitForTimeout(2_000);
  await step(page, `${sizes.movingImages * 4} blobs report for ten seconds`, () =>
    page.waitForTimeout(10_000),
  );
  await step(page, "scroll the transfers meanwhile", () => scroll(page, list, 60));
  await showScreen(page, "Transfer");
  await step(page, "scroll the tags while blobs report", () => scroll(page, `${right} [role=grid]`, 60));
}

async function finished(page: Page): Promise<void> {
  await showScreen(page, "Transfers");
  await page.getByRole("tab", { name: /^Done/ }).click();
  const list = "[role=treegrid]";
  await page.locator(`${list} [role=row]`, { hasText: "Twin" }).first().click();
  await step(page, `unfold a run of ${sizes.images} images`, async () => {
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(1_500);
  });
  await step(page, "scroll its images", () => scroll(page, list, 90));
  await step(page, "jump to the end and back", async () => {
    await page.keyboard.press("End");
    await page.waitForTimeout(700);
    await page.keyboard.press("Home");
    await page.waitForTimeout(300);
  });
}

if (!existsSync(hostBundle)) throw new Error(`${hostBundle} is missing; run npm run build first.`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const stage = await prepareStage(sizes);
const browser = await launchChromium(["--enable-precise-memory-info", "--disable-gpu"]);
try {
  console.log(
    `window: ${sizes.repositories} repositories and ${sizes.tags} tags in one registry, ${sizes.tags} tags in one repository, Chromium ${browser.version()}, Node ${process.version}`,
  );
  const page = await firstWindow(browser, stage.home.path);
  await repositories(page);
  await tags(page);
  await transfers(page);
  await finished(page);
  const heap = await heapMiB(page);
  console.log(`  heap of the page at the end: ${heap.toFixed(0)} MiB: ${verdict(heap <= limits.heapMiB)}`);
} finally {
  await browser.close();
  await stage.close();
}
process.exit(0);
