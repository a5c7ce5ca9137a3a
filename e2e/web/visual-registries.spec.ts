// Pictures of the registries, with adding, editing and importing them, and of all dialogs about them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { startBuiltHost } from "../../test/support/built-host.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { go, inBothThemes, inEveryLook, leave, onlyWherePicturesAre, over, rest } from "./visual-shots.ts";
import { openStillPage, startVisualStage, type VisualStage } from "./visual-stage.ts";

// A picture is its own evidence; recording each step besides takes its time.
test.use({ trace: "off", screenshot: "off" });
onlyWherePicturesAre();

/** What docker and podman would have left behind: three registries, and a file that is none. */
async function writeDockerConfig(home: string): Promise<void> {
  const auth = Buffer.from("mover:secret").toString("base64");
  const config = { auths: { "registry.example:5000": { auth } }, credHelpers: { "ghcr.io": "nowhere" } };
  await mkdir(join(home, ".docker"));
  await writeFile(join(home, ".docker", "config.json"), JSON.stringify(config));
  await mkdir(join(home, ".config/containers"), { recursive: true });
  await writeFile(join(home, ".config/containers/auth.json"), "{ not json");
}

test("the first start, no registries yet, and the import", async ({ browser }: { browser: Browser }) => {
  const home = await tempFolder("first-start");
  await writeDockerConfig(home.path);
  const host = await startBuiltHost(home.path);
  const { page, context } = await openStillPage(browser, host);
  await expect(page.getByRole("button", { name: "Start sample registries" })).toBeVisible();
  await inEveryLook(page, "first-start");
  await go(page, "Registries");
  await inEveryLook(page, "registries-empty");
  await page.getByRole("button", { name: "Import…" }).first().click();
  await expect(over(page).getByText("registry.example:5000").first()).toBeVisible();
  await rest(page);
  await inBothThemes(page, "import-registries", over(page));
  await context.close();
  await host.stop();
  await home.remove();
});

test.describe
  .serial("pictures of registries", () => {
    let stage: VisualStage;
    let page: Page;

    test.beforeAll(async ({ browser }) => {
      stage = await startVisualStage(browser, { empty: true });
      ({ page } = stage);
    });
    test.afterAll(() => stage.close());

    const row = (name: string): Locator => page.getByRole("row", { name, exact: true });
    const dialog = (): Locator => page.getByRole("dialog");

    test("the list, and each kind of details", async () => {
      await go(page, "Registries");
      await page.getByRole("button", { name: "Check all" }).click();
      await expect(row("Production")).toContainText("Works");
      await expect(row("Partner")).toContainText("Needs a sign-in");
      await expect(row("Old archive")).toContainText("Not working");
      await row("Production").click();
      await rest(page);
      await inEveryLook(page, "registries");
      for (const [name, picture] of [
        ["Partner", "sign-in"],
        ["Old archive", "failing"],
      ] as const) {
        await row(name).click();
        await inEveryLook(page, `registries-${picture}`, {
          of: page.getByRole("region", { name: `Details of ${name}` }),
        });
      }
    });

    test("what a registry can do, asked for and answered", async () => {
      await row("Production").click();
      const details = page.getByRole("region", { name: "Details of Production" });
      await details.getByRole("button", { name: "Probe…" }).click();
      await dialog()
        .getByRole("checkbox", { name: /^Try writing/ })
        .click();
      await dialog().getByRole("textbox", { name: "Repository to write to" }).fill("team/probe");
      await rest(page);
      await inBothThemes(page, "registry-probe", dialog());
      await dialog().getByRole("button", { name: "Probe and write" }).click();
      await expect(dialog()).toHaveCount(0);
      const table = details.getByRole("table", { name: "What it can do" });
      await expect(table).toBeVisible();
      await rest(page);
      await inEveryLook(page, "registry-probed", { of: table });
    });

    test("a registry's menu and its small dialogs", async () => {
      await row("Production").click();
      const menu = async (item?: RegExp): Promise<void> => {
        await row("Production").focus();
        await page.keyboard.press("Shift+F10");
        await expect(page.getByRole("menu")).toBeVisible();
        if (item !== undefined) await page.getByRole("menuitem", { name: item }).click();
        if (item !== undefined) await expect(page.getByRole("menu")).toHaveCount(0);
        await rest(page);
      };
      await menu();
      await inBothThemes(page, "registry-menu", page.getByRole("menu"));
      await leave(page);
      for (const [item, name] of [
        [/^Rename/, "rename"],
        [/^Group and colour/, "mark"],
        [/^Remove/, "remove"],
      ] as const) {
        await menu(item);
        await expect(dialog()).toBeVisible();
        await inBothThemes(page, `registry-${name}`, dialog());
        await leave(page);
      }
      await row("Partner").click();
      await page.getByRole("button", { name: "Sign in…" }).first().click();
      await rest(page);
      await inBothThemes(page, "sign-in", dialog());
      await leave(page);
    });

    test("adding one", async () => {
      await page.keyboard.press("ControlOrMeta+Shift+a");
      await expect(dialog()).toBeVisible();
      await inBothThemes(page, "add-registry-empty", dialog());
      const address = dialog().getByRole("textbox", { name: "Address" });
      const check = dialog().getByRole("button", { name: "Check", exact: true });
      await address.fill(`127.0.0.1:${stage.proxy.port}`);
      await check.click();
      await expect(dialog().getByText("Passed").first()).toBeVisible();
      await expect(check).toBeEnabled();
      await rest(page);
      await inEveryLook(page, "add-registry-passed", { of: dialog() });
      await leave(page);
      await page.keyboard.press("ControlOrMeta+Shift+a");
      await address.fill("127.0.0.1:1");
      await check.click();
      await expect(dialog().getByText("The check did not pass.")).toBeVisible();
      await rest(page);
      await inEveryLook(page, "add-registry-refused", { of: dialog() });
      await leave(page);
    });

    test("editing one", async () => {
      await row("Production").focus();
      await page.keyboard.press("Enter");
      await expect(dialog()).toBeVisible();
      const more = dialog().getByRole("button", { name: /^More settings/ });
      if ((await more.getAttribute("aria-expanded")) !== "true") await more.click();
      await rest(page);
      await inEveryLook(page, "edit-registry", { of: dialog() });
      const further = async (): Promise<void> => {
        await dialog()
          .getByRole("region", { name: "Proxy" })
          .evaluate((part) => part.scrollIntoView({ block: "center" }));
      };
      await inEveryLook(page, "edit-registry-further", { of: dialog(), prepare: further });
      await leave(page);
    });
  });
