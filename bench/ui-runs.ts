// The steps of `bench:ui` on runs: blobs that report, ten thousand images of one run, ten thousand runs of the history.
import type { Page, WebSocket } from "playwright";
import { tagsWhileMoving } from "./ui-home.ts";
import { scroll, step } from "./ui-measure.ts";
import type { UiSizes } from "./ui-stage.ts";

const list = "[role=treegrid]";

async function showScreen(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Screens" }).getByText(name, { exact: true }).click();
}

/** Which blobs the host reported since it was asked last. Begin before the page is opened. */
export function reportedBlobs(page: Page): () => number {
  let keys = new Set<string>();
  page.on("websocket", (socket: WebSocket) =>
    socket.on("framereceived", ({ payload }) => {
      for (const [key] of String(payload).matchAll(/blob:[^"]+/g)) keys.add(key);
    }),
  );
  return () => {
    const { size } = keys;
    keys = new Set();
    return size;
  };
}

export async function transfers(page: Page, blobs: () => number): Promise<void> {
  await showScreen(page, "Transfers");
  await page.getByRole("button", { name: /^Resume all/ }).click();
  await page.locator(`${list} [role=row]`).nth(1).click();
  await page.keyboard.press("*");
  await page.waitForTimeout(2_000);
  // A second of reports: every blob that moves is in it several times.
  blobs();
  await page.waitForTimeout(1_000);
  const moving = blobs();
  await step(page, `${moving} blobs report for five seconds`, () => page.waitForTimeout(5_000));
  await step(page, "scroll the transfers meanwhile", () => scroll(page, list), 3);
  await showScreen(page, "Transfer");
  await page.waitForTimeout(500);
  await tagsWhileMoving(page);
}

export async function finished(page: Page, sizes: UiSizes): Promise<void> {
  await showScreen(page, "Transfers");
  await page.getByRole("tab", { name: /^Done/ }).click();
  await page.locator(`${list} [role=row]`, { hasText: "Twin" }).first().click();
  await step(page, `unfold a run of ${sizes.images} images`, async () => {
    await page.keyboard.press("ArrowRight");
    await page.waitForTimeout(1_500);
  });
  await step(page, "scroll its images", () => scroll(page, list), 3);
  await step(
    page,
    "jump to the end and back",
    async () => {
      await page.keyboard.press("End");
      await page.waitForTimeout(700);
      await page.keyboard.press("Home");
      await page.waitForTimeout(300);
    },
    3,
  );
}

export async function history(page: Page, sizes: UiSizes): Promise<void> {
  const grid = "main [role=grid]";
  await step(page, `open the history of ${sizes.runs} runs`, async () => {
    await showScreen(page, "History");
    await page.locator(`${grid} [role=row]`).nth(5).waitFor();
    await page.waitForTimeout(500);
  });
  await step(page, "scroll the history", () => scroll(page, grid), 3);
}
