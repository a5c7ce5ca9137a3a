// The panes in a browser: filters with counts, tabs, comparison, the path, a journey by keyboard alone, links, and axe.
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
import { expectAccessible, left, openRepository, planOf, right, rowOf } from "./window.ts";

test.describe
  .serial("the panes", () => {
    let home: TempFolder;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      home = await tempFolder("panes-journey");
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

    const tagsOf = (pane: Locator): Locator => pane.getByRole("grid", { name: "Tags" });
    const tag = (pane: Locator, name: string): Locator =>
      tagsOf(pane).getByRole("row", { name, exact: true });
    const count = (pane: Locator): Locator => pane.locator('[data-list="tags"] [role="status"]').first();
    async function addChip(pane: Locator, kind: string): Promise<void> {
      await pane.getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: kind, exact: true }).click();
    }
    async function leavePlan(): Promise<void> {
      await page.keyboard.press("Escape");
      await expect(planOf(page)).toHaveCount(0);
    }

    test("gives the repositories the pane's height until one is chosen, which then stays in sight", async () => {
      const pane = left(page);
      const tree = pane.getByRole("tree", { name: "Repositories" });
      const heightOf = async (locator: Locator): Promise<number> =>
        (await locator.boundingBox())?.height ?? 0;
      expect(await heightOf(tree)).toBeGreaterThan(0.7 * (await heightOf(pane)));
      await expect(tagsOf(pane)).toHaveCount(0);
      // The last row of all, with every folder open and the window as small as it may be.
      await page.setViewportSize({ width: 1280, height: 720 });
      await rowOf(pane, "All repositories").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("*");
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await expect(tagsOf(pane)).toBeVisible();
      expect(await heightOf(tree)).toBeLessThan(0.4 * (await heightOf(pane)));
      await expect(tree.locator('[role="treeitem"][tabindex="0"]')).toBeInViewport({ ratio: 0.9 });
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    test("keeps messages that stay off the plan's buttons", async () => {
      await page.keyboard.press("F5");
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new Error("The clipboard is locked."));
      });
      await planOf(page).getByRole("button", { name: "Copy as command" }).click();
      const messages = page.getByRole("region", { name: "Messages" });
      await expect(messages.getByText("The clipboard is locked.")).toBeVisible();
      const foot = await planOf(page).locator("footer").boundingBox();
      const box = await messages.boundingBox();
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(foot?.y ?? 0);
      await messages.getByLabel("Dismiss").click();
      await page.evaluate(() => Reflect.deleteProperty(navigator.clipboard, "writeText"));
      await leavePlan();
    });

    test("filters by chips with live counts, and says what is wrong with one in its place", async () => {
      await openRepository(left(page), "platform", "base");
      await expect(count(left(page))).toHaveText("4 tags");
      await addChip(left(page), "Regular expression");
      const editor = page.getByRole("dialog", { name: "Regular expression" });
      await editor.getByRole("textbox").fill("(?=v)");
      await expect(editor.getByText(/no look-around/)).toBeVisible();
      await expect(editor.getByRole("button", { name: "Apply" })).toBeDisabled();
      await editor.getByRole("textbox").fill("v\\d.*");
      await page.keyboard.press("Enter");
      await expect(count(left(page))).toHaveText("3 of 4");
      await addChip(left(page), "Latest");
      const latest = page.getByRole("dialog", { name: "Latest" });
      await latest.getByRole("textbox", { name: "How many" }).fill("2");
      await page.keyboard.press("Enter");
      await expect(count(left(page))).toHaveText("2 of 4");
      await expect(tag(left(page), "v1.2.0")).toBeVisible();
      await expect(tag(left(page), "v1.0.0")).toHaveCount(0);
      await addChip(left(page), "Platform");
      await page.getByRole("dialog", { name: "Platform" }).getByRole("textbox").fill("plan9/mips");
      await page.keyboard.press("Enter");
      await expect(left(page).getByText("No tag matches")).toBeVisible();
      await left(page).getByRole("button", { name: "Remove: Platform plan9/mips" }).click();
      await expect(count(left(page))).toHaveText("2 of 4");
      await picture(page, "30-chips");
    });

    test("takes all that the chips let through into the plan, and keeps them under a name", async () => {
      await tagsOf(left(page)).getByRole("row").nth(1).focus();
      await page.keyboard.press("ControlOrMeta+a");
      await expect(left(page).getByText("2 tags · platform/base")).toBeVisible();
      await page.keyboard.press("F5");
      await expect(planOf(page).getByRole("grid", { name: "Images" })).toHaveAttribute("aria-rowcount", "3");
      await leavePlan();
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Save this filter…" }).click();
      await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Newest two");
      await page.keyboard.press("Enter");
      await left(page).getByRole("button", { name: "Clear filters" }).click();
      await expect(count(left(page))).toHaveText("4 tags");
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Newest two" }).click();
      await expect(count(left(page))).toHaveText("2 of 4");
      await left(page).getByRole("button", { name: "Clear filters" }).click();
    });

    test("sorts by version and makes a column wider by keys", async () => {
      await left(page).getByRole("button", { name: "Order and columns" }).click();
      await page.getByRole("menuitem", { name: "By version" }).click();
      const head = tagsOf(left(page)).getByRole("columnheader");
      await expect(head.first()).toHaveAttribute("aria-sort", "descending");
      await expect(tagsOf(left(page)).locator("[data-tag]").first()).toHaveAttribute("data-tag", "v1.2.0");
      const size = head.filter({ hasText: "Size" });
      const before = (await size.boundingBox())?.width ?? 0;
      await size.getByRole("button").focus();
      await page.keyboard.press("Shift+ArrowRight");
      await expect.poll(async () => (await size.boundingBox())?.width ?? 0).toBe(before + 8);
      await size.getByRole("button").click();
      await expect(size).toHaveAttribute("aria-sort", "descending");
      await head.first().getByRole("button").click();
    });

    test("keeps a place in each tab, and brings a closed one back", async () => {
      await left(page).getByRole("button", { name: "New tab" }).click();
      await openRepository(left(page), "shop", "web");
      const tabs = left(page).getByRole("list", { name: "Tabs of the left pane" });
      await expect(tabs.getByRole("listitem")).toHaveCount(2);
      await tabs.getByRole("button", { name: /^base · / }).click();
      await expect(tag(left(page), "v1.2.0")).toBeVisible();
      await tabs.getByRole("button", { name: /^Close web · / }).click();
      await expect(tabs).toHaveCount(0);
      await page.keyboard.press("Alt+Shift+t");
      await expect(tabs.getByRole("listitem")).toHaveCount(2);
      await expect(left(page).getByRole("navigation", { name: "Path" })).toContainText("web");
      await page.keyboard.press("Alt+w");
      await expect(left(page).getByRole("navigation", { name: "Path" })).toContainText("base");
    });

    test("compares both panes and selects what is missing", async () => {
      await page.getByRole("switch", { name: "Compare" }).click();
      await expect(right(page).getByRole("navigation", { name: "Path" })).toContainText("base");
      const bar = page.getByRole("region", { name: "Both panes" });
      await expect(bar).toContainText("1 only left");
      await expect(bar).toContainText("1 different");
      await expect(bar).toContainText("2 same");
      await picture(page, "31-compare");
      await bar.getByRole("button", { name: "Only differences" }).click();
      await expect(count(left(page))).toHaveText("2 of 4");
      await expect(count(right(page))).toHaveText("1 of 3");
      await rowOf(left(page), "platform").focus();
      await bar.getByRole("button", { name: "Select all missing" }).click();
      await expect(count(left(page))).toHaveText("1 of 4");
      await page.getByRole("button", { name: "Copy to the right" }).click();
      const images = planOf(page).getByRole("grid", { name: "Images" });
      await expect(images).toContainText("platform/base:v1.2.0");
      await expect(images).toHaveAttribute("aria-rowcount", "2");
      await leavePlan();
      await page.getByRole("switch", { name: "Compare" }).click();
    });

    test("goes where a path or a pasted reference says, and asks before it adds a registry", async () => {
      await rowOf(left(page), "platform").focus();
      await page.keyboard.press("ControlOrMeta+l");
      const path = page.getByRole("combobox", { name: "Path in the left pane" });
      await path.fill("shop/w");
      await expect(page.getByRole("option", { name: "shop/web" })).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect(left(page).getByRole("navigation", { name: "Path" })).toContainText("web");
      await left(page)
        .getByRole("button", { name: /Choose the left registry/ })
        .click();
      const address = /127\.0\.0\.1:\d+/.exec(
        await page.getByRole("menuitem", { name: /Sample production/ }).innerText(),
      )?.[0];
      await page.keyboard.press("Escape");
      await page.evaluate((text) => navigator.clipboard.writeText(text), `${address}/platform/base:v1.1.0`);
      await rowOf(left(page), "shop").focus();
      await page.keyboard.press("ControlOrMeta+v");
      await expect(left(page).getByRole("button", { name: /Choose the left registry/ })).toContainText(
        "Sample production",
      );
      await expect(tag(left(page), "v1.1.0")).toHaveAttribute("aria-selected", "true");
      await page.evaluate(() => navigator.clipboard.writeText("registry.invalid/team/app:v1"));
      await tag(left(page), "v1.1.0").focus();
      await page.keyboard.press("ControlOrMeta+v");
      const unknown = page.getByRole("dialog", { name: "This registry is not known yet" });
      await expect(unknown).toContainText("registry.invalid");
      await unknown.getByRole("button", { name: "Cancel" }).click();
      await left(page)
        .getByRole("button", { name: /Choose the left registry/ })
        .click();
      await expect(page.getByRole("menuitem", { name: /registry\.invalid/ })).toHaveCount(0);
      await page.getByRole("menuitem", { name: /Sample staging/ }).click();
    });

    test("copies from start to plan by keyboard alone", async () => {
      await rowOf(left(page), "All repositories").focus();
      await page.keyboard.press("ControlOrMeta+f");
      await page.keyboard.type("web");
      await expect(rowOf(left(page), "web")).toBeVisible();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await expect(tagsOf(left(page))).toBeVisible();
      await page.keyboard.press("ControlOrMeta+f");
      await page.keyboard.press("Escape");
      await tagsOf(left(page)).locator('[data-index][tabindex="0"]').focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("Shift+ArrowDown");
      await expect(left(page).getByText("2 tags · shop/web")).toBeVisible();
      await page.keyboard.press("ControlOrMeta+i");
      await expect(left(page).getByText("4 tags · shop/web")).toBeVisible();
      await page.keyboard.press("F5");
      await expect(planOf(page).getByRole("grid", { name: "Images" })).toHaveAttribute("aria-rowcount", "5");
      await leavePlan();
      await page.keyboard.press("F6");
      await expect(right(page).locator(":focus")).toHaveCount(1);
    });

    test("shows what a dropped sync file would save", async () => {
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["version: 1\njobs: 7\n"], "jobs.yaml", { type: "text/yaml" }));
        return transfer;
      });
      const target = left(page);
      await target.dispatchEvent("dragenter", { dataTransfer: data });
      await target.dispatchEvent("dragover", { dataTransfer: data });
      await target.dispatchEvent("drop", { dataTransfer: data });
      const dialog = page.getByRole("dialog", { name: "Jobs from a file" });
      await expect(dialog).toContainText("jobs.yaml");
      await expect(dialog.getByRole("button", { name: "Save these jobs" })).toBeDisabled();
      await page.keyboard.press("Escape");
    });

    test("opens the plan of a link in the page's address, and starts nothing", async () => {
      await left(page)
        .getByRole("button", { name: /Choose the left registry/ })
        .click();
      const addressOf = async (name: RegExp): Promise<string> =>
        /127\.0\.0\.1:\d+/.exec(await page.getByRole("menuitem", { name }).innerText())?.[0] ?? "";
      const from = `${await addressOf(/Sample staging/)}/shop/api:latest`;
      const to = `${await addressOf(/Sample production/)}/linked/api`;
      await page.keyboard.press("Escape");
      await page.evaluate(
        (hash) => {
          window.location.hash = hash;
        },
        `copy?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`,
      );
      await expect(planOf(page).getByRole("grid", { name: "Images" })).toContainText("linked/api:latest");
      await expect(planOf(page).getByRole("button", { name: /^Start: move/ })).toBeEnabled();
      expect(new URL(page.url()).hash).toBe("");
      await leavePlan();
    });

    test("is whole for axe in light, dark and forced colours, with every part open", async () => {
      await page.getByRole("switch", { name: "Compare" }).click();
      await left(page).getByRole("button", { name: "New tab" }).click();
      await openRepository(left(page), "platform", "base");
      await addChip(left(page), "Version range");
      await page.getByRole("textbox", { name: "Range" }).fill(">=1");
      await page.keyboard.press("Enter");
      await expect(count(left(page))).toHaveText(/of 4/);
      await expectAccessible(page, "light");
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForTimeout(300);
      await picture(page, "32-panes-dark");
      await expectAccessible(page, "dark");
      await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
      // Colours fade into one another for a moment.
      await page.waitForTimeout(300);
      await picture(page, "33-panes-forced");
      await expectAccessible(page, "forced colours");
      await page.keyboard.press("ControlOrMeta+l");
      await expectAccessible(page, "path");
      await page.keyboard.press("Escape");
      await expectNoComplaints(complaints);
    });
  });
