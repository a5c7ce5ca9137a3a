// Pictures of the panes with their menus and dialogs, and of the plan in each of its states.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { inBothThemes, inEveryLook, leave, onlyWherePicturesAre, picture, rest } from "./visual-shots.ts";
import { startVisualStage, type VisualStage } from "./visual-stage.ts";
import { choose, left, openRepository, planOf, right, rowOf } from "./window.ts";

// A picture is its own evidence; recording each step besides takes its time.
test.use({ trace: "off", screenshot: "off" });
onlyWherePicturesAre();

let stage: VisualStage;
let page: Page;

const dialog = (name?: string | RegExp): Locator =>
  page.getByRole("dialog", name === undefined ? {} : { name });
const menu = (): Locator => page.getByRole("menu").last();
const tag = (pane: Locator, name: string): Locator => pane.getByRole("row", { name, exact: true });
const start = (): Locator => planOf(page).getByRole("button", { name: /^Start/ });

async function select(within: Locator, field: string | RegExp, option: string): Promise<void> {
  await within.getByRole("combobox", { name: field }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
  await rest(page);
}

async function paste(text: string): Promise<void> {
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press("ControlOrMeta+v");
}

test.describe
  .serial("pictures of the panes", () => {
    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser);
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    test("the panes, empty, reading and full", async () => {
      await inEveryLook(page, "transfer-nothing-chosen");
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
      stage.proxy.stall();
      await openRepository(left(page), "shop", "api");
      await rest(page);
      await inEveryLook(page, "transfer-reading", { of: left(page) });
      stage.proxy.resume();
      await openRepository(left(page), "shop", "web");
      await openRepository(right(page), "shop", "web");
      await expect(right(page).getByText("Different").first()).toBeVisible();
      await expect(left(page).getByText("MiB").first()).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfer");
    });

    test("menus", async () => {
      const open = async (name: string, opener: () => Promise<void>): Promise<void> => {
        await opener();
        await expect(menu()).toBeVisible();
        await rest(page);
        await inBothThemes(page, `menu-${name}`, menu());
        await leave(page);
      };
      await open("filters", () => left(page).getByRole("button", { name: "Add filter" }).click());
      await open("columns", () => left(page).getByRole("button", { name: "Order and columns" }).click());
      await open("registries", () => page.getByRole("button", { name: /Choose the left registry/ }).click());
      await open("repository", async () => {
        await rowOf(left(page), "web").focus();
        await page.keyboard.press("Shift+F10");
      });
      await open("tag", () => tag(left(page), "v1.3.0").click({ button: "right" }));
    });

    test("filters", async () => {
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Version range", exact: true }).click();
      await page.getByRole("textbox", { name: "Range" }).fill(">=1.2");
      await page.keyboard.press("Enter");
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Latest", exact: true }).click();
      await dialog("Latest").getByRole("textbox", { name: "How many" }).fill("1");
      await rest(page);
      await inEveryLook(page, "transfer-filter-chips");
      await page.keyboard.press("Enter");
      await expect(dialog()).toHaveCount(0);
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Regular expression", exact: true }).click();
      await dialog("Regular expression").getByRole("textbox").fill("(?=v)");
      await expect(dialog().getByText(/no look-around/)).toBeVisible();
      await inBothThemes(page, "filter-refused", dialog());
      await leave(page);
      await left(page).getByRole("button", { name: "Add filter" }).click();
      await page.getByRole("menuitem", { name: "Platform", exact: true }).click();
      await dialog("Platform").getByRole("textbox").fill("plan9/mips");
      await page.keyboard.press("Enter");
      await expect(left(page).getByText("No tag matches")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfer-no-match", { of: left(page) });
      await left(page).getByRole("button", { name: "Clear filters" }).first().click();
    });

    test("compare mode, tabs and a path that is typed", async () => {
      await page.getByRole("switch", { name: "Compare" }).click();
      const bar = page.getByRole("region", { name: "Both panes" });
      for (const count of ["1 only left", "1 only right", "1 different", "2 same"])
        await expect(bar).toContainText(count);
      await rest(page);
      await inEveryLook(page, "transfer-compare");
      await page.getByRole("switch", { name: "Compare" }).click();
      await left(page).getByRole("button", { name: "New tab" }).click();
      await rowOf(left(page), "platform").focus();
      await page.keyboard.press("ControlOrMeta+l");
      await page.getByRole("combobox", { name: "Path in the left pane" }).fill("shop/");
      await expect(page.getByRole("option", { name: "shop/web" })).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfer-tabs-and-path", { of: left(page) });
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+w");
    });

    test("a drag under way", async () => {
      await rowOf(left(page), "platform").hover();
      await page.mouse.down();
      const target = rowOf(right(page), "All repositories");
      await page.mouse.move(700, 300, { steps: 6 });
      await inEveryLook(page, "transfer-drag", {
        prepare: async () => {
          const box = await target.boundingBox();
          await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 8, { steps: 2 });
          await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 10, { steps: 2 });
          await page.waitForTimeout(300);
        },
      });
      await page.keyboard.press("Escape");
      await page.mouse.up();
      await leave(page);
    });

    test("small dialogs", async () => {
      await openRepository(left(page), "shop", "web");
      const row = tag(left(page), "v1.3.0");
      await row.click();
      const take = async (name: string): Promise<void> => {
        await expect(dialog()).toBeVisible();
        await rest(page);
        await inBothThemes(page, name, dialog());
        await leave(page);
        await row.focus();
      };
      await page.keyboard.press("Shift+F5");
      await take("copy-to");
      await page.keyboard.press("Delete");
      await take("delete-tag");
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.type("select by pattern");
      await page.keyboard.press("Enter");
      await dialog("Select by pattern").getByRole("textbox").fill("v1.*");
      await take("select-by-pattern");
      await paste("registry.invalid/team/app:v1");
      await take("unknown-registry");
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["version: 1\njobs: 7\n"], "jobs.yaml", { type: "text/yaml" }));
        return transfer;
      });
      for (const type of ["dragenter", "dragover", "drop"])
        await left(page).dispatchEvent(type, { dataTransfer: data });
      await expect(dialog().getByRole("alert")).toBeVisible();
      await take("sync-file-refused");
    });

    test("a sign-in that is missing, and a registry that is not there", async () => {
      await choose(page, "left", "Partner");
      await choose(page, "right", "Old archive");
      await expect(left(page).getByRole("button", { name: /Sign in/ })).toBeVisible();
      await expect(right(page).getByRole("button", { name: "Try again" })).toBeVisible();
      await rest(page);
      await inEveryLook(page, "transfer-errors");
      await choose(page, "left", "Staging");
      await choose(page, "right", "Production");
    });

    test("the plan", async () => {
      stage.proxy.stall();
      await rowOf(left(page), "All repositories").focus();
      await page.keyboard.press("F5");
      await expect(planOf(page).getByText("Reading the source and the destination…")).toBeVisible();
      await inEveryLook(page, "plan-under-way", { of: planOf(page) });
      stage.proxy.resume();
      await expect(start()).toBeEnabled();
      await planOf(page)
        .getByRole("row", { name: /shop\/web:v1\.2\.0/ })
        .click();
      await rest(page);
      await inEveryLook(page, "plan", { of: planOf(page) });
      await leave(page);
      await rowOf(left(page), "shop").focus();
      await page.keyboard.press("F5");
      await select(planOf(page), "If a tag exists with other content", "Leave it and report a conflict");
      await select(planOf(page), "Names at the destination", "By a pattern");
      await planOf(page)
        .getByLabel(/^Pattern/)
        .fill("shop/(.*)");
      await planOf(page).getByLabel("New name").fill("mirror/$1");
      await expect(
        planOf(page)
          .getByText(/→ mirror\//)
          .first(),
      ).toBeVisible();
      await expect(start()).toBeEnabled();
      await inEveryLook(page, "plan-mapping", { of: planOf(page) });
    });

    test("a plan that deletes, and one to be saved as a job", async () => {
      await select(planOf(page), "Names at the destination", "Keep the names");
      await planOf(page)
        .getByRole("switch", { name: /^Mirror/ })
        .click();
      const share = planOf(page).getByRole("textbox", { name: "Share at most" });
      await share.fill("10");
      await share.press("Tab");
      await expect(planOf(page).getByRole("alert")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "plan-mirror-guard", { of: planOf(page) });
      await planOf(page).getByRole("button", { name: "Save as job…" }).click();
      await select(dialog("Save as a job"), "Runs", "Every weekday (Monday to Friday)");
      await inBothThemes(page, "save-as-job", dialog("Save as a job"));
      await page.keyboard.press("Escape");
      await expect(dialog("Save as a job")).toHaveCount(0);
      await share.fill("90");
      await share.press("Tab");
      await expect(start()).toBeEnabled();
      await start().click();
      await expect(dialog("Delete tags at the destination?")).toBeVisible();
      await rest(page);
      await inBothThemes(page, "confirm-deletes", dialog("Delete tags at the destination?"));
      await leave(page);
    });

    test("a plan with nothing to do, and one that cannot be made", async () => {
      await openRepository(left(page), "shop", "web");
      await tag(left(page), "v1.1.0").click();
      await page.keyboard.press("F5");
      await expect(planOf(page).getByText("Everything is already there")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "plan-nothing-to-do", { of: planOf(page) });
      await leave(page);
      await choose(page, "right", "Old archive");
      await rowOf(left(page), "data").focus();
      await page.keyboard.press("F5");
      await expect(
        planOf(page)
          .getByRole("button", { name: /Plan again|Try again/ })
          .first(),
      ).toBeVisible({ timeout: 60_000 });
      await rest(page);
      await inEveryLook(page, "plan-error", { of: planOf(page) });
      await leave(page);
      await choose(page, "right", "Production");
    });

    test("looking into an image", async () => {
      await openRepository(left(page), "shop", "web");
      await tag(left(page), "latest").click();
      await page.keyboard.press("Enter");
      const drawer = dialog(/shop\/web:latest/);
      await drawer.getByRole("listbox", { name: "Layers" }).getByRole("option").nth(1).click();
      await rest(page);
      await inEveryLook(page, "inspect-layers");
      for (const [tab, name, there] of [
        ["Configuration", "configuration", "Environment"],
        ["Manifest", "manifest", "schemaVersion"],
        ["Attachments", "attachments", "found by its tag"],
      ] as const) {
        await drawer.getByRole("tab", { name: tab }).click();
        await expect(drawer.getByText(there).first()).toBeVisible();
        await rest(page);
        await inEveryLook(page, `inspect-${name}`, { of: drawer });
      }
    });

    test("verifying an image, and comparing two", async () => {
      const drawer = dialog(/shop\/web:latest/);
      await drawer.getByRole("tab", { name: "Verify" }).click();
      stage.proxy.stall();
      await drawer.getByRole("button", { name: "Verify", exact: true }).click();
      await expect(drawer.getByText("Reading both sides…")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "inspect-verify-under-way", { of: drawer });
      stage.proxy.resume();
      await expect(drawer.getByText("The sides differ")).toBeVisible();
      await inEveryLook(page, "inspect-verify-differs", { of: drawer });
      await drawer.getByRole("textbox", { name: "Tag or digest" }).fill("not there");
      await drawer.getByRole("combobox", { name: "Compare with" }).click();
      await page.getByRole("option", { name: "Staging" }).click();
      await drawer.getByRole("textbox", { name: "Tag or digest" }).fill("v1.3.0");
      await drawer.getByRole("button", { name: "Verify", exact: true }).click();
      await expect(drawer.getByText("Both sides are the same")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "inspect-verify-same", { of: drawer });
      await drawer.getByRole("button", { name: "Compare…" }).click();
      const compare = dialog("Compare");
      await select(compare, "Destination tag", "v1.1.0");
      await expect(compare.getByText(/^Different: /)).toBeVisible();
      for (const tab of ["Parts", "Layers", "Configuration"]) {
        await compare.getByRole("tab", { name: tab }).click();
        await rest(page);
        await inEveryLook(page, `compare-${tab.toLowerCase()}`, { of: compare });
      }
      await leave(page);
    });

    test("forced colours and a small window", async () => {
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
      await picture(page, "transfer-forced-colours");
      await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
      await picture(page, "transfer-narrow");
    });
  });
