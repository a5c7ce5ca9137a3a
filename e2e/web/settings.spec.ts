// The shell: settings and what they change, the palette, shortcuts by keyboard alone, past messages; and what axe says of all.
import { type Browser, expect, type Page, test } from "@playwright/test";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import {
  type Complaints,
  expectNoComplaints,
  openPage,
  picture,
  type RunningHost,
  startHost,
} from "./stage.ts";
import { expectAccessible, left, right, rowOf } from "./window.ts";

test.describe
  .serial("the shell of the window", () => {
    let home: TempFolder;
    let host: RunningHost;
    let page: Page;
    let complaints: Complaints;

    test.beforeAll(async ({ browser }: { browser: Browser }) => {
      home = await tempFolder("settings-journey");
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

    const palette = () => page.getByRole("dialog", { name: "Command palette" });
    const root = () => page.locator("html");
    const setting = (name: string) => page.locator(`#setting-${name}`);

    async function run(words: string): Promise<void> {
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
      await expect(palette()).toHaveCount(0);
    }

    test("goes from screen to screen by keys, and shows all keys", async () => {
      for (const [key, name] of [
        ["2", "Transfers"],
        ["5", "Registries"],
        ["6", "Settings"],
        ["1", "Transfer"],
      ] as const) {
        await page.keyboard.press(`ControlOrMeta+${key}`);
        await expect(
          page.getByRole("heading", { name: `Freightliner: ${name}`, exact: true }),
        ).toBeAttached();
      }
      await page.keyboard.press("?");
      const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await expect(sheet.getByText("Command palette…")).toBeVisible();
      await expectAccessible(page, "shortcut sheet");
      await page.keyboard.type("palette");
      await expect(sheet.getByText("Go to Jobs")).toHaveCount(0);
      await picture(page, "60-sheet");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await expect(sheet).toHaveCount(0);
    });

    test("runs a command, goes to a setting and opens a repository from the palette", async () => {
      const row = rowOf(left(page), "tools");
      await row.focus();
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.type("x");
      await expect(palette().getByRole("combobox")).toHaveValue("x");
      await page.keyboard.press("Escape");
      await expect(row).toBeFocused();
      await run("log");
      await expect(page.getByRole("dialog", { name: "Log" })).toBeVisible();
      await page.keyboard.press("Escape");
      await run("bandwidth by time");
      await expect(setting("timetable")).toBeFocused();
      await expect(setting("timetable")).toBeInViewport();
      await page.keyboard.press("ControlOrMeta+1");
      await run("shop/web");
      await expect(rowOf(left(page), "web")).toHaveAttribute("aria-selected", "true");
      await expect(left(page).getByRole("row", { name: "v1.4.2", exact: true })).toBeVisible();
    });

    test("opens a pasted reference in the other pane", async () => {
      const address = await addressOfSample(page);
      await page.keyboard.press("ControlOrMeta+k");
      await page.keyboard.insertText(`${address}/platform/base:latest`);
      await expect(palette().getByRole("option")).toHaveText([
        /^Open in the left pane/,
        /^Open in the right pane/,
        /^Inspect/,
        /^Copy from here/,
      ]);
      await expectAccessible(page, "palette");
      await picture(page, "61-palette");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect(right(page).getByText("platform/base").first()).toBeVisible();
    });

    test("looks as it was set, at once and after a reload, and is reset with a way back", async () => {
      await page.keyboard.press("ControlOrMeta+Comma");
      await setting("theme").getByRole("button", { name: "Dark" }).click();
      await setting("accent").getByRole("radio", { name: "Violet" }).check();
      await setting("density").getByRole("button", { name: "Compact" }).click();
      await expect(root()).toHaveAttribute("data-theme", "dark");
      // Kept a moment after the last change.
      await page.waitForTimeout(1000);
      await page.reload();
      await expect(root()).toHaveAttribute("data-accent", "violet");
      await expect(root()).toHaveAttribute("data-density", "compact");
      // The screen is the one that was shown.
      await expect(setting("density")).toBeVisible();
      await page.getByRole("navigation").getByText("Transfer", { exact: true }).click();
      expect((await rowOf(left(page), "shop").boundingBox())?.height).toBe(24);
      await page.keyboard.press("ControlOrMeta+Comma");
      await setting("density").getByRole("button", { name: "Reset to default: Density" }).click();
      await expect(root()).not.toHaveAttribute("data-density", /.*/);
      await page.getByRole("button", { name: "Undo", exact: true }).click();
      await expect(root()).toHaveAttribute("data-density", "compact");
      await page.getByRole("button", { name: /^Messages/ }).click();
      await expect(
        page.getByRole("dialog", { name: "Messages" }).getByText(/is the default again/),
      ).toBeVisible();
      await page.keyboard.press("Escape");
    });

    test("tells a second window what was set", async () => {
      const other = await page.context().newPage();
      await other.goto(page.url().split("#")[0] ?? "");
      await expect(other.locator("html")).toHaveAttribute("data-accent", "violet");
      await setting("accent").getByRole("radio", { name: "Amber" }).check();
      await expect(other.locator("html")).toHaveAttribute("data-accent", "amber");
      await other.close();
    });

    test("limits the bandwidth by a timetable, and shows it in the status bar", async () => {
      await setting("bandwidth").getByRole("switch").click();
      const status = page.getByRole("region", { name: "Status" });
      await expect(status.getByText("10.0 MiB/s")).toBeVisible();
      await status.getByRole("button", { name: /^Bandwidth limit/ }).click();
      await expect(status.getByText("No limit")).toBeVisible();
      await setting("timetable").getByRole("button", { name: "Add a rule" }).click();
      await setting("timetable").getByRole("button", { name: "Saturday" }).click();
      await expect(
        page.getByRole("img", { name: /^Saturday: 00:00–08:00 No limit, 08:00–18:00/ }),
      ).toBeVisible();
      await expect(page.getByRole("img", { name: "Sunday: 00:00–24:00 No limit" })).toBeVisible();
      await picture(page, "62-timetable");
      await setting("timetable").getByRole("button", { name: "Remove rule 1" }).click();
    });

    test("records other keys for a command, and runs it by them", async () => {
      const change = page.getByRole("button", {
        name: /^Change the keys of “Switch between light and dark”/,
      });
      await setting("shortcuts").getByRole("searchbox").fill("light and dark");
      await change.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Alt+Shift+T");
      await expect(change).toHaveText("Alt+Shift+T");
      await expect(page.getByText("Also: Reopen closed tab")).toBeVisible();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Alt+9");
      await expect(change).toHaveText("Alt+9");
      await expect(root()).toHaveAttribute("data-theme", "dark");
      await page.keyboard.press("Alt+9");
      await expect(root()).toHaveAttribute("data-theme", "light");
    });

    test("gives the settings as text, names what is wrong with one, and takes a good one", async () => {
      const field = page.getByRole("textbox", { name: "Settings as JSON" });
      await expect(field).toHaveValue(/"accent": "amber"/);
      await field.fill('{ "theme": "pink" }');
      await expect(page.getByText(/“theme”: /)).toBeVisible();
      await expect(page.getByRole("button", { name: "Apply" })).toBeDisabled();
      await field.fill('{ "units": "decimal" }');
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(root()).not.toHaveAttribute("data-accent", /.*/);
      await expect(field).toHaveValue(/"units": "decimal"/);
    });

    test("follows the log, makes a backup, and shows the bundle for a bug report before it is saved", async () => {
      await page.keyboard.press("ControlOrMeta+j");
      const log = page.getByRole("log", { name: "Log lines" });
      await expect(log).toContainText("a browser signed in");
      await page.getByRole("searchbox", { name: "Filter lines" }).fill("no such line");
      await expect(page.getByText("No line matches")).toBeVisible();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await setting("backupList").getByRole("button", { name: "Back up now" }).click();
      await setting("backupList").getByRole("button", { name: "Restore…" }).first().click();
      const restore = page.getByRole("dialog", { name: /^Restore freightliner-/ });
      await restore.getByRole("button", { name: "Restore at the next start" }).click();
      await expect(setting("backupList").getByText("Takes its place at the next start")).toBeVisible();
      await page.getByRole("button", { name: "Look at the bundle…" }).click();
      const bundle = page.getByRole("dialog", { name: "Bundle for a bug report" });
      await expect(bundle.getByRole("region")).toContainText('"names": "hidden"');
      await expect(bundle.getByRole("region")).not.toContainText("Sample staging");
      await bundle.getByRole("checkbox").click();
      await expect(bundle.getByRole("region")).toContainText("Sample staging");
      const saved = page.waitForEvent("download");
      await bundle.getByRole("button", { name: "Save as file" }).click();
      expect((await saved).suggestedFilename()).toMatch(/^freightliner/);
      await page.keyboard.press("Escape");
      await expect(bundle).toHaveCount(0);
    });

    test("has nothing that axe objects to, light, dark, in forced colours and small", async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page, `settings, ${colorScheme}`);
        await page.keyboard.press("ControlOrMeta+k");
        await expect(palette()).toBeVisible();
        await expectAccessible(page, `palette, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await expect(palette()).toHaveCount(0);
        await page.keyboard.press("?");
        const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
        await expect(sheet).toBeVisible();
        await expectAccessible(page, `sheet, ${colorScheme}`);
        await page.keyboard.press("Escape");
        await expect(sheet).toHaveCount(0);
      }
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.emulateMedia({ forcedColors: "active" });
      await expectAccessible(page, "settings, forced colours");
      await picture(page, "63-settings-forced");
      expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);
      await expectNoComplaints(complaints);
    });
  });

/** The address of the first sample, from the list of registries in the settings. */
async function addressOfSample(page: Page): Promise<string> {
  await page.keyboard.press("ControlOrMeta+6");
  await expect(page.locator("#setting-proxies")).toContainText(/127\.0\.0\.1:\d+/);
  const text = (await page.locator("#setting-proxies").textContent()) ?? "";
  await page.keyboard.press("ControlOrMeta+1");
  return /127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "";
}
