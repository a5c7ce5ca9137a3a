// Every way to say "from here to there": folders, repositories and whole registries, by mouse, keys and menu, and the plan of each.
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import {
  type Complaints,
  expectNoComplaints,
  openPage,
  picture,
  type RunningHost,
  startHost,
} from "./stage.ts";
import {
  choose,
  expectAccessible,
  left,
  openFolder,
  openRepository,
  planOf,
  right,
  rowOf,
  showScreen,
  transfers,
} from "./window.ts";

const imagesIn = { shop: 15, all: 27 } as const;

test.describe
  .serial("from one place to another", () => {
    let home: TempFolder;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      home = await tempFolder("places-journey");
      host = await startHost(home.path);
      ({ page, complaints } = await openPage(browser, host.url));
      await page.getByRole("button", { name: "Start sample registries" }).click();
      await expect(rowOf(left(page), "shop")).toBeVisible();
    });
    test.afterAll(async () => {
      await page.context().close();
      await host.stop();
      await home.remove();
    });

    const plan = (): Locator => planOf(page);
    const planned = (): Locator => plan().getByRole("grid", { name: "Images" });
    /** The plan of what was just done says so many images; then it is left again. */
    async function expectPlan(images: number, ...texts: readonly (string | RegExp)[]): Promise<void> {
      await expect(plan().getByRole("button", { name: /^Start: move/ })).toBeEnabled();
      await expect(planned()).toHaveAttribute("aria-rowcount", String(images + 1));
      for (const text of texts) await expect(planned()).toContainText(text);
      await page.keyboard.press("Escape");
      await expect(plan()).toHaveCount(0);
    }

    test("drags a folder, a repository and a whole registry, each to where it can go", async () => {
      const all = rowOf(right(page), "All repositories");
      await rowOf(left(page), "shop").dragTo(all);
      await expectPlan(imagesIn.shop, "shop/api:latest", "same name");
      await rowOf(left(page), "All repositories").dragTo(
        right(page).getByRole("tree", { name: "Repositories" }),
      );
      await expectPlan(imagesIn.all, "same name");
      await rowOf(left(page), "shop").dragTo(rowOf(right(page), "platform"));
      await expectPlan(imagesIn.shop, "platform/shop/api:latest");
      await openFolder(left(page), "shop");
      await openFolder(right(page), "platform");
      await rowOf(left(page), "web").dragTo(rowOf(right(page), "base"));
      await expectPlan(6, "platform/base:v1.4.2");
      await rowOf(left(page), "shop").dragTo(rowOf(right(page), "base"));
      await expect(plan()).toHaveCount(0);
    });

    test("says the same by keyboard: copy and paste, F5, and the context menu", async () => {
      const shop = rowOf(left(page), "shop");
      await shop.focus();
      await page.keyboard.press("ControlOrMeta+c");
      await rowOf(right(page), "All repositories").focus();
      await page.keyboard.press("ControlOrMeta+v");
      await expectPlan(imagesIn.shop, "shop/api:latest");
      await rowOf(left(page), "All repositories").focus();
      await page.keyboard.press("F5");
      await expectPlan(imagesIn.all);
      await shop.focus();
      await page.keyboard.press("Shift+F10");
      await expect(page.getByRole("menuitem", { name: /Copy to other pane/ })).toBeVisible();
      await picture(page, "20-context-menu");
      await expectAccessible(page, "context menu");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expectPlan(imagesIn.shop);
    });

    test("pastes onto the row that the menu was opened on", async () => {
      await rowOf(left(page), "web").focus();
      await page.keyboard.press("ControlOrMeta+c");
      await rowOf(right(page), "base").click({ button: "right" });
      await page.getByRole("menuitem", { name: /^Paste: platform\/base/ }).click();
      await expectPlan(6, "platform/base:v1.4.2");
    });

    test("unticks a row, plans again with another rule, and gives the command line", async () => {
      await rowOf(left(page), "All repositories").focus();
      await page.keyboard.press("F5");
      const start = plan().getByRole("button", { name: /^Start: move/ });
      const before = (await start.textContent()) ?? "";
      const gateway = planned().getByRole("row", { name: /platform\/gateway:latest/ });
      await gateway.focus();
      await page.keyboard.press("Space");
      await expect(gateway.getByRole("checkbox")).not.toBeChecked();
      await expect(start).not.toHaveText(before);
      await expect(planned().getByRole("row", { name: /platform\/base:latest/ })).toContainText("Overwrite");
      await plan().getByRole("combobox", { name: "If a tag exists with other content" }).click();
      await page.getByRole("option", { name: "Leave it and report a conflict" }).click();
      await expect(planned().getByRole("row", { name: /platform\/base:latest/ })).toContainText("Conflict");
      await picture(page, "21-planned-again");
      await plan().getByRole("button", { name: "Copy as command" }).click();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      expect(command).toMatch(/^freightliner .*127\.0\.0\.1:\d+/);
      await page.keyboard.press("Escape");
      await expect(plan()).toHaveCount(0);
    });

    test("cancels a run at once and starts it again from the history", async () => {
      await openRepository(left(page), "shop", "worker");
      await rowOf(left(page), "shop").focus();
      await page.keyboard.press("F5");
      await plan()
        .getByRole("button", { name: /^Start: move/ })
        .click();
      const run = transfers(page).getByRole("row").filter({ hasText: "Sample staging" }).first();
      await expect(run).toContainText("MiB/s");
      await expect(page).toHaveTitle(/^\d+ % – Freightliner$/);
      await run.getByRole("button", { name: "Cancel" }).click();
      await transfers(page).getByRole("tab", { name: /Done/ }).click();
      await expect(run).toContainText("Cancelled", { timeout: 2000 });
      await expect(page).toHaveTitle("Freightliner");
      await run.getByRole("button", { name: "Start again" }).click();
      await transfers(page)
        .getByRole("tab", { name: /Active/ })
        .click();
      await expect(run).toContainText("MiB/s");
      await expect(page.getByText(/^Started: Sample staging/)).toBeAttached();
      await transfers(page).getByRole("tab", { name: /Done/ }).click();
      await expect(run).toContainText("15 of 15");
      await expect(page.getByText(/^Done: Sample staging/)).toBeAttached();
      await picture(page, "22-done");
    });

    test("renames a registry, and removes one only after naming it", async () => {
      await showScreen(page, "Registries");
      const actionsFor = (name: string): Locator =>
        page
          .getByRole("region", { name: `Details of ${name}` })
          .getByRole("button", { name: `Actions for ${name}` });
      await actionsFor("Sample production").click();
      await page.getByRole("menuitem", { name: "Rename…" }).click();
      const rename = page.getByRole("dialog", { name: "Rename Sample production" });
      await rename.getByRole("textbox", { name: "Name" }).fill("Harbour");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { name: "Harbour" })).toBeVisible();
      await actionsFor("Harbour").click();
      await page.getByRole("menuitem", { name: "Remove…" }).click();
      const remove = page.getByRole("dialog", { name: "Remove Harbour?" });
      await expect(remove).toBeVisible();
      await picture(page, "23-remove");
      await remove.getByRole("button", { name: "Cancel" }).click();
      await expect(page.getByRole("heading", { name: "Harbour" })).toBeVisible();
      await actionsFor("Harbour").click();
      await page.getByRole("menuitem", { name: "Remove…" }).click();
      await remove.getByRole("button", { name: "Remove Harbour" }).click();
      await expect(page.getByRole("heading", { name: "Harbour" })).toHaveCount(0);
      await showScreen(page, "Transfer");
      await choose(page, "right", "Sample staging");
    });

    test("is whole in forced colours, and breaks no rule of its policy", async () => {
      await page.emulateMedia({ forcedColors: "active" });
      await picture(page, "24-forced-colors");
      await expectAccessible(page, "forced colours");
      await expectNoComplaints(complaints);
    });
  });
