// Commands from anywhere: the palette knows those of every screen, opens over a drawer, and a pasted reference adds its registry.
import { expect, type Page, test } from "@playwright/test";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import { type RunningHost, startHost } from "./stage.ts";

let home: TempFolder;
let host: RunningHost;
test.beforeAll(async () => {
  home = await tempFolder("commands");
  host = await startHost(home.path);
});
test.afterAll(async () => {
  await host.stop();
  await home.remove();
});

const palette = (page: Page) => page.getByRole("combobox", { name: "Command palette" });
async function choose(page: Page, query: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  await palette(page).fill(query);
  await page.keyboard.press("Enter");
}

test("commands are found and run from anywhere", async ({ page }) => {
  await page.goto(host.url);
  await page.getByRole("button", { name: "Start sample registries" }).waitFor();

  await test.step("one of another screen goes there, and says why it cannot be done", async () => {
    await choose(page, "export as sync file");
    await expect(page.getByText("There are no saved jobs yet.").first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Jobs", exact: true })).toHaveAttribute(
      "aria-current",
      "page",
    );
  });

  await test.step("the palette over a drawer leaves it open, also by Escape", async () => {
    const log = page.getByRole("dialog", { name: "Log" });
    await page.keyboard.press("ControlOrMeta+j");
    await expect(log).toBeVisible();
    await choose(page, "roomy");
    await expect(page.locator("html")).toHaveAttribute("data-density", "roomy");
    await page.keyboard.press("ControlOrMeta+k");
    await palette(page).fill("jobs");
    await expect(page.getByText("Nothing matches")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(palette(page)).toHaveCount(0);
    await expect(log).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(log).toHaveCount(0);
  });

  await test.step("a pasted reference opens the wizard with its registry", async () => {
    await choose(page, "registry.test/org/app:1");
    await expect(page.getByRole("dialog").getByRole("textbox").first()).toHaveValue(/registry\.test/);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  await test.step("the notices of the parts are in the settings", async () => {
    await page.keyboard.press("ControlOrMeta+,");
    await page.getByRole("button", { name: "Third-party notices…" }).click();
    await expect(page.getByRole("dialog").getByText(/react-dom/)).toBeVisible();
  });
});
