// Access for everybody: axe finds nothing on the first screens nor over them, in any colours, and nothing moves where less motion is asked for.
import { expect, type Locator, type Page, test } from "@playwright/test";
import { tempFolder } from "../../test/support/temp.ts";
import { expectNoFindings, motions } from "./axe-everywhere.ts";
import { expectNoComplaints, openPage, startHost } from "./stage.ts";
import { left, openRepository, right, rowOf } from "./window.ts";

/** What lies over the screen, when `open` has opened it; judged alone, then closed. */
async function over(page: Page, what: string, open: () => Promise<void>): Promise<void> {
  await open();
  const top = page.locator("[role=dialog], [role=menu]").filter({ visible: true }).last();
  await expect(top).toBeVisible();
  await top.evaluate((element) => element.setAttribute("data-judged", ""));
  await expectNoFindings(page, what, "[data-judged]");
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-judged]")).toHaveCount(0);
}

/** Each tab of the open drawer. */
async function tabsOf(page: Page, what: string): Promise<void> {
  const drawer = page.getByRole("dialog");
  const tabs = drawer.getByRole("tab");
  await expect(tabs.first()).toBeVisible();
  for (const tab of await tabs.all()) {
    await tab.click();
    await expect(tab).toHaveAttribute("aria-selected", "true");
    await expectNoFindings(page, `${what}, ${await tab.innerText()}`, "[role=dialog]");
  }
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
}

test("axe finds nothing at the first start, in the panes, nor over them, and nothing moves", async ({
  browser,
}) => {
  test.setTimeout(420_000);
  const home = await tempFolder("access-journey");
  const host = await startHost(home.path);
  const { page, complaints } = await openPage(browser, host.url);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const button = (name: string | RegExp): Locator =>
    page.getByRole("button", { name, exact: typeof name === "string" }).first();
  const whole = async (what: string): Promise<void> => {
    await expectNoFindings(page, what);
    expect.soft(await motions(page), `${what} moves`).toEqual([]);
  };

  await button("Start sample registries").waitFor();
  await whole("first start");
  await over(page, "import", () => button("Import…").click());
  await button("Start sample registries").click();
  await rowOf(left(page), "shop").waitFor();
  await openRepository(left(page), "platform", "base");
  await openRepository(right(page), "platform", "base");
  await right(page).getByText("Different").first().waitFor();
  await page.getByRole("switch", { name: "Compare" }).click();
  await whole("transfer, compared");

  const tag = left(page).getByRole("grid", { name: "Tags" }).getByRole("row").nth(1);
  const filters = (): Promise<void> => left(page).getByRole("button", { name: "Add filter" }).click();
  await over(page, "filters", filters);
  for (const kind of ["Latest", "Platform"])
    await over(page, `filter ${kind}`, async () => {
      await filters();
      await page.getByRole("menuitem", { name: kind, exact: true }).click();
      await page.getByRole("dialog", { name: kind }).waitFor();
    });
  await over(page, "columns", () => left(page).getByRole("button", { name: "Order and columns" }).click());
  await over(page, "registries to choose", () => button(/Choose the left registry/).click());
  await tag.click();
  await over(page, "context menu", () => tag.press("Shift+F10"));
  await over(page, "copy to", () => tag.press("Shift+F5"));
  await over(page, "delete", () => tag.press("Delete"));
  await tag.press("F3");
  await tabsOf(page, "inspect");

  await expectNoComplaints(complaints);
  await page.context().close();
  await host.stop();
  await home.remove();
});
