// The first ten minutes of a person: sample registries, the first verified drag, by mouse and by keyboard; axe on every screen.
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { digestOf } from "../../test/support/skopeo.ts";
import { type TempFolder, tempFolder } from "../../test/support/temp.ts";
import {
  type Complaints,
  expectNoComplaints,
  openPage,
  picture,
  type RunningHost,
  startHost,
} from "./stage.ts";
import { expectAccessible, left, right, transfers } from "./window.ts";

async function sampleHosts(page: Page): Promise<{ source: string; destination: string }> {
  await page
    .getByRole("link", { name: "Registries" })
    .or(page.getByRole("button", { name: "Registries" }))
    .or(page.getByRole("tab", { name: "Registries" }))
    .first()
    .click();
  const text = await page.getByRole("main").innerText();
  const hosts = [...text.matchAll(/127\.0\.0\.1:\d+/g)].map((match) => match[0]);
  const [source = "", destination = ""] = [...new Set(hosts)];
  return { source, destination };
}

async function showTags(page: Page): Promise<Locator> {
  const tree = left(page).getByRole("tree", { name: "Repositories" });
  const folder = tree.getByRole("treeitem", { name: /^shop\b/ });
  await folder.click();
  if ((await folder.getAttribute("aria-expanded")) !== "true") await folder.press("ArrowRight");
  await tree.getByRole("treeitem", { name: /^web\b/ }).click();
  return left(page).getByRole("grid", { name: "Tags" });
}

for (const [colorScheme, width, height] of [
  ["light", 1280, 800],
  ["dark", 1920, 1080],
] as const) {
  test.describe
    .serial(`with sample registries, ${colorScheme} at ${width}×${height}`, () => {
      let home: TempFolder;
      let host: RunningHost;
      let page: Page;
      let complaints: Complaints;
      const shot = (name: string): Promise<void> => picture(page, `${colorScheme}-${width}-${name}`);

      test.beforeAll(async ({ browser }: { browser: Browser }) => {
        home = await tempFolder("samples-journey");
        host = await startHost(home.path);
        ({ page, complaints } = await openPage(browser, host.url, { colorScheme, width, height }));
      });
      test.afterAll(async () => {
        await page.context().close();
        await host.stop();
        await home.remove();
      });

      test("offers them at the first start", async () => {
        await expect(page.getByRole("button", { name: "Start sample registries" })).toBeVisible();
        await shot("1-first-start");
        await expectAccessible(page, "first start");
        await page.getByRole("button", { name: "Start sample registries" }).click();
        await expect(left(page).getByRole("treeitem", { name: /^shop\b/ })).toBeVisible();
        await shot("2-panes");
      });

      test("drags the first tag and sees it verified", async () => {
        const tags = await showTags(page);
        const row = tags.getByRole("row", { name: /v1\.4\.2/ });
        await expect(row).toContainText("MiB");
        await shot("3-tags");
        await expectAccessible(page, "transfer screen");
        await row.dragTo(right(page).getByRole("treeitem", { name: /All repositories/ }));
        const plan = page.getByRole("dialog", { name: "Plan" });
        await expect(plan.getByRole("button", { name: /^Start: move/ })).toBeVisible();
        await shot("4-plan");
        await expectAccessible(page, "plan");
        await plan.getByRole("button", { name: /^Start: move/ }).click();
        await expect(
          transfers(page).getByRole("row").filter({ hasText: "Sample staging" }).first(),
        ).toContainText("MiB/s");
        await shot("5-running");
        await expectAccessible(page, "running");
        await transfers(page).getByRole("tab", { name: /Done/ }).click();
        await expect(
          transfers(page).getByRole("row").filter({ hasText: "Sample staging" }).first(),
        ).toContainText("Done", { timeout: 60_000 });
        await expect(row).toContainText("Same");
        await shot("6-done");
        const { source, destination } = await sampleHosts(page);
        await shot("7-registries");
        await expectAccessible(page, "registries");
        const target = (address: string) => ({ host: address, url: `http://${address}` });
        expect(await digestOf(target(destination), "shop/web", "v1.4.2")).toBe(
          await digestOf(target(source), "shop/web", "v1.4.2"),
        );
      });

      test("does the same by keyboard alone", async () => {
        await page
          .getByRole("link", { name: "Transfer" })
          .or(page.getByRole("button", { name: "Transfer", exact: true }))
          .or(page.getByRole("tab", { name: "Transfer", exact: true }))
          .first()
          .focus();
        await page.keyboard.press("Enter");
        const tags = await showTags(page);
        await tags.getByRole("row", { name: /v1\.0\.0/ }).focus();
        await page.keyboard.press("Space");
        await page.keyboard.press("ControlOrMeta+c");
        await right(page).getByRole("tree", { name: "Repositories" }).getByRole("treeitem").first().focus();
        await page.keyboard.press("ControlOrMeta+v");
        const plan = page.getByRole("dialog", { name: "Plan" });
        await expect(plan.getByRole("button", { name: /^Start/ })).toBeEnabled();
        await page.keyboard.press("Escape");
        await expect(plan).toHaveCount(0);
      });

      test("breaks no rule of its content security policy", async () => {
        await expectNoComplaints(complaints);
      });
    });
}
