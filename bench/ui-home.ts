// The steps of `bench:ui` on the home screen: repositories, tags, filters, drag, and the plan of all that is selected.
import type { Page } from "playwright";
import { scroll, step } from "./ui-measure.ts";
import type { UiSizes } from "./ui-stage.ts";

const left = "section[aria-label='Left registry']";
const right = "section[aria-label='Right registry']";
const table = `${right} [role=grid]`;

export async function repositories(page: Page, sizes: UiSizes): Promise<void> {
  const tree = `${left} [role=tree]`;
  await step(page, `read and show ${sizes.repositories} repositories`, async () => {
    await page.locator(`${tree} [role=treeitem]`).first().waitFor({ timeout: 60_000 });
    await page.waitForTimeout(2_000);
  });
  await page.locator(`${tree} [role=treeitem]`).nth(1).click();
  await step(page, "unfold every folder (*)", async () => {
    await page.keyboard.press("*");
    await page.waitForTimeout(500);
  });
  await step(page, "scroll the repositories", () => scroll(page, tree), 3);
  await step(
    page,
    "filter the repositories while typing",
    async () => {
      await page
        .locator(left)
        .getByRole("searchbox", { name: /repositories/i })
        .click();
      await page.keyboard.type("app-09", { delay: 60 });
      await page.waitForTimeout(500);
      await page.keyboard.press("Control+A");
      await page.keyboard.press("Delete");
      await page.waitForTimeout(300);
    },
    3,
  );
}

export async function tags(page: Page, sizes: UiSizes): Promise<void> {
  const tree = `${right} [role=tree]`;
  await page.locator(`${tree} [role=treeitem]`).nth(1).click();
  await page.keyboard.press("ArrowRight");
  await step(page, `open a repository of ${sizes.tags} tags`, async () => {
    await page.locator(`${tree} [role=treeitem]`).nth(2).click();
    await page.locator(`${table} [role=row]`).nth(3).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1_000);
  });
  await step(page, "scroll the tags", () => scroll(page, table), 3);
  await step(
    page,
    "jump to the end and back, select all",
    async () => {
      await page.locator(`${table} [role=row]`).nth(3).click();
      for (const key of ["End", "Home", "Control+A", "End", "Shift+Home"]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(250);
      }
    },
    3,
  );
  await step(page, "drag a tag over the repositories of the other pane", () => dragOver(page), 3);
}

const dragMs = 1500;

/** The drag ends with Escape: nothing is dropped. */
async function dragOver(page: Page): Promise<void> {
  const from = await page.locator(`${table} [role=row]`).nth(4).boundingBox();
  const over = await page.locator(`${left} [role=tree]`).boundingBox();
  if (from === null || over === null) throw new Error("There is nothing to drag.");
  await page.mouse.move(from.x + 40, from.y + from.height / 2);
  await page.mouse.down();
  const end = performance.now() + dragMs;
  for (let at = 0; performance.now() < end; at += 1) {
    const part = at % 20 < 10 ? (at % 10) / 10 : 1 - (at % 10) / 10;
    await page.mouse.move(over.x + over.width / 2, over.y + 10 + part * (over.height - 20));
    await page.waitForTimeout(25);
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await page.waitForTimeout(200);
}

export async function filters(page: Page): Promise<void> {
  const pane = page.locator(right);
  const field = pane.getByRole("searchbox", { name: /tags/i }).first();
  await step(
    page,
    "filter the tags while typing",
    async () => {
      await field.fill("");
      await field.click();
      await page.keyboard.type("*1*7*", { delay: 80 });
      await page.waitForTimeout(800);
    },
    3,
  );
  await field.fill("");
  // The whole list is back before the chip is chosen.
  await page.waitForTimeout(1_000);
  await step(page, "filter the tags by a chip, the newest 500 versions", async () => {
    await pane.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("menuitem", { name: "Latest", exact: true }).click();
    const editor = page.getByRole("dialog", { name: "Latest" });
    await editor.getByRole("textbox", { name: "How many" }).fill("500");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(1_500);
  });
  await pane.getByRole("button", { name: /^Remove: / }).click();
}

/** A tenth of the tags, chosen by a filter and "select all": what goes to the engine is a query. */
export async function plan(page: Page, sizes: UiSizes): Promise<void> {
  await page.locator(right).getByRole("searchbox", { name: /tags/i }).first().fill("*.7");
  await page.waitForTimeout(1_500);
  const dialog = page.getByRole("dialog", { name: "Plan" });
  await step(page, `select ${sizes.tags / 10} tags as a query, open their plan`, async () => {
    await page.locator(`${table} [role=row]`).nth(3).click();
    await page.keyboard.press("Control+A");
    await page.keyboard.press("F5");
    await dialog.waitFor();
    await page.waitForTimeout(2_000);
  });
  const grid = "[role=dialog] [role=grid]";
  await page.locator(`${grid} [role=row]`).nth(5).waitFor({ timeout: 120_000 });
  const rows = await page.locator(grid).getAttribute("aria-rowcount");
  await step(page, `scroll the ${Number(rows) - 1} rows of the plan`, () => scroll(page, grid), 3);
  await step(page, "search the plan while typing", async () => {
    await dialog.getByRole("searchbox").first().click();
    await page.keyboard.type(":9", { delay: 80 });
    await page.waitForTimeout(1_000);
  });
  await page.keyboard.press("Escape");
  if (await dialog.isVisible()) await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await page.locator(right).getByRole("searchbox", { name: /tags/i }).first().fill("");
}

export async function tagsWhileMoving(page: Page): Promise<void> {
  await step(page, "scroll the tags while blobs report", () => scroll(page, table), 3);
}
