// Pictures of the settings, section by section, and of what belongs to the window: palette, shortcuts, log and messages.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { go, inBothThemes, inEveryLook, leave, onlyWherePicturesAre, over, rest } from "./visual-shots.ts";
import { startVisualStage, type VisualStage } from "./visual-stage.ts";

// A picture is its own evidence; recording each step besides takes its time.
test.use({ trace: "off", screenshot: "off" });
onlyWherePicturesAre();

test.describe
  .serial("pictures of the settings and the shell", () => {
    let stage: VisualStage;
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser, { empty: true });
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    const setting = (name: string): Locator => page.locator(`#setting-${name}`);

    /** What lies over the screen, from its opening to its closing. */
    async function take(name: string, open: () => Promise<void>, growing = false): Promise<void> {
      await open();
      await expect(over(page)).toBeVisible();
      await rest(page);
      if (growing) await inEveryLook(page, name, { of: over(page) });
      else await inBothThemes(page, name, over(page));
      await leave(page);
    }
    /** What is larger in a larger window. */
    const takeGrowing = (name: string, open: () => Promise<void>): Promise<void> => take(name, open, true);

    test("the settings", async () => {
      await go(page, "Settings");
      await inEveryLook(page, "settings");
      await setting("bandwidth").getByRole("switch").click();
      await setting("timetable").getByRole("button", { name: "Add a rule" }).click();
      await setting("backupList").getByRole("button", { name: "Back up now" }).click();
      // One is made by itself after the start.
      await expect(setting("backupList").getByRole("button", { name: "Restore…" })).toHaveCount(2);
      await page.locator('[aria-label="Dismiss"]').first().click();
      await rest(page);
      await setting("shortcuts").getByRole("searchbox").fill("priority");
      for (const name of await page
        .locator("section[id^=section-]")
        .evaluateAll((sections) => sections.map(({ id }) => id.slice("section-".length))))
        await inBothThemes(page, `settings-${name.toLowerCase()}`, page.locator(`#section-${name}`));
      await page.getByRole("searchbox", { name: "Search settings" }).fill("xyzzy");
      await expect(page.getByText("No setting matches")).toBeVisible();
      await inEveryLook(page, "settings-no-match");
      await page.keyboard.press("Escape");
    });

    test("the dialogs of the settings", async () => {
      await take("restore-backup", () =>
        setting("backupList").getByRole("button", { name: "Restore…" }).first().click(),
      );
      await take("clear-history-box", () =>
        setting("historyClear").getByRole("button", { name: "Clear…" }).click(),
      );
      /** What it shows is of the machine and of the build: a few lines stand for all. */
      const shorten = async (): Promise<void> => {
        await expect(over(page).locator("pre")).not.toHaveText(/^\S*…$/);
        await over(page)
          .locator("pre")
          .evaluate((text) => {
            text.textContent = '{\n  "a name": "and what it is"\n}\n'.repeat(12);
          });
      };
      await takeGrowing("third-party-notices", async () => {
        await page.getByRole("button", { name: "Third-party notices…" }).click();
        await shorten();
      });
      await takeGrowing("bug-report", async () => {
        await page.getByRole("button", { name: "Look at the bundle…" }).click();
        await shorten();
      });
    });

    test("palette, shortcuts and log", async () => {
      await go(page, "Transfer");
      await page.keyboard.press("ControlOrMeta+k");
      await expect(over(page)).toBeVisible();
      await inEveryLook(page, "palette");
      await leave(page);
      for (const [name, words] of [
        ["found", "copy"],
        ["reference", "ghcr.io/org/app:1.2"],
      ] as const)
        await take(`palette-${name}`, async () => {
          await page.keyboard.press("ControlOrMeta+k");
          await page.keyboard.insertText(words);
          await expect(over(page).getByRole("option").first()).toBeVisible();
        });
      await takeGrowing("shortcuts", () => page.keyboard.press("?"));
      await takeGrowing("log", async () => {
        await page.keyboard.press("ControlOrMeta+j");
        const filter = page.getByRole("searchbox", { name: "Filter lines" });
        await filter.fill("signed in");
        await expect(page.getByRole("log", { name: "Log lines" })).toContainText("signed in");
      });
    });

    test("messages, as they come and to be read again", async () => {
      await go(page, "Settings");
      await setting("density").getByRole("button", { name: "Compact" }).click();
      await setting("density").getByRole("button", { name: "Reset to default: Density" }).click();
      await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeVisible();
      await rest(page);
      await inBothThemes(page, "message", page.getByRole("region", { name: "Messages" }));
      await take("messages", () => page.keyboard.press("ControlOrMeta+Shift+m"));
    });
  });
